"""What the reader may do to each kind of fact in a case, with as few questions to the database as there are reaches."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.record import KINDS

from ..models import Case
from ..rights import Action, Reader, may, rights

WRITES: tuple[Action, ...] = ("register", "correct", "withdraw")


def allowed(reader: Reader, case: Case) -> Mapping[Action, frozenset[str]]:
    """The kinds of facts about persons the reader may register, correct and withdraw in this case.

    Two kinds whose rights come from the same memberships with the same reach are allowed or refused together, so one
    of them is asked about.
    """
    known: dict[frozenset[tuple[int, str]], bool] = {}
    found: dict[Action, frozenset[str]] = {}
    for action in WRITES:
        kinds = set()
        for kind, model in KINDS.items():
            held = frozenset(
                (one.pk, right.scope)
                for one, right in rights(reader, action, kind)
                if one.programme == case.programme
            )
            if not model.needs_person or not held:
                continue
            if held not in known:
                known[held] = may(reader, action, kind, case)
            if known[held]:
                kinds.add(kind)
        found[action] = frozenset(kinds)
    return found
