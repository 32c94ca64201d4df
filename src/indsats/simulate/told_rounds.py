"""The truth of questionnaires: what was planted in their rounds, and what came of it."""

from __future__ import annotations

from typing import Any

import polars as pl

from indsats.programme import Questionnaire

from .filtering import place_of
from .forms import forms_of, left_out
from .world import World


def rounds(world: World) -> dict[str, Any]:
    """By questionnaire, round and rater the sets of answers and the mean answer; the points its forms lack.

    The level of the persons or sites rises by ``rise`` from round to round, each later rater rates lower by
    ``gap``, in standard deviations of persons. ``rounds`` counts by round who was due (once for each rater where
    each answers), who of them answered, and how many of these after it had closed; ``steps`` what else was done,
    ``beside`` the single answers beside the scale, ``editions`` the sets by edition, ``form_lacks`` the point that
    the form of an edition was printed without.
    """
    told: dict[str, Any] = {}
    for key, questionnaire in world.programme.questionnaires.items():
        kind = questionnaire.answer_kind
        table = world.ledger.table(kind)
        if table is None:
            continue
        rows = table.filter(pl.col("questionnaire") == key).with_columns(_place=place_of(questionnaire))
        rows, beside = _on_scale(rows, questionnaire)
        items = [f"answer.{item}" for item in questionnaire.all_items if f"answer.{item}" in rows.columns]
        means = (
            rows.with_columns(mean=pl.mean_horizontal(items))
            .group_by("wave", "rater")
            .agg(pl.len().alias("sets"), pl.col("mean").mean().round(6))
            .sort("wave", "rater", nulls_last=True)
        )
        names = list(questionnaire.editions)
        editions = rows.group_by("_place").len().sort("_place")
        told[key] = {
            "about": questionnaire.about,
            "planted": _planted(world),
            "rise": 0.0 if questionnaire.classes else world.profile.wave_rise,
            "gap": 0.0 if questionnaire.classes else world.profile.rater_gap,
            "by_round_and_rater": means.to_dicts(),
            "rounds": _made(world, rows, key, questionnaire.about),
            "steps": _steps(world, key, questionnaire),
            "beside": beside,
            "editions": {names[place]: number for place, number in editions.iter_rows()},
            "form_lacks": {
                form.edition: form.lacks
                for form in forms_of(world.programme, key, world.seed)
                if form.lacks is not None
            },
        }
        missing = left_out(world.programme, key)
        if missing is not None:
            told[key]["option_left_out"] = {"site": str(world.places.ids[missing[0]]), "answer": missing[1]}
        if questionnaire.about == "site":
            told[key]["respondents"] = rows["respondent"].n_unique()
            told[key]["in_every_round"] = _in_every_round(rows)
    return told


def _planted(world: World) -> dict[str, float]:
    names = ("wave_answered", "respondent_answers", "round_late_share", "reminded_share", "round_declined",
             "round_not_relevant", "round_not_reached", "beside_scale_share", "answered_twice_share",
             "other_rater_share", "old_form_share")  # fmt: skip
    return {name: getattr(world.profile, name) for name in names}


def _on_scale(rows: pl.DataFrame, questionnaire: Questionnaire) -> tuple[pl.DataFrame, int]:
    """``rows`` without the answers beside the scale, and how many these were."""
    found = 0
    for number, asking in enumerate(questionnaire.editions.values()):
        codes = list(asking.beside)
        names = [f"answer.{item}" for item in asking.items if f"answer.{item}" in rows.columns]
        if not codes or not names:
            continue
        off = {name: (pl.col("_place") == number) & pl.col(name).is_in(codes) for name in names}
        found += sum(rows.select(one.sum()).item() for one in off.values())
        rows = rows.with_columns(pl.when(~one).then(pl.col(name)).alias(name) for name, one in off.items())
    return rows, found


def _made(world: World, rows: pl.DataFrame, key: str, about: str) -> dict[str, dict[str, int]]:
    """By round the sets that were due, those of them that were given, and those given late."""
    made: dict[str, dict[str, int]] = {}
    who = "respondent" if about == "site" else "enrolment"
    for one in (one for one in world.expected if one.questionnaire == key):
        given = rows.filter(pl.col("wave") == one.wave)
        if one.rater is not None:
            given = given.filter(pl.col("rater") == one.rater)
        first = given.group_by(who).agg(pl.col("occurred_from").min())
        due = pl.DataFrame({who: pl.Series(one.who.tolist(), dtype=rows.schema[who]), "closes": one.closes})
        answered = due.join(first, on=who)
        part = made.setdefault(one.wave, {"due": 0, "answered": 0, "late": 0})
        part["due"] += due.height
        part["answered"] += answered.height
        part["late"] += answered.filter(pl.col("occurred_from") > pl.col("closes")).height
    return made


def _steps(world: World, key: str, questionnaire: Questionnaire) -> dict[str, int]:
    kind = questionnaire.step_kind
    table = world.ledger.table(kind)
    if table is None:
        return {}
    rows = table.filter(pl.col("questionnaire") == key)
    return dict(rows.group_by("step").len().sort("step").iter_rows())


def _in_every_round(rows: pl.DataFrame) -> int:
    number = rows["wave"].n_unique()
    return rows.group_by("respondent").agg(pl.col("wave").n_unique()).filter(pl.col("wave") == number).height
