"""What the numbers of a block say, in sentences chosen by rule."""

from .told import RULES, sentences

__all__ = ["RULES", "sentences"]
