"""The population draw: who is drawn, who is left out and why, by a seed and a plan that anybody can check."""

from .draw import Drawn, draw, leave_out
from .plan import OUTSIDE, UNKNOWN, WAITING_LIST, DrawPlan, plan_of

__all__ = [
    "OUTSIDE",
    "UNKNOWN",
    "WAITING_LIST",
    "DrawPlan",
    "Drawn",
    "draw",
    "leave_out",
    "plan_of",
]
