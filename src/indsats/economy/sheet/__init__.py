"""Business cases as workbooks whose formulas calculate them, and back again."""

from .reading import read_sheet
from .writing import write_sheet

__all__ = ["read_sheet", "write_sheet"]
