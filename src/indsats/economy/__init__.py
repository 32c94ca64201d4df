"""The room of money: what the effort costs, what its effect returns, to whom, and how sure that is."""

from . import cautions
from .book import PriceBook, price_book
from .budget import (
    Budget,
    Verdict,
    break_even,
    break_even_range,
    budget,
    effect_units,
    net_present,
    verdict,
    with_effect,
    with_effects_times,
    yardstick_lines,
)
from .build import case_of, rules_year
from .costs import CourseDose, accounts, accounts_by, course, per_participant, still_enrolled
from .dose import doses, participants
from .draws import Draws, acceptability, draws
from .given import GivenPrice, find_prices, read_prices
from .inputs import inputs
from .ladder import Ladder, state_share_of_register, weeks_counted
from .lines import PUBLIC_ROWS, Case, Line, Uncertain, cash_flow
from .prices import Quoted, Quotes, needed, quotes, refuse_missing
from .sensitivity import threshold, tornado
from .sheet import read_sheet, write_sheet
from .society import PERSPECTIVES, Factors, Perspective, Society, society
from .spent import Had, Spent, participants_said, spent_on
from .tax import OwnGain, Taxes, own_gain
from .units import converted
from .words import PAYER_WORDS, PERS, SEVERITIES, VERDICTS, VERDICTS_SHORT

__all__ = [
    "PAYER_WORDS",
    "PERS",
    "PERSPECTIVES",
    "PUBLIC_ROWS",
    "SEVERITIES",
    "VERDICTS",
    "VERDICTS_SHORT",
    "Budget",
    "Case",
    "CourseDose",
    "Draws",
    "Factors",
    "GivenPrice",
    "Had",
    "Ladder",
    "Line",
    "OwnGain",
    "Perspective",
    "PriceBook",
    "Quoted",
    "Quotes",
    "Society",
    "Spent",
    "Taxes",
    "Uncertain",
    "Verdict",
    "acceptability",
    "accounts",
    "accounts_by",
    "break_even",
    "break_even_range",
    "budget",
    "case_of",
    "cash_flow",
    "cautions",
    "converted",
    "course",
    "doses",
    "draws",
    "effect_units",
    "find_prices",
    "inputs",
    "needed",
    "net_present",
    "own_gain",
    "participants",
    "participants_said",
    "per_participant",
    "price_book",
    "quotes",
    "read_prices",
    "read_sheet",
    "refuse_missing",
    "rules_year",
    "society",
    "spent_on",
    "state_share_of_register",
    "still_enrolled",
    "threshold",
    "tornado",
    "verdict",
    "weeks_counted",
    "with_effect",
    "with_effects_times",
    "write_sheet",
    "yardstick_lines",
]
