"""Checks by a programme's own terms: outcomes of events, arms of draws, reasons, participants and settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

import polars as pl

from indsats.programme import Programme, Setting

from .deviations import deviation_checks
from .findings import Check, choose, current, listed
from .kinds import KINDS


def term_checks(kind: str, programme: Programme) -> list[Check]:
    """Checks of a kind whose fields depend on one another, or on a part of the definition."""
    own = _OF_KIND[kind](programme) if kind in _OF_KIND else []
    return [*own, *(check for name in KINDS[kind].lists for check in _names(kind, name, programme))]


def _event_values(programme: Programme) -> list[Check]:
    """The outcomes an event may have stand with the event; one without outcomes has none."""
    without = [name for name, event in programme.events.items() if not event.values]
    checks = [
        Check(
            "value",
            current(programme) & pl.col("value").is_not_null() & pl.col("event").is_in(without),
            "the event has no outcomes",
            "Leave 'value' empty, or list its outcomes under 'values' of the event in the definition.",
        )
    ]
    for name, event in programme.events.items():
        if event.values:
            checks.append(listed("value", event.values, current(programme) & (pl.col("event") == name)))
    return checks


def _arms(programme: Programme) -> list[Check]:
    return [
        listed("arm", draw.arms, current(programme) & (pl.col("draw") == name))
        for name, draw in programme.draws.items()
    ]


def _requirement_answers(programme: Programme) -> list[Check]:
    """Who may answer "partly", and the reasons a requirement that was not wholly met may have."""
    whole = [name for name, asked in programme.requirements.items() if asked.answer != "yes_partly_no"]
    checks = [
        Check(
            "answer",
            current(programme) & (pl.col("answer") == "partly") & pl.col("requirement").is_in(whole),
            "the requirement cannot be met partly",
            "Answer yes, no or not_applicable; 'partly' goes with requirements whose 'answer' is yes_partly_no.",
        )
    ]
    missed = pl.col("reason").is_not_null() & pl.col("answer").is_in(["no", "partly"]) & current(programme)
    for name, requirement in programme.requirements.items():
        known = requirement.if_no
        if known:
            checks.append(
                Check(
                    "reason",
                    missed & (pl.col("requirement") == name) & ~pl.col("reason").is_in(known),
                    f"the reason is not one that requirement '{name}' can be missed for",
                    lambda value, known=known: choose(value, known, "reason"),
                )
            )
    return checks


def _site_settings(programme: Programme) -> list[Check]:
    chosen = {name: setting for name, setting in programme.settings.items() if setting.override}
    fixed = [name for name in programme.settings if name not in chosen]
    given = ", ".join(chosen) or "none"
    checks = [
        Check(
            "setting",
            current(programme) & pl.col("setting").is_in(fixed),
            "the setting is the same for all sites of the programme",
            f"Leave the row out. Settings a site may choose have 'override: true': {given}.",
        ),
        listed("setting", chosen, current(programme), "setting"),
        Check(
            "occurred_to",
            pl.col("occurred_to").is_not_null(),
            "a setting has no end: it holds until the site chooses another",
            "Leave it empty, and record the next value with the day it holds from.",
        ),
    ]
    for name, setting in chosen.items():
        checks += _chosen_value(name, setting, current(programme) & (pl.col("setting") == name))
    return checks


def _chosen_value(name: str, setting: Setting, this: pl.Expr) -> list[Check]:
    """A value within what a site may choose; a length is a whole number, and 1 at least where no bound is set."""
    value = pl.col("value")
    low, high = setting.low, setting.high
    checks: list[Check] = []
    if setting.measures != "number":
        low = 1.0 if low is None else low
        checks.append(
            Check(
                "value",
                this & (value != value.round()),
                f"'{name}' is a length in whole {setting.measures}",
                f"Write a whole number of {setting.measures}.",
            )
        )
    bounds: dict[str, pl.Expr] = {}
    if low is not None:
        bounds[f"at least {low:g}"] = value < low
    if high is not None:
        bounds[f"at most {high:g}"] = value > high
    remedy = f"Choose {' and '.join(bounds)} ({setting.unit.en})."
    what = f"the value is outside what a site may choose for '{name}'"
    checks += [Check("value", this & broken, what, remedy) for broken in bounds.values()]
    return checks


def _names(kind: str, field: str, programme: Programme) -> list[Check]:
    """Names joined by ";", each in the code list for the field or a role; without both any name will do."""
    codes = programme.codes_for(f"{kind}.{field}")
    known: Collection[str] = codes.values if codes is not None else programme.roles
    if not known:
        return []
    strange = pl.col(field).str.split(";").list.eval(~pl.element().is_in(list(known))).list.any()

    def remedy(joined: str) -> str:
        first = next(name for name in joined.split(";") if name not in known)
        return f"{choose(first, known, 'role')} Join several by ';'."

    what = "somebody named is not a role of the programme"
    return [Check(field, current(programme) & strange, what, remedy)]


_OF_KIND: Mapping[str, Callable[[Programme], list[Check]]] = {
    "drawn": _arms,
    "event": _event_values,
    "requirement_answered": _requirement_answers,
    "site_setting": _site_settings,
    "deviation_explained": partial(deviation_checks, "deviation_explained"),
    "action_planned": partial(deviation_checks, "action_planned"),
}
