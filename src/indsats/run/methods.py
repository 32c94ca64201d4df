"""How an evaluation is made and what indicators count, in words from the definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indsats import __version__
from indsats.language import LANGUAGES, day
from indsats.programme import (
    DefinitionsBlock,
    Evaluation,
    MethodBlock,
    Programme,
    Text,
    Weighting,
    check_in_words,
    estimate_in_words,
    field_in_words,
    history_in_words,
    indicator_in_words,
    matching_in_words,
    outcome_in_words,
    source_in_words,
    who_in_words,
)
from indsats.report import Block, Cell, Column, Passage, Table

from . import methods_words as words
from .estimators import PAIRS
from .tried import CHECKS
from .words import RAW, joined


def method_blocks(programme: Programme, block: MethodBlock) -> Iterator[Block]:
    """How an evaluation is made: the question and who is compared as running text; outcomes, background, estimates
    with what they assume, and checks as tables; then tests, what is left out and what is not computed."""
    name, evaluation = block.evaluation, programme.evaluations[block.evaluation]
    stem = f"method-{name}"
    yield Passage(f"{stem}-who", _paragraphs([evaluation.ask, _points(_who(programme, name, evaluation))]))
    yield _outcomes(programme, evaluation, f"{stem}-outcomes", block.title)
    yield _background(programme, evaluation, f"{stem}-background", block.title)
    yield _estimates(programme, evaluation, f"{stem}-estimates", block.title)
    if evaluation.sensitivity:
        yield _checks(programme, evaluation, f"{stem}-checks", block.title)
    many = words.NOT_MANY
    if evaluation.multiplicity is not None:
        many = words.MANY[evaluation.multiplicity]
    paragraphs = [words.INTERVALS]
    if len(evaluation.outcomes) > 1:
        paragraphs.append(many)
    paragraphs.append(words.ROWS_LEFT_OUT if evaluation.rows else words.LEFT_OUT)
    paragraphs.append(words.software(__version__))
    yield Passage(f"{stem}-tests", _paragraphs(paragraphs))
    if evaluation.further:
        further = [
            _pair(f"**{one.title.da}.** {one.about.da}", f"**{one.title.en}.** {one.about.en}")
            for one in evaluation.further
        ]
        yield Passage(f"{stem}-not-here", _paragraphs([words.NOT_HERE, _points(further)]))


def definition_blocks(programme: Programme, block: DefinitionsBlock) -> Iterator[Block]:
    """What the indicators of a block show, what they count among whom, and where that is from."""
    shown = [programme.indicators[name] for name in block.indicators or programme.indicators]
    if not shown:
        return
    yield Table(
        "definitions",
        block.title,
        (
            Column("indicator", words.INDICATOR),
            Column("about", words.ABOUT),
            Column("counted", words.COUNTED),
            Column("source", words.SOURCE),
        ),
        tuple(
            (one.title, one.about, indicator_in_words(programme, one), source_in_words(one)) for one in shown
        ),
        notes=(words.SOURCE_NOTE,),
    )


def _who(programme: Programme, name: str, evaluation: Evaluation) -> Iterator[Text]:
    yield from who_in_words(programme, name)
    yield words.OTHERS
    if evaluation.cluster is not None:
        yield words.clustered(_named(programme, name, evaluation, evaluation.cluster))
    if evaluation.effort_starts is not None:
        yield words.begun(day(evaluation.effort_starts, "da"), day(evaluation.effort_starts, "en"))


def _outcomes(programme: Programme, evaluation: Evaluation, table: str, title: Text) -> Table:
    controls = evaluation.negative_controls
    return Table(
        table,
        joined(title, words.OUTCOMES),
        (Column("outcome", words.OUTCOME), Column("kind", words.KIND), Column("what", words.WHAT)),
        tuple(
            (
                one.title,
                words.CONTROL_OUTCOME if one.id in controls else words.OUTCOME,
                outcome_in_words(programme, one),
            )
            for one in evaluation.outcomes
        ),
    )


def _background(programme: Programme, evaluation: Evaluation, table: str, title: Text) -> Table:
    made = {one.id: one for one in evaluation.history}

    def source(field: str) -> Text:
        if field in made:
            return history_in_words(programme, made[field])
        if field in evaluation.derive:
            return words.DERIVED
        return words.OF_DATA if evaluation.rows else words.OF_PERSON

    return Table(
        table,
        joined(title, words.BACKGROUND),
        (Column("characteristic", words.COVARIATE), Column("from", words.FROM_WHERE)),
        tuple((one.title, source(one.field)) for one in evaluation.covariates),
    )


def _estimates(programme: Programme, evaluation: Evaluation, table: str, title: Text) -> Table:
    rows: list[tuple[Cell, ...]] = []

    def add(key: str, name: Text, how: Text, holds: Text, reference: str) -> None:
        main = key == (evaluation.main_estimate or "raw")
        rows.append((_marked(name) if main else name, how, holds, reference))

    add("raw", RAW, words.RAW_HOW, words.RAW_HOLDS, "Newcombe 1998, Statistics in Medicine 17:873–890")
    if evaluation.matching is not None:
        on = evaluation.matching.on
        add("matched", PAIRS[on], matching_in_words(programme, evaluation), *words.PAIRS[on])
    for one in evaluation.estimates:
        holds, reference = words.ASSUMED[one.kind]
        if isinstance(one, Weighting):
            reference = words.WEIGHTING[one.by]
        add(one.id, one.title, estimate_in_words(programme, evaluation, one), holds, reference)
    columns = (
        Column("estimate", words.ESTIMATE),
        Column("how", words.HOW),
        Column("holds", words.HOLDS_WHEN),
        Column("reference", words.REFERENCE),
    )
    return Table(table, joined(title, words.ESTIMATES), columns, tuple(rows))


def _checks(programme: Programme, evaluation: Evaluation, table: str, title: Text) -> Table:
    return Table(
        table,
        joined(title, words.CHECKS),
        (
            Column("check", words.CHECK),
            Column("shows", words.SHOWS),
            Column("reference", words.REFERENCE),
        ),
        tuple(
            (
                CHECKS.get(one.check, words.SUBGROUPS),
                check_in_words(programme, evaluation, one),
                words.DESCRIBED[one.check],
            )
            for one in evaluation.sensitivity
        ),
    )


def _named(programme: Programme, name: str, evaluation: Evaluation, field: str) -> Text:
    """What a field of an evaluation's data is called."""
    for one in evaluation.covariates:
        if one.field == field:
            return one.title
    table = f"evaluation:{name}"
    return Text.model_validate({lang: field_in_words(programme, table, field, lang) for lang in LANGUAGES})


def _marked(name: Text) -> Text:
    return _pair(f"{name.da}{words.MAIN.da}", f"{name.en}{words.MAIN.en}")


def _paragraphs(texts: Sequence[Text]) -> Text:
    return _pair("\n\n".join(one.da for one in texts), "\n\n".join(one.en for one in texts))


def _points(texts: Iterable[Text]) -> Text:
    """A list in Markdown, a point each."""
    listed = list(texts)
    return _pair("\n".join(f"- {one.da}" for one in listed), "\n".join(f"- {one.en}" for one in listed))


def _pair(da: str, en: str) -> Text:
    return Text(da=da, en=en)
