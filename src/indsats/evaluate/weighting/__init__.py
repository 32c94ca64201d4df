"""Weights in place of pairs: subclasses, inverse probabilities, entropy balancing, and doubly robust estimates."""

from .doubly_robust import aipw
from .standardise import standardise
from .weigh import Weighting, weigh

__all__ = ["Weighting", "aipw", "standardise", "weigh"]
