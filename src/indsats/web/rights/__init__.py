"""Rights: one table, one scoping function, and a log of every read."""

from .reads import digest, read, read_persons, searched, without_numbers
from .require import OPEN, SCREENS, ReaderRequest, found_case, require, screen, signed_in
from .scope import Reader, held_by, holders, kinds_seen, may, rights, scope, widest
from .table import RIGHTS, ROLES, THINGS, WIDER, Action, Right, Role, RoleName, Scope

__all__ = [
    "OPEN",
    "RIGHTS",
    "ROLES",
    "SCREENS",
    "THINGS",
    "WIDER",
    "Action",
    "Reader",
    "ReaderRequest",
    "Right",
    "Role",
    "RoleName",
    "Scope",
    "digest",
    "found_case",
    "held_by",
    "holders",
    "kinds_seen",
    "may",
    "read",
    "read_persons",
    "require",
    "rights",
    "scope",
    "screen",
    "searched",
    "signed_in",
    "widest",
    "without_numbers",
]
