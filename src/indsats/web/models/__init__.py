"""The tables: facts, master data, projections, users, logs and work under way."""

from .derived import Case, Due, Responsible
from .facts import Fact
from .letters import Letter
from .links import CitizenLink
from .logs import Access, Attempt, Search
from .people import Person, PersonToken, Served, Site, as_one, folded, public_key
from .users import Glass, Membership, RoleChange, User
from .work import Batch, Draft, HandOver, Job, Merge

__all__ = [
    "Access",
    "Attempt",
    "Batch",
    "Case",
    "CitizenLink",
    "Draft",
    "Due",
    "Fact",
    "Glass",
    "HandOver",
    "Job",
    "Letter",
    "Membership",
    "Merge",
    "Person",
    "PersonToken",
    "Responsible",
    "RoleChange",
    "Search",
    "Served",
    "Site",
    "User",
    "as_one",
    "folded",
    "public_key",
]
