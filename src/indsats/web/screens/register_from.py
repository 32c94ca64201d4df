"""What a form starts with when it is opened from another fact: a plan from the one before, a sub-goal's name."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.language import Lang
from indsats.programme import Programme

from ..models import Case
from ..rights import ReaderRequest
from .case_facts import facts_of
from .case_words import fact_key
from .forms_reading import shown_values

_SOURCES = ("plan", "activity", "subgoal_reviewed")
_TAKEN: Mapping[tuple[str, str], frozenset[str]] = {
    ("activity", "activity"): frozenset({"subgoal"}),
    ("activity", "subgoal_reviewed"): frozenset({"subgoal"}),
    ("subgoal_reviewed", "activity"): frozenset({"subgoal"}),
    ("subgoal_reviewed", "subgoal_reviewed"): frozenset({"subgoal"}),
}
"""What the form of a kind (the second) takes from a fact (the first). A plan takes the goal and the programme's own
fields; who agrees is asked anew for every version."""


def begun(
    request: ReaderRequest, case: Case, programme: Programme, kind: str, lang: Lang
) -> dict[str, list[str]]:
    """The values taken from the fact that the address names by its key (``from``).

    None where it names none, or one that was withdrawn, that the reader may not see or that is not the case's.
    """
    key = request.GET.get("from", "")
    if not key or request.method == "POST":
        return {}
    # keys are compared here and not sent to the database: an address can hold what no database takes
    there = facts_of(request.reader, case).filter(replaced_at=None, kind__in=_SOURCES)
    old = next((one for one in there if fact_key(one.fact) == key), None)
    if old is None:
        return {}
    taken = _TAKEN.get((old.kind, kind), frozenset())
    if old.kind == kind == "plan":
        taken = frozenset({"goal", *programme.details("plan")})
    values = shown_values(old, lang)
    return {name: said for name, said in values.items() if name in taken}
