"""The one function that says which rows about people somebody may see or change, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from .. import clock
from ..models import Case, Draft, Due, Fact, Glass, HandOver, Membership, Person, Responsible, Site, User
from .table import RIGHTS, WIDER, Action, Right, RoleName
from .table import Scope as ScopeName

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Reader:
    """Somebody signed in, with the roles they hold and the glasses they have broken."""

    user: User
    memberships: tuple[Membership, ...]
    glasses: tuple[Glass, ...] = ()
    _made: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, user: User) -> Reader:
        """The reader a user is now: two queries."""
        return cls(
            user,
            tuple(user.memberships.order_by("programme", "site", "role")),
            tuple(Glass.objects.filter(user=user, until__gt=clock.now())),
        )

    @property
    def name(self) -> str:
        """The worker's id in facts."""
        return self.user.username

    @property
    def roles(self) -> set[str]:
        """The roles held anywhere."""
        return {one.role for one in self.memberships}

    @property
    def programmes(self) -> list[str]:
        """The programmes the reader has a role in."""
        return sorted({one.programme for one in self.memberships})


NOBODY = Q(pk__in=[])


def rights(reader: Reader, action: Action, kind: str) -> list[tuple[Membership, Right]]:
    """The memberships that give a right to ``action`` on ``kind``, each with the right it gives."""
    return [
        (one, right)
        for one in reader.memberships
        for right in RIGHTS
        if right.role == one.role and right.action == action and right.kind == kind
    ]


def may(reader: Reader, action: Action, kind: str, case: Case | Site | None = None) -> bool:
    """Whether the reader may do ``action`` to ``kind``: at this case or site, or anywhere when none is given."""
    held = rights(reader, action, kind)
    if case is None:
        return bool(held)
    if isinstance(case, Site):
        return any(_at(one, right, case.programme, case.key) for one, right in held if right.scope != "own")
    key = (action, kind, case.public)
    if key not in reader._made:
        reader._made[key] = scope(reader, Case, action, kind).filter(pk=case.public).exists()
    return reader._made[key]


def kinds_seen(reader: Reader, case: Case) -> set[str]:
    """The kinds of facts the reader may see of a case; one query for each scope, not for each kind."""
    return {
        right.kind
        for group, kinds in _by_shape(reader, "see").items()
        for right in kinds
        if _matches(reader, case, group)
    }


def scope(reader: Reader, model: type[M], action: Action = "see", kind: str = "case") -> QuerySet[M]:
    """The rows of a model the reader may do ``action`` to. Every page, list, search and export reads through this.

    ``Case`` and ``Person`` are limited by the rights on ``kind``; ``Fact`` by the rights on each fact's own kind;
    what belongs to a case (``Due``, ``Responsible``, ``Draft``, ``HandOver``) by its case; ``Site`` by the memberships.
    Raises TypeError for a model nobody has thought about.
    """
    if model is Case:
        return model._default_manager.filter(_cases(reader, rights(reader, action, kind), action))
    if model is Person:
        mine = scope(reader, Case, action, kind).filter(person=OuterRef("pk"))
        return model._default_manager.filter(Exists(mine), merged_into=None)
    if model in (Due, Responsible, Draft, HandOver):
        rows = model._default_manager.filter(case__in=scope(reader, Case, action, kind))
        return rows.filter(user=reader.user) if model is Draft else rows
    if model is Fact:
        return model._default_manager.filter(_facts(reader, action))
    if model is Site:
        return model._default_manager.filter(_sites(reader, action, kind))
    raise TypeError(f"nobody has said who may see rows of {model.__name__}")


def _cases(reader: Reader, held: Iterable[tuple[Membership, Right]], action: Action) -> Q:
    """The condition on cases for memberships with rights, shielded persons kept from those who may not know of them."""
    parts = [_where(reader, one, right.scope) for one, right in held]
    found = reduce(or_, parts, NOBODY)
    if action != "protected":
        open_to = [_where(reader, one, right.scope) for one, right in rights(reader, "protected", "case")]
        open_to.append(Q(person__users=reader.user) if reader.user.person_id else NOBODY)
        found &= Q(person__protected=False) | reduce(or_, open_to, NOBODY)
    if action == "see":
        found |= _through_glass(reader)
    return found


