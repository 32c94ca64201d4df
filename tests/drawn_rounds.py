"""Questionnaires and small records drawn at random, with the edges where rounds are told wrongly drawn often."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from casebook import Casebook, item, programme

ITEMS = ("first", "second", "third")
STARTS = ("2015-01-31", "2015-02-28", "2015-08-31", "2015-12-31", "2016-01-30", "2016-02-29", "2016-03-31")
LENGTHS = ("P0D", "P1D", "P7D", "P14D", "P28D", "P30D", "P1M", "P2M", "P1M1D")
RATERS = ["caseworker", "citizen"]
STEPS = ["invited", "reminded", "declined", "not_relevant", "not_reached"]


def form(draw: Random, about: str = "person") -> dict[str, Any]:
    """A questionnaire with up to three editions, up to four waves, windows, filters and scores."""
    calendar = {
        "spring": item("Spring", period="2015-12-15/2016-02-29"),
        "summer": item("Summer", period=draw.choice(["2016-03-01/2016-05-31", "2016-02-10/2016-04-30"])),
    }
    after = {
        "start": item("Start", after=draw.choice(["P0D", "P14D"])),
        "later": item("Later", after=draw.choice(["P1M", "P30D", "P2M"])),
        "half": item("Half", after=draw.choice(["P6M", "P26W", "P3M"])),
    }
    names = list(after)
    draw.shuffle(names)
    waves: dict[str, Any] = {"loose": item("Loose")} if draw.random() < 0.3 else {}
    if about == "person" and draw.random() < 0.8:
        waves |= {name: after[name] for name in names[: draw.randint(1, 3)]}
    if about == "site" or draw.random() < 0.5:
        waves |= calendar
    asked = _asking(draw)
    made: dict[str, Any] = {
        **asked,
        "about": about,
        "raters": draw.sample(RATERS, 2),
        "by": draw.choice(["one", "each"]),
        "window": {"early": draw.choice(LENGTHS), "late": draw.choice(LENGTHS)},
        "waves": waves,
        "reminders": draw.choice([[], ["P7D"], ["P3D", "P1M"]]),
        "edition": "newest",
        "earlier": {},
    }
    if draw.random() < 0.6:
        made["baseline"] = {"within": draw.choice(LENGTHS), "before": draw.choice(LENGTHS), "source": "L1"}
    ends = ["2016-01-31", "2016-04-30"][: draw.randint(0, 2)]
    for name, until in zip(("oldest", "older"), ends, strict=False):
        made["earlier"][name] = {
            **_asking(draw, asked["scale"]["better"]),
            "until": until,
            "comparable": draw.random() < 0.6,
            "source": "L1",
        }
    return item("Goals", **made)


def _asking(draw: Random, better: str | None = None) -> dict[str, Any]:
    items: dict[str, Any] = {name: item(name) for name in ITEMS[: draw.randint(2, 3)]}
    last = list(items)[-1]
    if draw.random() < 0.3:
        items[last]["asked_of"] = {"item": "first", "answers": [1, 9]}
    elif draw.random() < 0.3:
        items[last]["raters"] = ["citizen"]
    elif draw.random() < 0.2:
        items[last]["advice"] = True
    score: dict[str, Any] = {"combine": draw.choice(["sum", "mean"]), "times": draw.choice([1, 4, 0.1])}
    if draw.random() < 0.6:
        score["at_least"] = draw.randint(1, 2)
    low = draw.choice([-2, 0, 1])
    return {
        "scale": {"low": low, "high": 4, "better": better or draw.choice(["higher", "lower", "neither"])},
        "beside": {9: item("Don't know", means="dont_know")},
        "items": items,
        "scores": {"total": item("Total", **score)},
    }


def records(draw: Random, asked: dict[str, Any], people: int) -> Casebook:
    """Enrolments, exits, pauses, answers and what was done about rounds of ``asked``."""
    book = Casebook(programme(questionnaires={"goals": asked}))
    edges = _edges(asked)
    begun = date.fromisoformat(STARTS[0])
    for number in range(people):
        enrolments: list[str | None] = []
        for one in range(draw.choice([1, 1, 2, 3])):
            begun = date.fromisoformat(draw.choice(STARTS)) + timedelta(draw.choice([0, 0, 1, 90]))
            name = f"e{number:03d}-{one}"
            enrolments.append(name)
            book.enrol(begun, person=f"p{number}", enrolment=name, site=draw.choice(["north", "city"]))
            if draw.random() < 0.4:
                gone = _near(draw, begun, edges)
                book.leave(max(gone, begun), person=f"p{number}", enrolment=name)
            if draw.random() < 0.2:
                away = _near(draw, begun, edges)
                book.fact("pause", away, to=away + timedelta(20), person=f"p{number}", enrolment=name)
            whose: dict[str, Any] = {"person": f"p{number}", "enrolment": name}
            _said(draw, book, asked, begun, edges, whose)
        if draw.random() < 0.1:
            _said(draw, book, asked, begun, edges, {"person": f"p{number}", "enrolment": None})
    return book


def at_sites(draw: Random, asked: dict[str, Any]) -> Casebook:
    """Answers from the two sites, by respondents with and without a name."""
    book = Casebook(programme(questionnaires={"goals": asked}))
    for site in ("north", "city"):
        for _ in range(3):
            begun = date.fromisoformat(draw.choice(["2015-12-15", "2016-02-10", "2016-02-29", "2016-05-31"]))
            _said(draw, book, asked, begun, _edges(asked), {"person": None, "enrolment": None, "site": site})
    return book


def _said(
    draw: Random, book: Casebook, asked: dict[str, Any], begun: date, edges: list[int], whose: dict[str, Any]
) -> None:
    site = asked["about"] == "site"
    waves = [None, None, *asked["waves"]]
    rest = {"questionnaire": "goals", **whose}
    for _ in range(draw.choice([0, 1, 2, 3, 5])):
        given = {
            f"answer.{name}": draw.choice(
                [-2, 0, 1, 2, 3, 4, 9, None] if draw.random() < 0.4 else [1, 2, 3, 4]
            )
            for name in ITEMS
            if any(name in one["items"] for one in (asked, *asked["earlier"].values()))
        }
        if site:
            rest["respondent"] = draw.choice(["r1", "r2", None])
        wave = draw.choice(waves) if draw.random() < 0.4 else None
        named = draw.choice([None, None, None, asked["edition"], *asked["earlier"]])
        book.fact(
            "site_answered" if site else "questionnaire_answered",
            _near(draw, begun, edges),
            **{**rest, "rater": draw.choice([*RATERS, None]), "wave": wave, "edition": named, **given},
        )
    for _ in range(draw.choice([0, 0, 1, 2])):
        if site:
            rest["respondent"] = draw.choice(["r1", None])
        book.fact(
            "site_asked" if site else "questionnaire_asked",
            _near(draw, begun, edges),
            **{**rest, "rater": draw.choice([*RATERS, None]), "wave": draw.choice(waves)},
            step=draw.choice(STEPS),
        )


def _edges(asked: dict[str, Any]) -> list[int]:
    """Days from enrolment around which something opens, is due or closes."""
    return [-31, -30, -14, -7, 0, 7, 14, 16, 28, 30, 31, 44, 59, 61, 90, 91, 92, 168, 181, 182, 196, 210]


def _near(draw: Random, begun: date, edges: list[int]) -> date:
    if draw.random() < 0.2:
        return date.fromisoformat(
            draw.choice(["2015-12-14", "2015-12-15", "2016-01-31", "2016-02-01", "2016-02-29", "2016-03-01"])
        )
    return begun + timedelta(draw.choice(edges) + draw.randint(-1, 1))
