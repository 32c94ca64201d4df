"""A document as a Word file, in a template of the sender's own or in ours."""

from .writer import render_word

__all__ = ["render_word"]
