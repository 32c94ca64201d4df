"""The one function that says which rows about people somebody may see or change, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from .. import clock
from ..models import Case, Draft, Due, Fact, Glass, HandOver, Membership, Person, Responsible, Site, User
from .table import RIGHTS, WIDER, Action, Right, RoleName
from .table import Scope as ScopeName

M = TypeVar("M", bound=Model)

AFTER = timedelta(days=90)
"""How long whoever had a case when it ended may still work in it: registrations come late."""


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
            tuple(Glass.objects.filter(user=user, until__gt=clock.now()).select_related("person")),
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

    @property
    def seen_through(self) -> list[Glass]:
        """The broken glasses through which something was shown in this request; pages say so at the top."""
        return list(self._made.get("seen through", {}).values())

    def shown(self, glass: Glass) -> None:
        """Remember that something was shown through a broken glass."""
        self._made.setdefault("seen through", {})[glass.pk] = glass


class _At(NamedTuple):
    """Where a row has what rights are about: the case, its programme, site and person."""

    case: str
    programme: str
    site: str
    person: str


_CASE = _At("pk", "programme", "site", "person")
_OF_CASE = _At("case", "case__programme", "case__site", "case__person")
_DUE = _At("case", "programme", "site", "case__person")

NOBODY = Q(pk__in=[])


def rights(reader: Reader, action: Action, kind: str) -> list[tuple[Membership, Right]]:
    """The memberships that give a right to ``action`` on ``kind``, each with the right it gives."""
    return [
        (one, right)
        for one in reader.memberships
        for right in _OF.get((one.role, action), ())
        if right.kind == kind
    ]


def may(reader: Reader, action: Action, kind: str, case: Case | Site | None = None) -> bool:
    """Whether the reader may do ``action`` to ``kind``: at this case or site, or anywhere when none is given."""
    held = rights(reader, action, kind)
    if case is None:
        return bool(held)
    if isinstance(case, Site):
        return any(_at(one, right, case.programme, case.key) for one, right in held)
    key = (action, kind, case.public)
    if key not in reader._made:
        reader._made[key] = scope(reader, Case, action, kind).filter(pk=case.public).exists()
    return reader._made[key]


def kinds_seen(reader: Reader, case: Case) -> set[str]:
    """The kinds of facts the reader may see of a case; one query for each scope, not for each kind."""
    return {
        right.kind
        for shape, held in _by_shape(reader, "see").items()
        if shape[0] == case.programme and _matches(reader, case, shape)
        for right in held
    }


def scope(reader: Reader, model: type[M], action: Action = "see", kind: str = "case") -> QuerySet[M]:
    """The rows of a model the reader may do ``action`` to. Every page, list, search and export reads through this.

    ``Case`` and ``Person`` are limited by the rights on ``kind``; ``Fact`` by the rights on each fact's own kind;
    what belongs to a case (``Due``, ``Responsible``, ``Draft``, ``HandOver``) by its case; ``Site`` by the memberships.
    Raises TypeError for a model nobody has thought about.
    """
    rows = model._default_manager
    if model is Case:
        return rows.filter(_cases(reader, rights(reader, action, kind), action))
    if model is Person:
        mine = scope(reader, Case, action, kind).filter(person=OuterRef("pk"))
        return rows.filter(Exists(mine), merged_into=None)
    if model is Due:
        return rows.filter(_cases(reader, rights(reader, action, kind), action, _DUE))
    if model in (Responsible, Draft, HandOver):
        found = rows.filter(_cases(reader, rights(reader, action, kind), action, _OF_CASE))
        return found.filter(user=reader.user) if model is Draft else found
    if model is Fact:
        return rows.filter(_facts(reader, action))
    if model is Site:
        return rows.filter(_sites(reader, action, kind))
    raise TypeError(f"nobody has said who may see rows of {model.__name__}")


def _cases(reader: Reader, held: Iterable[tuple[Membership, Right]], action: Action, at: _At = _CASE) -> Q:
    """The condition on cases, or on rows that have one, for memberships with rights.

    Shielded persons are kept from those who may not know of them; a broken glass shows its person in its programme.
    """
    held = list(held)
    found = reduce(or_, (_where(reader, one, right.scope, at) for one, right in held), NOBODY)
    if action != "protected":
        found &= _not_hidden(reader, at)
    if action == "see":
        found |= _through_glass(reader, {one.programme for one, _ in held}, at)
    return found


def _not_hidden(reader: Reader, at: _At) -> Q:
    """That the case is of nobody shielded, or of somebody the reader may know of.

    The shielded are few and found by an index of their own. What the reader knows of is asked for beside them and not
    inside: PostgreSQL would work it out anew for each of them, and therefore rather look through every case.
    """
    shielded = Case.objects.filter(person__protected=True).values("pk")
    known = [~Q(**{f"{at.case}__in": shielded})]
    known += [_where(reader, one, right.scope, at) for one, right in rights(reader, "protected", "case")]
    if reader.user.person_id:
        known.append(Q(**{at.person: reader.user.person_id}))
    return reduce(or_, known)


def _through_glass(reader: Reader, programmes: set[str], at: _At = _CASE) -> Q:
    """The rows behind the reader's glasses, in programmes where the right to break one is still held."""
    still = programmes & {one.programme for one, _ in rights(reader, "glass", "case")}
    return reduce(
        or_,
        (
            Q(**{at.person: one.person_id, at.programme: one.programme})
            for one in reader.glasses
            if one.programme in still
        ),
        NOBODY,
    )


