"""Weights in place of pairs: subclasses, inverse probabilities, entropy balancing, and doubly robust estimates."""
