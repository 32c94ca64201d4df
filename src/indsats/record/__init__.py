"""The record: facts that are never overwritten, checked on the way in, seen as known at any time."""

from .adding import record_from_tables
from .beside import read_beside
from .between_views import ARRIVALS, Arrival, Between, compare_views, last_day_looked_at
from .editions import edition_of
from .exporting import write_record, write_table
from .findings import Check, choose
from .importing import ERROR_COLUMNS, import_files, read_record, write_problems
from .intake import Recorded, take_in
from .kinds import KINDS, FactPayload
from .lengths import later, setting_values
from .lists import PeopleList, read_list
from .payload import PayloadField, payload_fields
from .record import Facts, Record, empty_record
from .tables import COMMON, PERSONS, SITES, local_day, payload_columns, schema
from .visited import one_group

__all__ = [
    "ARRIVALS",
    "COMMON",
    "ERROR_COLUMNS",
    "KINDS",
    "PERSONS",
    "SITES",
    "Arrival",
    "Between",
    "Check",
    "FactPayload",
    "Facts",
    "PayloadField",
    "PeopleList",
    "Record",
    "Recorded",
    "choose",
    "compare_views",
    "edition_of",
    "empty_record",
    "import_files",
    "last_day_looked_at",
    "later",
    "local_day",
    "one_group",
    "payload_columns",
    "payload_fields",
    "read_beside",
    "read_list",
    "read_record",
    "record_from_tables",
    "schema",
    "setting_values",
    "take_in",
    "write_problems",
    "write_record",
    "write_table",
]
