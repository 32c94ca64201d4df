"""Weekly registers: from files to spells, and from spells to cohorts with histories and outcomes."""

from .background import odd_check_digits, read_background
from .codes import BLANK, code_list, code_sources, expand, invalid_codes, unknown_codes
from .cohort import cohort
from .draw import Drawn, DrawPlan, draw, leave_out, plan_of
from .events import read_events
from .follow import (
    Engine,
    Question,
    Tables,
    duckdb_engine,
    follow,
    outcomes,
    polars_engine,
    preset,
    question_of,
    read_question,
    spark_engine,
    trajectories,
    trajectory,
)
from .hours import has_hours, last_month, read_hours, read_hours_file
from .link import LinkReport, key_warnings, link, new_key, pseudonyms, read_key
from .packaged import packaged_cohort, packaged_table, read_packaged
from .pension import pension_ages, pension_date
from .population import REASONS, Cohort
from .reading import has_register, read_register
from .reconcile import VERDICTS, hours_by_month, reconcile, reconciled_summary
from .register import Register, spells_of
from .sources import Layout, Repair, Source, open_source
from .store import Description, Store, build, describe, is_store, open_store, weeks_matrix
from .weeks import (
    ORIGIN,
    WeekError,
    column_of_week,
    monday,
    month_number,
    month_of_week,
    week_number,
    week_numbers,
    week_of_column,
    weeks_calendar,
    weeks_of,
)

__all__ = [
    "BLANK",
    "ORIGIN",
    "REASONS",
    "VERDICTS",
    "Cohort",
    "Description",
    "DrawPlan",
    "Drawn",
    "Engine",
    "Layout",
    "LinkReport",
    "Question",
    "Register",
    "Repair",
    "Source",
    "Store",
    "Tables",
    "WeekError",
    "build",
    "code_list",
    "code_sources",
    "cohort",
    "column_of_week",
    "describe",
    "draw",
    "duckdb_engine",
    "expand",
    "follow",
    "has_hours",
    "has_register",
    "hours_by_month",
    "invalid_codes",
    "is_store",
    "key_warnings",
    "last_month",
    "leave_out",
    "link",
    "monday",
    "month_number",
    "month_of_week",
    "new_key",
    "odd_check_digits",
    "open_source",
    "open_store",
    "outcomes",
    "packaged_cohort",
    "packaged_table",
    "pension_ages",
    "pension_date",
    "plan_of",
    "polars_engine",
    "preset",
    "pseudonyms",
    "question_of",
    "read_background",
    "read_events",
    "read_hours",
    "read_hours_file",
    "read_key",
    "read_packaged",
    "read_question",
    "read_register",
    "reconcile",
    "reconciled_summary",
    "spark_engine",
    "spells_of",
    "trajectories",
    "trajectory",
    "unknown_codes",
    "week_number",
    "week_numbers",
    "week_of_column",
    "weeks_calendar",
    "weeks_matrix",
    "weeks_of",
]
