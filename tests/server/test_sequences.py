"""Whatever people do one after another, the record keeps its word: nothing is lost, nothing is half, nothing is stale.

A sequence registers, corrects, withdraws, assigns, brings in and takes back lists, joins and parts persons, in any
order, refused or not. ``INDSATS_SEQUENCES`` says how many there are in each part; with 500 it is a thousand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import town
from indsats.problem import InputRefused
from indsats.web import assigning, clock
from indsats.web.derive import project, rebuild, waiting
from indsats.web.models import Batch, Case, Due, Fact, Membership, Merge, Person, Responsible, User
from indsats.web.programmes import programme
from indsats.web.record import Stale, batches, correct, merging, register, withdraw
from indsats.web.rights import Reader
from projected import (
    assigned_are_followed,
    everything_is_reachable,
    facts_hold,
    responsible_hold,
    revisions_hold,
    rows,
)

pytestmark = pytest.mark.django_db
MANY = int(os.environ.get("INDSATS_SEQUENCES", "25"))
REFUSALS = (InputRefused, Stale, assigning.Above, assigning.Taken, assigning.Unfit, batches.Rested)
POOL = 5
"""So many persons take part: few enough that what happens to them meets."""
number = st.integers(0, 40)
STEP = st.tuples(
    st.sampled_from(
        ("contact", "meeting", "correct", "correct", "withdraw", "assign", "give", "exit", "pause", "twice", "stale",
         "join", "join", "part", "bring", "take_back", "project")
    ),
    number, number, number,
)  # fmt: skip


class Walk:
    """What people do to a few cases, one step at a time."""

    def __init__(self) -> None:
        chosen = Case.objects.filter(state="active").order_by("person", "pk").values_list("pk", "person")
        by_person = {person: case for case, person in chosen}
        self.persons = sorted(by_person)[:POOL]
        self.cases = [by_person[person] for person in self.persons]
        of = programme(town.PROGRAMME)
        self.roles = sorted({row for row in Responsible.objects.values_list("role", flat=True)})[:3]
        self.workers = sorted(
            Membership.objects.filter(function__isnull=False)
            .values_list("user__username", flat=True)
            .distinct()
        )[:6]
        runs = User.objects.create(username="runs-everything")
        Membership.objects.create(user=runs, role="coordinator", programme=town.PROGRAMME)
        self.reader = Reader.of(runs)
        codes = of.codes_for("meeting.type")
        self.types = list(codes.values) if codes else ["talk"]
        channels = of.codes_for("contact_attempt.channel")
        self.channel = next(iter(channels.values)) if channels else "phone"
        reasons = of.codes_for("exit.reason")
        self.reason = next(iter(reasons.values)) if reasons else "other"
        pauses = of.codes_for("pause.reason")
        self.pause_reason = next(iter(pauses.values)) if pauses else "other"
        self.nonces = 0

    def case(self, which: int) -> Case:
        return Case.objects.select_related("person").get(pk=self.cases[which % len(self.cases)])

    def take(self, step: tuple[str, int, int, int]) -> None:
        """One step; refused, it must have changed nothing about the facts."""
        name, *numbers = step
        before = list(Fact.objects.order_by("pk").values_list("pk", "replaced_at"))
        try:
            with transaction.atomic():
                getattr(self, name)(*numbers)
        except REFUSALS:
            assert list(Fact.objects.order_by("pk").values_list("pk", "replaced_at")) == before
        else:
            now = dict(Fact.objects.values_list("pk", "replaced_at"))
            assert len(now) >= len(before)
            for key, replaced in before:  # what was written stays, and what was closed stays closed as it was
                assert key in now
                assert replaced is None or now[key] == replaced

    def _register(self, case: Case, kind: str, days: int, **values: Any) -> Fact:
        day = max(clock.today() + timedelta(days=days), case.start or clock.today())
        about = {"enrolment": case.enrolment, "site": case.site, "occurred_from": day}
        self.nonces += 1
        return register(
            "tester",
            case.programme,
            kind,
            {**about, **values},
            person=case.person,
            revision=case.person.revision,
        )

    def contact(self, a: int, b: int, _: int) -> None:
        self._register(self.case(a), "contact_attempt", -b, reached=b % 2 == 0, channel=self.channel)

    def meeting(self, a: int, b: int, c: int) -> None:
        outcome = ("planned", "held", "no_show")[c % 3]
        days = b if outcome == "planned" else -b
        self._register(self.case(a), "meeting", days, outcome=outcome, type=self.types[c % len(self.types)])

    def assign(self, a: int, b: int, c: int) -> None:
        self._register(
            self.case(a),
            "assigned",
            -c,
            role=self.roles[b % len(self.roles)],
            worker=self.workers[c % len(self.workers)],
        )

    def give(self, a: int, b: int, c: int) -> None:
        case, role = self.case(a), self.roles[b % len(self.roles)]
        mark = assigning.marks([case], role)[case.pk]
        given = [assigning.Given(case, self.workers[c % len(self.workers)], mark)]
        assigning.assign("tester", role, given, override="busy" if c % 2 else "", reason="moved")

    def exit(self, a: int, b: int, _: int) -> None:
        self._register(self.case(a), "exit", -(b % 5), reason=self.reason)

    def pause(self, a: int, b: int, c: int) -> None:
        case = self.case(a)
        first = max(clock.today() - timedelta(days=b), case.start or clock.today())
        last = first + timedelta(days=c) if c % 3 else None
        self._register(case, "pause", -b, occurred_to=last, reason=self.pause_reason)

    def _fact(self, a: int, b: int) -> Fact | None:
        whose = [self.persons[a % POOL]]
        kinds = ("contact_attempt", "meeting", "assigned", "pause", "exit", "enrolled")
        found = Fact.objects.filter(person__in=whose, kind__in=kinds, replaced_at=None).order_by("-pk")
        some = list(found.select_related("person", "person__merged_into")[: 1 + b])
        return some[-1] if some else None

    def correct(self, a: int, b: int, c: int) -> None:
        fact = self._fact(a, b)
        if fact is not None:
            changes: dict[str, Any] = {"occurred_from": fact.occurred_from - timedelta(days=c % 7)}
            if fact.kind == "meeting" and c % 2:
                changes = {"outcome": "held", "occurred_from": min(fact.occurred_from, clock.today())}
            correct("tester", fact, changes, version=fact.version)

    def withdraw(self, a: int, b: int, _: int) -> None:
        fact = self._fact(a, b)
        if fact is not None:
            withdraw("tester", fact, reason="never true", version=fact.version)

    def twice(self, a: int, b: int, _: int) -> None:
        """A form that is sent twice is one fact."""
        case = self.case(a)
        values = {
            "enrolment": case.enrolment, "site": case.site, "occurred_from": clock.today(), "reached": True,
            "channel": self.channel,
        }  # fmt: skip
        nonce = f"same-{a}-{b}"
        one, two = (
            register("tester", case.programme, "contact_attempt", values, person=case.person, nonce=nonce)
            for _ in range(2)
        )
        assert one.pk == two.pk

    def stale(self, a: int, _: int, __: int) -> None:
        """A form opened before somebody else wrote says so."""
        case = self.case(a)
        opened = case.person.revision
        self.contact(a, 0, 0)
        with pytest.raises(Stale) as said:
            register(
                "other", case.programme, "contact_attempt",
                {"enrolment": case.enrolment, "occurred_from": clock.today(), "reached": True, "channel": self.channel},
                person=case.person, revision=opened,
            )  # fmt: skip
        assert said.value.since

    def join(self, a: int, b: int, _: int) -> None:
        gone, kept = (Person.objects.get(pk=self.persons[one % POOL]) for one in (a, b))
        merging.merge("tester", gone, kept, "the same")

    def part(self, a: int, _: int, __: int) -> None:
        there = list(Merge.objects.filter(undone=None).order_by("pk"))
        if there:
            merging.undo("tester", there[a % len(there)])

    def bring(self, a: int, b: int, c: int) -> None:
        """A list of contact attempts, of which one in five has something wrong in it."""
        lines = ["person,enrolment,site,occurred_from,reached,channel"]
        for one in (a, b):
            case = self.case(one)
            day = clock.today() - timedelta(days=c % 10)
            reached = "perhaps" if c % 5 == 0 and one == b else "true"
            lines.append(f"{case.person.number},{case.enrolment},{case.site},{day},{reached},{self.channel}")
        name = f"contact_attempt-{a}-{b}-{c}.csv"
        batch = batches.preview(
            self.reader, town.PROGRAMME, name, "\n".join(lines).encode(), "contact_attempt"
        )
        batches.accept(self.reader, batch)

    def take_back(self, a: int, _: int, __: int) -> None:
        there = list(Batch.objects.filter(accepted__isnull=False, undone=None).order_by("pk"))
        if there:
            batches.undo("tester", there[a % len(there)], "by mistake")

    def project(self, a: int, _: int, __: int) -> None:
        project(waiting(1 + a % 3))

    def holds(self) -> None:
        """What must be true at the end."""
        facts_hold()
        revisions_hold()
        project(waiting())
        assert not waiting()
        responsible_hold()
        assigned_are_followed()
        everything_is_reachable()
        before = rows()
        whose = {*self.persons, *Case.objects.filter(pk__in=self.cases).values_list("person", flat=True)}
        Due.objects.filter(case__person__in=whose).delete()
        Responsible.objects.filter(case__person__in=whose).delete()
        project(whose)
        assert rows() == before


def walk(steps: Sequence[tuple[str, int, int, int]], after: Callable[[Walk], None]) -> None:
    """Take the steps in a transaction of their own, which is rolled back."""
    with transaction.atomic():
        walked = Walk()
        for step in steps:
            walked.take(step)
        after(walked)
        transaction.set_rollback(True)


@pytest.mark.parametrize("part", [1, 2])
def test_any_sequence_keeps_the_record_whole(part: int) -> None:
    @settings(
        max_examples=MANY,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(st.lists(STEP, min_size=1, max_size=12))
    def any_sequence(steps: list[tuple[str, int, int, int]]) -> None:
        walk(steps, Walk.holds)

    any_sequence()


def test_every_kind_of_step_can_succeed() -> None:
    """A step that is always refused would prove nothing."""
    done: dict[str, int] = {}
    kept = Walk.take

    def counted(walked: Walk, step: tuple[str, int, int, int]) -> None:
        before = (Fact.objects.count(), Fact.objects.filter(replaced_at=None).count(), Merge.objects.count(),
                  Merge.objects.filter(undone=None).count(), Person.objects.filter(waiting=True).count())  # fmt: skip
        kept(walked, step)
        after = (Fact.objects.count(), Fact.objects.filter(replaced_at=None).count(), Merge.objects.count(),
                 Merge.objects.filter(undone=None).count(), Person.objects.filter(waiting=True).count())  # fmt: skip
        done[step[0]] = done.get(step[0], 0) + (before != after)

    names = ("contact", "meeting", "assign", "give", "twice", "stale", "bring", "project", "correct", "withdraw",
             "take_back", "join", "part", "pause", "exit")  # fmt: skip
    steps = [(name, a, b, 1) for name in names for a, b in ((0, 1), (1, 2), (2, 3), (3, 4))]
    with transaction.atomic():
        walked = Walk()
        for step in steps:
            counted(walked, step)
        walked.holds()
        transaction.set_rollback(True)
    assert [name for name in names if not done.get(name)] == []


def test_a_sequence_leaves_what_rebuild_would_make_of_everything() -> None:
    steps = [
        ("meeting", 0, 3, 1),
        ("join", 1, 2, 0),
        ("assign", 2, 1, 4),
        ("correct", 0, 0, 3),
        ("exit", 3, 1, 0),
    ]

    def rebuilt(walked: Walk) -> None:
        project(waiting())
        before = rows()
        rebuild()
        assert rows() == before

    walk(steps, rebuilt)
