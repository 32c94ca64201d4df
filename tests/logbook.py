"""A small programme with lists, questionnaires and entry rules, and records of it, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from indsats.programme import Programme
from indsats.record import Record, record_from_tables

NOON = datetime(2016, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2016, 9, 1, 12, tzinfo=UTC)


def text(words: str) -> dict[str, str]:
    return {"da": words, "en": words}


def item(title: str = "x", **rest: Any) -> dict[str, Any]:
    return {"title": text(title), "source": "L1", **rest}


def codes(*places: str, values: tuple[str, ...]) -> dict[str, Any]:
    return item("codes", **{"for": list(places), "values": {value: item(value) for value in values}})


def programme(**parts: Any) -> Programme:
    """A definition with two sites, two services and a list for every sort of coded field."""
    definition = {
        "programme": "trial",
        "version": 2,
        "title": text("Trial"),
        "summary": text("A programme for tests"),
        "document": "paper",
        "documents": {"paper": item("Paper", publisher="Nobody", year=2016)},
        "units": {"outreach": item("Outreach"), "centre": item("Centre", in_effort=False)},
        "sites": {
            "north": item("North", unit="outreach", residents=5_000, open_days_per_week=2.0),
            "city": item("City", unit="centre", open_days_per_week=5.0),
        },
        "roles": {"coordinator": item("Coordinator", does=text("leads"))},
        "services": {name: item(name, about=text(name)) for name in ("talks", "course")},
        "codes": {
            "meeting-types": codes("meeting.type", values=("talk", "network", "follow-up")),
            "reasons": codes("meeting.reason", "exit.reason", values=("job", "illness", "moved")),
        },
        "events": {"strategy-made": item("Strategy")},
        "requirements": {"contact": item("Contact", ask=text("Contact?"), if_no=["no-time", "no-need"])},
        "questionnaires": {
            "goals": item(
                "Goals",
                scale={"low": 1, "high": 5},
                items={name: item(name) for name in ("skills", "health")},
                raters=["citizen", "caseworker"],
            ),
            "wellbeing": item(
                "Well-being", scale={"low": 0, "high": 5}, items={"calm": item("calm")}, raters=["citizen"]
            ),
        },
        "entry_rules": {
            "no-show-needs-reason": {
                "source": "L2",
                "kind": "meeting",
                "must": 'outcome != "no_show" or reason is not missing',
                "say": text("a no-show needs a reason"),
            }
        },
        "reports": {
            "half-year": item(
                "Report", sections=[{"title": text("s"), "blocks": [{"block": "text", "text": text("t")}]}]
            )
        },
    }
    return Programme.model_validate({**definition, **parts})


def enrolled(person: str = "p1", day: str = "2016-01-04", **rest: Any) -> dict[str, Any]:
    enrolment = rest.pop("enrolment", person.replace("p", "e"))
    return {
        "person": person,
        "enrolment": enrolment,
        "service": "talks",
        "site": "north",
        "occurred_from": date.fromisoformat(day),
        **rest,
    }


def meeting(
    person: str = "p1", day: str = "2016-02-01", outcome: str = "held", **rest: Any
) -> dict[str, Any]:
    return {
        "person": person,
        "enrolment": person.replace("p", "e"),
        "type": "talk",
        "outcome": outcome,
        "occurred_from": date.fromisoformat(day),
        **rest,
    }


def answered(person: str = "p1", day: str = "2016-02-01", **answers: int | None) -> dict[str, Any]:
    return {
        "person": person,
        "enrolment": person.replace("p", "e"),
        "questionnaire": "goals",
        "rater": "citizen",
        "occurred_from": date.fromisoformat(day),
        "answers": answers or {"skills": 3, "health": 4},
    }


def leave(person: str = "p1", day: str = "2016-05-02", **rest: Any) -> dict[str, Any]:
    return {
        "person": person,
        "enrolment": person.replace("p", "e"),
        "occurred_from": date.fromisoformat(day),
        "reason": "job",
        **rest,
    }


def small_record(definition: Programme | None = None) -> Record:
    """Two persons enrolled and met; everything recorded at ``NOON``."""
    return _small_record() if definition is None else _recorded(definition)


@cache
def _small_record() -> Record:
    return _recorded(programme())


def _recorded(definition: Programme) -> Record:
    return record_from_tables(
        definition,
        {
            "enrolled": [enrolled("p1"), enrolled("p2", site="city")],
            "meeting": [meeting("p1", id="m1"), meeting("p2", outcome="no_show", reason="illness", id="m2")],
            "questionnaire_answered": [answered("p1"), answered("p2", skills=2, health=None)],
        },
        recorded_at=NOON,
        recorded_by="anna",
    )


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with the content, whose ending newlines are kept as they are."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