def _where(reader: Reader, one: Membership, how: ScopeName, at: _At = _CASE) -> Q:
    if how == "self":
        return Q(**{at.person: reader.user.person_id}) if reader.user.person_id else NOBODY
    place = Q(**{at.programme: one.programme})
    if how == "programme" or (how == "site" and one.site is None):
        return place
    if how == "site":
        return place & Q(**{at.site: one.site})
    # a case can be held at another site than one's own: what counts is who is responsible
    return place & Q(**{f"{at.case}__in": held_by(reader.name).values("case")})


def held_by(worker: str) -> QuerySet[Responsible]:
    """Who is responsible, where it is this worker: now, from a coming day, or when the case ended not long ago."""
    today = clock.today()
    ended = Q(until__gte=today - AFTER, case__end__lte=F("until"))
    return Responsible.objects.filter(Q(until=None) | Q(until__gte=today) | ended, worker=worker)


Shape = tuple[str, str | None, ScopeName]


def _by_shape(reader: Reader, action: Action) -> dict[Shape, list[Right]]:
    """The rights of an action, those with the same condition together."""
    found: dict[Shape, list[Right]] = {}
    for one in reader.memberships:
        for right in _OF.get((one.role, action), ()):
            found.setdefault((one.programme, one.site, right.scope), []).append(right)
    return found


def _matches(reader: Reader, case: Case, shape: Shape) -> bool:
    key = ("shape", shape, case.public)
    if key not in reader._made:
        reader._made[key] = Case.objects.filter(_of_shape(reader, shape, "see"), pk=case.public).exists()
    return reader._made[key]


def _of_shape(reader: Reader, shape: Shape, action: Action) -> Q:
    programme, site, how = shape
    # whose role it is does not matter here: the shape says where
    as_member = (Membership(programme=programme, site=site), Right("caseworker", action, "case", how))
    return _cases(reader, [as_member], action)


def _facts(reader: Reader, action: Action) -> Q:
    parts = []
    for shape, held in _by_shape(reader, action).items():
        programme, site, how = shape
        kinds = sorted({right.kind for right in held})
        # the facts of somebody merged into another are read with the other's
        whose = Q(person=Coalesce(OuterRef("person__merged_into"), OuterRef("person")))
        # a fact of another enrolment, perhaps at another site, belongs to that one's case
        same = Q(enrolment=Coalesce(OuterRef("enrolment"), F("enrolment")))
        cases = Case.objects.filter(_of_shape(reader, shape, action), whose, same, programme=programme)
        about_site = Q(person=None)
        if how == "site" and site is not None:
            about_site &= Q(site=site)
        elif how in ("own", "self"):
            about_site = NOBODY
        parts.append(Q(programme=programme, kind__in=kinds) & (Q(Exists(cases)) | about_site))
    return reduce(or_, parts, NOBODY)


def _sites(reader: Reader, action: Action, kind: str) -> Q:
    parts = []
    for one, right in rights(reader, action, kind):
        if right.scope == "self":
            continue
        place = Q(programme=one.programme)
        if right.scope != "programme" and one.site is not None:
            place &= Q(key=one.site)
        parts.append(place)
    return reduce(or_, parts, NOBODY)


def _at(one: Membership, right: Right, programme: str, site: str) -> bool:
    if one.programme != programme or right.scope in ("own", "self"):
        return False
    return right.scope == "programme" or one.site is None or one.site == site


_OF: dict[tuple[str, Action], list[Right]] = {}
for _right in RIGHTS:
    _OF.setdefault((_right.role, _right.action), []).append(_right)


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
