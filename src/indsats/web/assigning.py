"""Giving cases to workers: at once by who runs the site, or handed over by one who has them to one who accepts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from indsats.programme import Programme

from . import clock
from .caseloads import Load, loads, weight_of
from .models import Case, Due, Fact, HandOver, Responsible, User, as_one
from .programmes import programme as definition
from .record.together import register_together

_SOURCE = 200
"""How long the source of a fact may be."""


@dataclass
class Taken(Exception):
    """Somebody has given the cases away since the page was shown: by case, who has it now and who gave it.

    Nothing was written.
    """

    by_case: Mapping[str, Fact]


@dataclass
class Above(Exception):
    """The workers would have more than they may, and no reason was given. Nothing was written."""

    loads: Sequence[Load]


@dataclass
class Unfit(Exception):
    """The worker can have no cases in the programme in that role. Nothing was written."""

    worker: str


@dataclass(frozen=True, slots=True)
class Given:
    """A case given to a worker; ``seen`` is the mark of who was responsible when it was decided (``marks``)."""

    case: Case
    worker: str
    seen: int | None = None


def marks(cases: Collection[Case], role: str) -> dict[str, int]:
    """By case, the key of the newest assignment of ``role`` (0: none): another mark later says that somebody else has
    assigned it meanwhile."""
    found = {case.pk: 0 for case in cases}
    for case, fact in _assignments(cases, role):
        found[case.pk] = max(found[case.pk], fact.pk)
    return found


def assign(
    by: str,
    role: str,
    given: Sequence[Given],
    *,
    override: str = "",
    reason: str = "",
) -> list[Fact]:
    """Make workers responsible for cases from today on; all of ``given``, or none. Cases are of one programme.

    Raises ``Above`` when a worker would have more than their ceiling and no ``override`` says why, ``Taken`` when a
    case has another mark than was seen, ``Unfit``, and ``InputRefused`` where the record refuses. What was overridden,
    and the ``reason`` a case moves from one to another, are kept with the case; the source of the fact says so too.
    """
    if not given:
        return []
    of = definition(given[0].case.programme)
    with transaction.atomic():
        _lock([one.worker for one in given])
        above = _above(of, role, given)
        if above and not override.strip():
            raise Above(above)
        over = {one.worker for one in above}
        cases = [one.case for one in given]
        before = holders(cases, role)
        facts: list[Fact] = []
        # a fact says in its source why the ceiling was passed, so those that pass it are written by themselves
        for source, part in (
            ("screen", [one for one in given if one.worker not in over]),
            (f"over ceiling: {override.strip()}"[:_SOURCE], [one for one in given if one.worker in over]),
        ):
            if part:
                rows = [(one.case.person_id, _values(one.case, role, one.worker)) for one in part]
                facts += register_together(
                    by,
                    of.programme,
                    "assigned",
                    rows,
                    source=source,
                    check=lambda part=part: _unmoved(part, role),
                )
        _shown(given, role)
        _kept(given, role, by, before, reason, {worker: override.strip() for worker in over})
        return facts


def ask(case: Case, role: str, giver: str, taker: str, reason: str) -> HandOver:
    """Ask a worker to take over a case; ``giver`` stays responsible until they accept.

    Raises ``Unfit`` for a taker who can have no cases in the role. A question that is still open is put in place of.
    """
    if taker == giver or all(one.worker != taker for one in loads(definition(case.programme), role)):
        raise Unfit(taker)
    now = clock.now()
    with transaction.atomic():
        open_ = HandOver.objects.filter(case=case, role=role, answered=None)
        open_.update(answered=now, accepted=False, answer="")
        return HandOver.objects.create(
            case=case, role=role, giver=giver, taker=taker, reason=reason.strip(), asked=now
        )


def accept(asked: HandOver, answer: str = "", override: str = "") -> Fact:
    """The taker says yes, and is responsible from today. Raises as ``assign``; ``Taken`` also when the giver no longer
    has the case or the question has been answered."""
    with transaction.atomic():
        asked = HandOver.objects.select_for_update().select_related("case").get(pk=asked.pk)
        held = holders([asked.case], asked.role).get(asked.case_id)
        if asked.answered is not None or (held is not None and held.payload.get("worker") != asked.giver):
            raise Taken({asked.case_id: held} if held is not None else {})
        mark = held.pk if held is not None else 0
        (fact,) = _assigned_silently(asked, mark, override)
        asked.answered, asked.accepted = clock.now(), True
        asked.answer, asked.override = answer.strip(), override.strip()
        asked.save(update_fields=["answered", "accepted", "answer", "override"])
        return fact


def decline(asked: HandOver, answer: str) -> bool:
    """The taker says no, or the giver takes the question back; False when it has been answered already."""
    changed = HandOver.objects.filter(pk=asked.pk, answered=None).update(
        answered=clock.now(), accepted=False, answer=answer.strip()
    )
    return bool(changed)


def holders(cases: Collection[Case], role: str) -> dict[str, Fact]:
    """By case, the assignment of ``role`` that holds now, as the facts have it; cases nobody holds are left out."""
    return {case: held[role] for case, held in all_holders(cases).items() if role in held}


def all_holders(cases: Collection[Case]) -> dict[str, dict[str, Fact]]:
    """By case and role, the assignment that holds now, as the facts have it."""
    day = clock.today()
    found: dict[str, dict[str, Fact]] = {}
    for case, fact in _assignments(cases):
        if fact.occurred_from <= day and (fact.occurred_to is None or fact.occurred_to >= day):
            found.setdefault(case.pk, {})[fact.payload["role"]] = fact
    return {
        case: {role: fact for role, fact in held.items() if fact.payload.get("worker")}
        for case, held in found.items()
    }


def _assigned_silently(asked: HandOver, mark: int, override: str) -> list[Fact]:
    """The assignment of an accepted hand-over, whose reasons stand in the hand-over itself."""
    given = [Given(asked.case, asked.taker, mark)]
    of = definition(asked.case.programme)
    _lock([asked.taker])
    above = _above(of, asked.role, given)
    if above and not override.strip():
        raise Above(above)
    source = f"over ceiling: {override.strip()}"[:_SOURCE] if above else "hand-over"
    rows = [(asked.case.person_id, _values(asked.case, asked.role, asked.taker))]
    facts = register_together(
        asked.taker, of.programme, "assigned", rows, source=source, check=lambda: _unmoved(given, asked.role)
    )
    _shown(given, asked.role)
    return facts


def _assignments(cases: Collection[Case], role: str | None = None) -> Iterator[tuple[Case, Fact]]:
    """The assignments of a role (None: of all), oldest first, as the facts have them: projections may be behind."""
    by_enrolment = {(case.programme, case.enrolment): case for case in cases if case.enrolment}
    by_person = {(case.programme, case.person_id): case for case in cases if not case.enrolment}
    people = {case.person_id for case in cases}
    facts = Fact.objects.filter(person__in=as_one(people), kind="assigned", replaced_at=None)
    for fact in facts.select_related("person").order_by("occurred_from", "recorded_at", "pk"):
        if role is not None and fact.payload.get("role") != role:
            continue
        if fact.enrolment:
            case = by_enrolment.get((fact.programme, fact.enrolment))
        else:
            person = fact.person
            case = by_person.get((fact.programme, person.merged_into_id or person.pk)) if person else None
        if case is not None:
            yield case, fact


def _unmoved(given: Sequence[Given], role: str) -> None:
    now = marks([one.case for one in given], role)
    moved = {one.case.pk for one in given if one.seen is not None and now[one.case.pk] != one.seen}
    if moved:
        newest = {case.pk: fact for case, fact in _assignments([one.case for one in given], role)}
        raise Taken({key: newest[key] for key in moved if key in newest})


def _values(case: Case, role: str, worker: str) -> dict[str, object]:
    return {
        "enrolment": case.enrolment or None,
        "site": case.site,
        "occurred_from": clock.today(),
        "role": role,
        "worker": worker,
    }


def _lock(workers: Iterable[str]) -> None:
    """Nobody else gives to the same workers until this is written: two who each fill the last place would overfill."""
    list(User.objects.select_for_update().filter(username__in=set(workers)).order_by("pk").values_list("pk"))


def _above(of: Programme, role: str, given: Sequence[Given]) -> list[Load]:
    """The workers these cases would bring above their ceiling. Raises ``Unfit`` for one who can have none."""
    has = {one.worker: one for one in loads(of, role)}
    already = {
        (row.case_id, row.worker)
        for row in Responsible.objects.filter(case__in=[one.case for one in given], role=role, until=None)
    }
    more: dict[str, float] = {}
    for one in given:
        load = has.get(one.worker)
        if load is None or not load.active:
            raise Unfit(one.worker)
        if (one.case.pk, one.worker) not in already:
            more[one.worker] = more.get(one.worker, 0.0) + weight_of(one.case)
    return [has[worker] for worker, weight in more.items() if weight > 0 and not has[worker].fits(weight)]


def _shown(given: Sequence[Given], role: str) -> None:
    """What the lists show at once, until the projections are made anew: who is responsible, and who is not waiting."""
    day = clock.today()
    keys = [one.case.pk for one in given]
    held = Responsible.objects.filter(case__in=keys, role=role)
    held.filter(since__gte=day).delete()
    held.filter(until=None).update(until=day - timedelta(days=1))
    held.filter(until__gte=day).update(until=day - timedelta(days=1))
    Responsible.objects.bulk_create(
        Responsible(case_id=one.case.pk, role=role, worker=one.worker, since=day) for one in given
    )
    Due.objects.filter(case__in=keys, queue="unassigned").delete()


def _kept(
    given: Sequence[Given],
    role: str,
    by: str,
    before: Mapping[str, Fact],
    reason: str,
    over: Mapping[str, str],
) -> None:
    """Keep why cases moved and why ceilings were passed; open questions about the same cases have an answer now."""
    now = clock.now()
    HandOver.objects.filter(case__in=[one.case.pk for one in given], role=role, answered=None).update(
        answered=now, accepted=False
    )
    HandOver.objects.bulk_create(
        HandOver(
            case_id=one.case.pk,
            role=role,
            giver=before[one.case.pk].payload.get("worker", "") if one.case.pk in before else "",
            taker=one.worker,
            reason=reason.strip(),
            override=over.get(one.worker, ""),
            asked=now,
            answered=now,
            accepted=True,
            answer=by,
        )
        for one in given
        if reason.strip() or one.worker in over
    )


def too_many(case: Case, role: str, worker: str, since: date, until: date | None) -> Load | None:
    """The load of a worker whom an assignment written in the case itself would bring above their ceiling today.

    Only ``assign`` and ``accept`` can pass a ceiling: they ask for the reason. None where there is room, no ceiling,
    or where the assignment is of another time.
    """
    if since > clock.today() or (until is not None and until < clock.today()):
        return None
    try:
        return next(iter(_above(definition(case.programme), role, [Given(case, worker)])), None)
    except Unfit:  # somebody of another time or place: no ceiling is known
        return None


def waiting_for(worker: str) -> int:
    """How many hand-overs wait for a worker's answer."""
    return HandOver.objects.filter(taker=worker, answered=None).count()


__all__ = [
    "Above",
    "Given",
    "Taken",
    "Unfit",
    "accept",
    "all_holders",
    "ask",
    "assign",
    "decline",
    "holders",
    "marks",
    "too_many",
    "waiting_for",
]
