"""The fulfilment the flex-job evaluation prints, rebuilt from answers of persons."""

from __future__ import annotations

from casebook import Casebook, item, period, programme, text
from indsats.steer import fulfilment, phase_counts, requirement_counts

SPAN = period("2017-05-01", "2018-04-30")
PEOPLE = 1_000


def event(name: str) -> dict[str, str]:
    return {"event": name}


def asked(phase: str) -> dict[str, object]:
    return item("Requirement", ask=text("?"), phase=phase)


PROGRAMME = programme(
    events={name: item(name) for name in ("meeting", "awarded", "agreed-before", "job")},
    phases={
        "before": item(
            "Before", about=text("a"), starts=[{"kind": "enrolled"}], ends=[event("meeting")], entry=True
        ),
        "find-job": item(
            "Find",
            about=text("a"),
            starts=[event("awarded")],
            ends=[event("job")],
            skipped_by=[event("agreed-before")],
        ),
    },
    requirements={
        **{f"before-{n}": asked("before") for n in range(3)},
        **{f"find-{n}": asked("find-job") for n in range(4)},
    },
)


def test_participants_with_everything_met_and_requirements_met_are_the_printed_shares() -> None:
    """86 % of participants (L506), 89 % of requirements (L694), 40 % with an agreement beforehand (L478):
    002_d6b7464b3e65af46.txt."""
    case = Casebook(PROGRAMME).data_until("2018-04-30")
    asked_of, missed = 0, 0
    for number in range(PEOPLE):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}

        def answer(name: str, *, yes: bool, who: dict[str, str] = who) -> None:
            said = "yes" if yes else "no"
            case.fact("requirement_answered", "2017-09-01", requirement=name, answer=said, **who)

        case.enrol("2017-05-10", **who).fact("event", "2017-08-01", event="meeting", **who)
        all_met = number % 100 < 86
        for place in range(3):
            answer(f"before-{place}", yes=all_met or place != number % 3)
        if number % 10 < 4:
            case.fact("event", "2017-07-01", event="agreed-before", **who)
        case.fact("event", "2017-08-01", event="awarded", **who).fact(
            "event", "2017-12-01", event="job", **who
        )
        if number % 10 >= 4:
            for place in range(4):
                yes = asked_of % 100 < 89
                answer(f"find-{place}", yes=yes)
                asked_of, missed = asked_of + 1, missed + (not yes)
    facts = case.facts()
    assert asked_of == 2_400
    before = fulfilment(facts, SPAN, of="participants", phase="before")
    assert (before.value, before.numerator, before.denominator) == (0.86, 860, 1_000)
    # The same answers as a share of requirements: what the document would have printed had it not changed base.
    assert fulfilment(facts, SPAN, of="requirements", phase="before").value == 1 - 140 / 3_000
    found = fulfilment(facts, SPAN, of="requirements", phase="find-job")
    assert (found.value, found.denominator, found.excluded) == (0.89, 2_400, {"not_applicable": 1_600})
    assert missed == 264
    participants = fulfilment(facts, SPAN, of="participants", phase="find-job")
    assert (participants.denominator, participants.excluded) == (600, {"not_applicable": 400})
    [_, find] = phase_counts(facts, SPAN)
    assert (find.begun.value, find.skipped.value, find.ended.value) == (600, 400, 600)
    counts = [row for row in requirement_counts(facts, SPAN) if row.requirement.startswith("find")]
    assert sum(row.met.value or 0 for row in counts) == 2_136
