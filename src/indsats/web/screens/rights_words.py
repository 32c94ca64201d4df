"""Rights in words: what a role may do, where, and to what, as the table of rights has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from indsats.language import Lang

from ..models import Membership
from ..rights import RIGHTS, ROLES, THINGS, WIDER, Action, Role, Scope
from ..rights.table import PERSON_FACTS, SITE_FACTS
from ..words import say
from .case_words import kind_title


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a role may do: the act, where, and to what."""

    act: str
    where: str
    what: tuple[str, ...]


def lines(role: str, lang: Lang) -> list[Line]:
    """What a role may do, in the order of the table's actions; what may be done in the same places stands together."""
    found = []
    for action in get_args(Action):
        reach: dict[str, set[Scope]] = {}
        for right in RIGHTS:
            if (right.role, right.action) == (role, action):
                reach.setdefault(right.kind, set()).add(right.scope)
        places = sorted(
            {tuple(sorted(one, key=_widest)) for one in reach.values()}, key=lambda one: _widest(one[0])
        )
        for where in places:
            kinds = {kind for kind, scopes in reach.items() if scopes == set(where)}
            said = f" {say('control.and', lang)} ".join(
                say(f"control.scope.{scope}", lang) for scope in where
            )
            found.append(Line(say(f"control.action.{action}", lang), said, tuple(_what(kinds, lang))))
    return found


def _widest(scope: Scope) -> int:
    return -WIDER[scope]


def _what(kinds: set[str], lang: Lang) -> Iterable[str]:
    """What the rights are about: all of a family by its name, else one by one."""
    for name in THINGS:
        if name in kinds:
            yield say(f"control.thing.{name}", lang)
    for family, said in ((PERSON_FACTS, "persons"), (SITE_FACTS, "sites")):
        there = [kind for kind in family if kind in kinds]
        missing = [kind for kind in family if kind not in kinds]
        if not missing:
            yield say(f"control.facts.{said}", lang)
        elif len(missing) <= len(family) // 4:
            left_out = ", ".join(kind_title(kind, lang) for kind in missing)
            yield say(f"control.facts.{said}.but", lang, kinds=left_out)
        else:
            yield from (kind_title(kind, lang) for kind in there)


def role_title(name: str, lang: Lang) -> str:
    """What a role is called; its key where the table has none of that name."""
    role: Role | None = ROLES.get(name)  # type: ignore[call-overload]  # a membership may hold an old key
    return role.title.in_(lang) if role is not None else name


def by_role(memberships: Iterable[Membership]) -> dict[str, list[Membership]]:
    """The memberships of somebody, those of a role together, in the order of the table."""
    held: dict[str, list[Membership]] = {}
    for one in memberships:
        held.setdefault(one.role, []).append(one)
    order = [*ROLES]
    return dict(
        sorted(held.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    )