def _through_glass(reader: Reader) -> Q:
    return reduce(or_, (Q(person=one.person_id, programme=one.programme) for one in reader.glasses), NOBODY)


def _where(reader: Reader, one: Membership, how: ScopeName) -> Q:
    if how == "self":
        return Q(person=reader.user.person_id) if reader.user.person_id else NOBODY
    place = Q(programme=one.programme)
    if how == "programme":
        return place
    if one.site is not None:
        place &= Q(site=one.site)
    if how == "site":
        return place
    held = Responsible.objects.filter(case=OuterRef("pk"), worker=reader.name).filter(
        Q(until=None) | Q(until__gte=clock.today())
    )
    # a case can be held at another site than one's own: what counts is who is responsible
    return Q(programme=one.programme) & Q(Exists(held))


Shape = tuple[str, str | None, ScopeName]


def _by_shape(reader: Reader, action: Action) -> dict[Shape, list[Right]]:
    """The rights of an action on facts, those with the same condition together."""
    found: dict[Shape, list[Right]] = {}
    for one in reader.memberships:
        for right in RIGHTS:
            if right.role == one.role and right.action == action:
                found.setdefault((one.programme, one.site, right.scope), []).append(right)
    return found


def _matches(reader: Reader, case: Case, shape: Shape) -> bool:
    key = ("shape", shape, case.public)
    if key not in reader._made:
        programme, site, how = shape
        as_member = Membership(programme=programme, site=site)
        met = Q(pk=case.public) & (_where(reader, as_member, how) | _through_glass(reader))
        reader._made[key] = Case.objects.filter(met).exists()
    return reader._made[key]


def _facts(reader: Reader, action: Action) -> Q:
    parts = []
    for (programme, site, how), held in _by_shape(reader, action).items():
        kinds = sorted({right.kind for right in held})
        one = Membership(programme=programme, site=site)
        # the facts of somebody merged into another are read with the other's
        whose = Q(person=OuterRef("person")) | Q(person=OuterRef("person__merged_into"))
        cases = Case.objects.filter(
            _cases(reader, [(one, Right("caseworker", action, "case", how))], action),
            whose,
            programme=OuterRef("programme"),
        )
        about_site = Q(person=None, programme=programme)
        if how == "site" and site is not None:
            about_site &= Q(site=site)
        elif how in ("own", "self"):
            about_site = NOBODY
        parts.append(Q(kind__in=kinds) & (Q(Exists(cases)) | about_site))
    return reduce(or_, parts, NOBODY)


def _sites(reader: Reader, action: Action, kind: str) -> Q:
    parts = []
    for one, right in rights(reader, action, kind):
        place = Q(programme=one.programme)
        if right.scope != "programme" and one.site is not None:
            place &= Q(key=one.site)
        parts.append(place)
    return reduce(or_, parts, NOBODY)


def _at(one: Membership, right: Right, programme: str, site: str) -> bool:
    if one.programme != programme:
        return False
    return right.scope == "programme" or one.site is None or one.site == site


def holders(role: RoleName, programme: str, site: str | None = None) -> QuerySet[User]:
    """The users who hold a role in a programme, at a site or at all of it."""
    found = User.objects.filter(is_active=True, memberships__role=role, memberships__programme=programme)
    if site is not None:
        found = found.filter(Q(memberships__site=site) | Q(memberships__site=None))
    return found.distinct()


def widest(reader: Reader, action: Action, kind: str) -> ScopeName | None:
    """The widest scope the reader has a right in, or none."""
    return max(
        (right.scope for _, right in rights(reader, action, kind)), key=WIDER.__getitem__, default=None
    )
