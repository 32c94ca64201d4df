"""Weekly registers: from wide files to spells, and from spells to cohorts with outcomes."""

from .codes import BLANK, code_list, expand
from .cohort import CENSORING, cohort
from .files import Register, has_register, read_register
from .hours import read_hours
from .packaged import packaged_cohort, packaged_table
from .population import REASONS, Cohort
from .spells import spells_of
from .states import state_spells
from .weeks import (
    ORIGIN,
    WeekError,
    column_of_week,
    monday,
    month_of_week,
    week_number,
    week_of_column,
    weeks_of,
)

__all__ = [
    "BLANK",
    "CENSORING",
    "ORIGIN",
    "REASONS",
    "Cohort",
    "Register",
    "WeekError",
    "code_list",
    "cohort",
    "column_of_week",
    "expand",
    "has_register",
    "monday",
    "month_of_week",
    "packaged_cohort",
    "packaged_table",
    "read_hours",
    "read_register",
    "spells_of",
    "state_spells",
    "week_number",
    "week_of_column",
    "weeks_of",
]
