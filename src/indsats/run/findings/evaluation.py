"""What the tables of an evaluation say: who is compared, how far it may be called an effect, and each outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indsats.evaluate import LEVEL
from indsats.figure import Figure
from indsats.programme import Block as Asked
from indsats.programme import (
    DifferenceInDifferences,
    Evaluation,
    EvaluationBlock,
    PlanBlock,
    Text,
)
from indsats.report import Block, Sentence

from .. import evaluation_words, tried
from ..material import Material
from ..plans import Plan
from ..words import both
from .words import (
    MOST,
    Row,
    caveat,
    counted,
    excludes_zero,
    listed,
    plain,
    rows_of,
    same_printed,
    sentence,
    tables,
    unit_of,
)

Strength = Literal["certain", "suggested", "biased", "not_shown"]
"""How much may be said of a difference; ``biased``: beyond chance, but with a reservation that is grave."""

_DESIGN_DOUBTS = frozenset(
    text.da
    for text in (
        evaluation_words.FOLLOW_UP,
        evaluation_words.CLUSTERS,
        evaluation_words.BEFORE,
        *tried.CHECKS.values(),
    )
)
"""What a reservation can be about, beside the method, that touches the conclusion."""
_OF_ALL = both("af", "of"), both(".", ".")
_OF_SOME = (
    both("gjort ud af", "drawn from"),
    both(", og ikke alle indgår i hver forskel.", ", and not all are part of every difference."),
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The main estimate of one outcome, and its p-value once corrected for there being several, where it is."""

    row: Row
    adjusted: Figure | None
    first: bool
    several: bool
    corrected: bool

    @property
    def difference(self) -> Figure | None:
        return self.row.figure("difference")

    def strength(self, *, grave: bool) -> Strength:
        """What the interval, the correction and the reservations together allow to be said."""
        if self.difference is None or not excludes_zero(self.difference):
            return "not_shown"
        if grave:
            return "biased"
        if self.corrected:
            p = None if self.adjusted is None else self.adjusted.value
            return "certain" if p is not None and p < LEVEL else "suggested"
        return "certain" if self.first or not self.several else "suggested"


