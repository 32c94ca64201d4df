"""The five development goals of the outreach programme, with its seven classes, for tests of measurement."""

from __future__ import annotations

from typing import Any

from casebook import item, text

ITEMS = ("skills", "focus", "personal", "social", "health")


def goals(**rest: Any) -> dict[str, Any]:
    """The questionnaire as a part of a definition (004_525ef955d6d57c5c.txt L902-923, decision 1)."""
    classes = (
        ("G", "health == 1 or social == 1", "poor"),
        ("F", "answers_in(1, 2) >= 4", "poor"),
        ("E", "answers_in(1, 2) >= 2", "poor"),
        ("D", "answers_in(1, 2) == 1", "good"),
        ("C", "answers_in(3, 3) >= 3", "good"),
        ("B", "answers_in(3, 3) >= 1", "good"),
        ("A", "answers_in(4, 5) == 5", "good"),
    )
    return item(
        "Goals",
        **{
            "scale": {"low": 1, "high": 5},
            "items": {name: item(name) for name in ITEMS},
            "raters": ["caseworker", "citizen"],
            "sides": {"good": item("Good"), "poor": item("Poor")},
            "classes": [
                {"id": name, "title": text(name), "source": "L911", "when": when, "side": side}
                for name, when, side in classes
            ],
            **rest,
        },
    )


def all_at(level: int | None) -> dict[str, int | None]:
    """Every item answered alike."""
    return dict.fromkeys(ITEMS, level)
