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
    by_link: bool = False
    """Whether they came by a citizen's link: then their own page is all there is."""
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
    def person(self) -> int | None:
        """The key of the person the reader is, as a citizen: the one kept, where they were registered twice."""
        own = self.user.person
        return None if own is None else own.merged_into_id or own.pk

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
    return _covers(reader, held, action, case)


def kinds_seen(reader: Reader, case: Case) -> set[str]:
    """The kinds of facts the reader may see of a case."""
    return {
        right.kind
        for shape, held in _by_shape(reader, "see").items()
        if _covers(reader, [_as_held(shape, "see")], "see", case)
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
    places = [one for one, right in held if right.scope in ("site", "programme")]
    found = reduce(or_, (_where(reader, one, right, at, places) for one, right in held), NOBODY)
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
    for one, right in rights(reader, "protected", "case"):
        if right.scope == "own":
            mine = [has.case for has in _has(reader) if has.shielded and has.programme == one.programme]
            known += [Q(**{f"{at.case}__in": mine})] if mine else []
        else:
            known.append(_where(reader, one, right, at))
    if reader.person:
        known.append(Q(**{at.person: reader.person}))
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


def _where(
    reader: Reader, one: Membership, right: Right, at: _At = _CASE, places: Iterable[Membership] = ()
) -> Q:
    """Where a right reaches. Of the reader's own cases those are left out that lie in ``places``, asked for already."""
    place = Q(**{at.programme: one.programme})
    if right.scope == "self":
        return place & Q(**{at.person: reader.person}) if reader.person else NOBODY
    if right.scope == "own":
        # a case can be held at another site than one's own: what counts is who is responsible
        mine = [has for has in _has(reader) if has.programme == one.programme]
        beyond = [
            has.case for has in mine if not any(_lies(place, has.programme, has.site) for place in places)
        ]
        return Q(**{f"{at.case}__in": beyond}) if beyond else NOBODY
    if right.scope == "programme" or one.site is None:
        return place
    return place & Q(**{at.site: one.site})


def _covers(reader: Reader, held: Iterable[tuple[Membership, Right]], action: Action, case: Case) -> bool:
    """Whether memberships with rights cover a case: the same as ``_cases``, for one case that has been read."""
    here = [(one, right) for one, right in held if one.programme == case.programme]
    if action == "see" and here and _is_through_glass(reader, case):
        return True
    if action != "protected" and _is_hidden(reader, case):
        return False
    return any(_reaches(reader, one, right.scope, case) for one, right in here)


def _reaches(reader: Reader, one: Membership, how: ScopeName, case: Case) -> bool:
    """Whether a right reaches a case: the same as ``_where``, for one case that has been read."""
    if one.programme != case.programme:
        return False
    if how == "self":
        return case.person_id == reader.person
    if how == "own":
        return any(has.case == case.pk for has in _has(reader))
    return how == "programme" or one.site in (None, case.site)


def _is_hidden(reader: Reader, case: Case) -> bool:
    """Whether the case is of somebody shielded whom the reader may not know of."""
    if not case.person.protected or case.person_id == reader.person:
        return False
    known = rights(reader, "protected", "case")
    return not any(_reaches(reader, one, right.scope, case) for one, right in known)


def _is_through_glass(reader: Reader, case: Case) -> bool:
    return any(
        (glass.person_id, glass.programme) == (case.person_id, case.programme) for glass in reader.glasses
    ) and any(one.programme == case.programme for one, _ in rights(reader, "glass", "case"))


def _lies(place: Membership, programme: str, site: str | None) -> bool:
    return place.programme == programme and place.site in (None, site)


class _Has(NamedTuple):
    """A case the reader is responsible for."""

    case: str
    programme: str
    site: str | None
    shielded: bool


def _has(reader: Reader) -> list[_Has]:
    """The cases the reader is responsible for. One query in a request: a list of keys is what both databases find
    rows by most quickly, where a condition on another table would make PostgreSQL look through all of them."""
    if "has" not in reader._made:
        rows = held_by(reader.name).values_list(
            "case", "case__programme", "case__site", "case__person__protected"
        )
        reader._made["has"] = [_Has(*row) for row in rows.distinct()]
    return reader._made["has"]


def held_by(worker: str) -> QuerySet[Responsible]:
    """Who is responsible, where it is this worker: now, from a coming day, or when the case ended not long ago."""
    today = clock.today()
    ended = Q(until__gte=today - AFTER, case__end__lte=F("until"))
    return Responsible.objects.filter(Q(until=None) | Q(until__gte=today) | ended, worker=worker)


Shape = tuple[str, str | None, ScopeName]
"""Where a right reaches: programme and site of the membership, and the scope."""


def _by_shape(reader: Reader, action: Action) -> dict[Shape, list[Right]]:
    """The rights of an action, those with the same condition together."""
    found: dict[Shape, list[Right]] = {}
    for one in reader.memberships:
        for right in _OF.get((one.role, action), ()):
            found.setdefault((one.programme, one.site, right.scope), []).append(right)
    return found


def _as_held(shape: Shape, action: Action) -> tuple[Membership, Right]:
    programme, site, how = shape
    # whose role it is does not matter here: the shape says where
    return Membership(programme=programme, site=site), Right("caseworker", action, "case", how)


def _facts(reader: Reader, action: Action) -> Q:
    """The condition on facts. Kinds that may be seen in the same places are asked for together."""
    of_kind: dict[tuple[str, str], set[Shape]] = {}
    for shape, held in _by_shape(reader, action).items():
        for right in held:
            of_kind.setdefault((shape[0], right.kind), set()).add(shape)
    together: dict[tuple[str, frozenset[Shape]], list[str]] = {}
    for (programme, kind), shapes in of_kind.items():
        together.setdefault((programme, frozenset(shapes)), []).append(kind)
    parts = []
    for (programme, shapes), kinds in together.items():
        held = [_as_held(shape, action) for shape in sorted(shapes, key=str)]
        # the facts of somebody merged into another are read with the other's
        whose = Q(person=Coalesce(OuterRef("person__merged_into"), OuterRef("person")))
        # a fact of another enrolment, perhaps at another site, belongs to that one's case
        same = Q(enrolment=Coalesce(OuterRef("enrolment"), F("enrolment")))
        cases = Case.objects.filter(_cases(reader, held, action), whose, same, programme=programme)
        parts.append(
            Q(programme=programme, kind__in=sorted(kinds)) & (Q(Exists(cases)) | _about_sites(shapes))
        )
    return reduce(or_, parts, NOBODY)


def _about_sites(shapes: Iterable[Shape]) -> Q:
    """The facts about sites, which have no person, where the shapes reach."""
    sites = [site if how == "site" else None for _, site, how in shapes if how in ("site", "programme")]
    if not sites:
        return NOBODY
    return Q(person=None) if None in sites else Q(person=None, site__in=sites)


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
    if right.scope in ("own", "self"):
        return False
    return one.programme == programme and (right.scope == "programme" or one.site in (None, site))


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