def evaluation(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """Who is compared, what the design lets a difference mean, the outcomes, and whether it was planned."""
    if not isinstance(asked, EvaluationBlock):
        return
    question = material.programme.evaluations[asked.evaluation]
    outcomes = _outcomes(question, asked.evaluation, made)
    if not outcomes:
        return
    methods = {row.row.text("method").da for row in outcomes}
    weights = _weights(made, methods)
    grave = tried.SEVERITY["grave"].da in weights
    yield from _who(made, outcomes)
    yield _meaning(question, grave=grave, adjusted=_is_adjusted(outcomes))
    yield from _told(question, outcomes, grave=grave)
    if not grave and tried.SEVERITY["doubt"].da in weights:
        yield caveat(
            "Der er forbehold ved sammenligningen; de står i tabellen over forbehold.",
            "There are reservations about the comparison; they stand in the table of reservations.",
        )
    if not question.rows:
        yield from (replace(one, caveat=True) for one in _unplanned(material.plans.get(asked.evaluation)))


def _outcomes(question: Evaluation, name: str, made: Sequence[Block]) -> list[_Outcome]:
    """The main estimate of every outcome the effort can have changed, in the definition's order."""
    adjusted: dict[str, Figure] = {}
    for table in tables(made, "outcome", "adjusted"):
        for row in rows_of(table):
            figure = row.figure("adjusted")
            if figure is not None:
                adjusted[figure.id.split("/")[2]] = figure
    at: dict[tuple[str, str], Row] = {}
    for table in tables(made, "outcome", "method", "difference"):
        for row in rows_of(table):
            cell = row.cell("difference")
            parts = cell.id.split("/") if isinstance(cell, Figure) else []
            if parts[:2] == ["effect", name] and parts[4:] == ["difference"]:
                at[parts[2], parts[3]] = row
    tested = [one.id for one in question.outcomes if one.id not in question.negative_controls]
    main = question.main_estimate or "raw"
    found: list[_Outcome] = []
    for outcome in tested:
        row = at.get((outcome, main), at.get((outcome, "raw")))
        if row is not None:
            found.append(_Outcome(row, adjusted.get(outcome), not found, len(tested) > 1, bool(adjusted)))
    return found


def _is_adjusted(outcomes: Sequence[_Outcome]) -> bool:
    """Whether every main estimate is more than the plain difference."""
    cells = [one.row.cell("difference") for one in outcomes]
    return not any(isinstance(cell, Figure) and cell.id.split("/")[3] == "raw" for cell in cells)


def _weights(made: Sequence[Block], methods: set[str]) -> set[str]:
    """How grave the reservations are that touch the main estimates: about the design, a check or the method."""
    found: set[str] = set()
    for table in tables(made, "weight", "about", "doubt"):
        for row in rows_of(table):
            about = set(row.text("about").da.split("; "))
            if about & (_DESIGN_DOUBTS | methods):
                found.add(row.text("weight").da)
    return found


def _who(made: Sequence[Block], outcomes: Sequence[_Outcome]) -> Iterator[Sentence]:
    """The persons there are to compare; that an estimate may rest on fewer where one does, as where twins are found."""
    for table in tables(made, "step", "persons"):
        at = {
            figure.id.rpartition("/")[2]: row for row in rows_of(table) if (figure := row.figure("persons"))
        }
        if {"treated", "untreated"} <= at.keys():
            levels = [
                (side, figure)
                for one in outcomes
                for side in ("treated", "untreated")
                if (figure := one.row.figure(side)) is not None
            ]
            everybody = len(levels) == 2 * len(outcomes) and all(
                figure.denominator == at[side].value("persons") for side, figure in levels
            )
            how, end = _OF_ALL if everybody else _OF_SOME
            yield sentence(
                f"Sammenligningen er {how.da} {{{{treated}}}} i indsatsgruppen og {{{{untreated}}}} i "
                f"sammenligningsgruppen, hvis udfald kendes; den siger ikke noget om andre{end.da}",
                f"The comparison is {how.en} {{{{treated}}}} in the programme group and {{{{untreated}}}} in the "
                f"comparison group whose outcomes are known; it says nothing about others{end.en}",
                of=(figure for _, figure in levels),
                treated=at["treated"].told("persons"),
                untreated=at["untreated"].told("persons"),
            )


def _meaning(question: Evaluation, *, grave: bool, adjusted: bool) -> Sentence:
    """What the design lets a difference mean."""
    if grave:
        return caveat(
            "En forskel må her ikke læses som en virkning: der er alvorlige forbehold, som står i tabellen.",
            "A difference may not be read as an effect here: there are grave reservations, which stand in the table.",
        )
    if question.design == "randomised":
        return caveat(
            "Indsatsen er fordelt ved lodtrækning, så en forskel ud over det tilfældige kan læses som en virkning.",
            "The effort was given by drawing lots, so a difference beyond chance can be read as an effect.",
        )
    if question.design == "difference-in-differences":
        return caveat(
            "En forskel er kun en virkning, hvis grupperne ellers ville have udviklet sig ens; det kan ikke bevises.",
            "A difference is only an effect if the groups would otherwise have developed alike; that cannot be proved.",
        )
    if not adjusted:
        return caveat(
            "Grupperne er sammenlignet, som de er; en forskel er ikke en virkning.",
            "The groups are compared as they are; a difference is not an effect.",
        )
    return caveat(
        "Der er taget højde for det, der er kendt om grupperne; en forskel er kun en virkning, hvis de også ligner "
        "hinanden på resten.",
        "What is known of the groups is allowed for; a difference is only an effect if they are alike in the rest as "
        "well.",
    )


def _told(question: Evaluation, outcomes: Sequence[_Outcome], *, grave: bool) -> Iterator[Sentence]:
    """The first outcome, those beyond chance, and the others together."""
    did = any(
        isinstance(one, DifferenceInDifferences) and one.id == question.main_estimate
        for one in question.estimates
    )
    weight: Mapping[Strength, int] = {"certain": 0, "biased": 1, "suggested": 2, "not_shown": 3}
    known = [one for one in outcomes if one.difference is not None]
    order = sorted(known, key=lambda one: (not one.first, weight[one.strength(grave=grave)]))
    single = [one for one in order if one.first or one.strength(grave=grave) != "not_shown"][:MOST]
    rest = [one for one in known if one not in single]
    for one in single:
        yield _of_outcome(one, one.strength(grave=grave), did=did)
    shown = [one for one in rest if one.strength(grave=grave) != "not_shown"]
    rest = [one for one in rest if one not in shown]
    if rest:
        names = listed([one.row.name for one in rest])
        yield sentence(
            f"Der er ikke påvist en forskel i {names.da}.",
            f"No difference is shown in {names.en}.",
            of=(one.difference for one in rest if one.difference is not None),
        )
    unknown = [one.row for one in outcomes if one.difference is None]
    if unknown:
        names = listed([row.name for row in unknown])
        yield sentence(
            f"Hovedmetoden kunne ikke bruges på {names.da} i disse data.",
            f"The main method could not be used for {names.en} in these data.",
            of=(figure for row in unknown for figure in row.figures()),
        )


def _of_outcome(one: _Outcome, strength: Strength, *, did: bool) -> Sentence:
    row, difference = one.row, one.difference
    if difference is None:
        raise ValueError("an outcome is told of that has no estimate")
    slots = {
        "difference": row.told("difference"),
        "low": row.told("difference", "low"),
        "high": row.told("difference", "high"),
    }
    of = [one.adjusted] if one.adjusted is not None else []
    title, (da, en), (shown, how) = plain(row.name), unit_of(difference), _compared(row, difference, did=did)
    if shown is not None:
        slots |= {"treated": row.told("treated"), "untreated": row.told("untreated")}
    if strength == "not_shown":
        levels = ("", "") if shown is None else (f" ({shown.da})", f" ({shown.en})")
        return sentence(
            f"{title.da}: der er ikke påvist en forskel{levels[0]}. Alt fra {{{{low}}}} til {{{{high}}}}{da} er "
            "foreneligt med tallene.",
            f"{title.en}: no difference is shown{levels[1]}. Everything from {{{{low}}}} to {{{{high}}}}{en} agrees "
            "with the numbers.",
            of=[*of, difference],
            **slots,
        )
    verdict = _VERDICTS[strength]
    said = how if shown is None else both(f"{shown.da}, altså {how.da}", f"{shown.en}, that is {how.en}")
    return sentence(
        f"{title.da}: {said.da} (forskel {{{{difference}}}}{da}, usikkerhed fra {{{{low}}}} til {{{{high}}}}). "
        f"{verdict.da}",
        f"{title.en}: {said.en} (difference {{{{difference}}}}{en}, uncertainty from {{{{low}}}} to {{{{high}}}}). "
        f"{verdict.en}",
        of=of,
        **slots,
    )


def _compared(row: Row, difference: Figure, *, did: bool) -> tuple[Text | None, Text]:
    """Both groups' levels where the difference is that of the two, and which way the difference goes.

    An adjusted difference beside levels that are not would read as a mistake.
    """
    up = (difference.value or 0.0) > 0
    if did:
        return None, both(
            f"steget {'mere' if up else 'mindre'} eller faldet {'mindre' if up else 'mere'} end i "
            "sammenligningsgruppen",
            f"risen {'more' if up else 'less'} or fallen {'less' if up else 'more'} than in the comparison group",
        )
    way = both("højere", "higher") if up else both("lavere", "lower")
    treated, untreated = row.figure("treated"), row.figure("untreated")
    if treated is None or untreated is None:
        return None, both(f"{way.da}, jo mere indsats", f"{way.en}, the more effort")
    plain_gap = replace(difference, value=(treated.value or 0.0) - (untreated.value or 0.0))
    if same_printed(plain_gap, difference, row.decimals("difference")):
        levels = both(
            "{{treated}} i indsatsgruppen mod {{untreated}} i sammenligningsgruppen",
            "{{treated}} in the programme group against {{untreated}} in the comparison group",
        )
        return levels, way
    return None, both(
        f"{way.da} i indsatsgruppen, når der er taget højde for det kendte",
        f"{way.en} in the programme group when what is known is allowed for",
    )


_VERDICTS: Mapping[Strength, Text] = {
    "certain": both("Forskellen er statistisk sikker.", "The difference is statistically certain."),
    "suggested": both(
        "Det tyder på en forskel, men den kan være tilfældig, når flere effektmål prøves på én gang.",
        "It suggests a difference, but it may be chance when several outcomes are tried at once.",
    ),
    "biased": both(
        "Forskellen er større end tilfældet, men må ikke læses som en virkning.",
        "The difference is beyond chance but may not be read as an effect.",
    ),
}


def _unplanned(standing: Plan | None) -> Iterator[Sentence]:
    if standing is None or standing.registered is None or not standing.in_time:
        yield sentence(
            "Der er ingen plan fra før, udfaldene blev læst; læs resultatet som en afsøgning.",
            "There is no plan from before outcomes were read; read the result as exploration.",
        )


def plan(asked: Asked, _: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """Whether the evaluation was planned before outcomes were read, and how far it departs from the plan."""
    if not isinstance(asked, PlanBlock):
        return
    standing = material.plans.get(asked.evaluation)
    yield from _unplanned(standing)
    if standing is None or standing.registered is None:
        return
    if standing.in_time:
        yield sentence(
            "Planen blev registreret, før udfaldene blev læst.",
            "The plan was registered before outcomes were read.",
        )
    departed = [one for one in standing.deviations if one.standing != "as planned"]
    if not departed:
        yield sentence("Evalueringen følger planen.", "The evaluation follows the plan.")
        return
    slots = {
        "changed": counted(f"plan/{asked.evaluation}/changed", len(departed)),
        "all": counted(f"plan/{asked.evaluation}/all", len(standing.deviations)),
    }
    yield sentence(
        "Evalueringen afviger fra planen på {{changed}} af {{all}} punkter.",
        "The evaluation departs from the plan on {{changed}} of {{all}} points.",
        of=(),
        **slots,
    )
