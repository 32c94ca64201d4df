"""Whatever the numbers are, sentences claim no more than they allow, in both languages and without a typed digit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from indsats import library, programme
from indsats.figure import Figure
from indsats.language import LANGUAGES
from indsats.programme import SLOT, Block, EvaluationBlock, Programme, Text
from indsats.report import (
    Cell,
    Column,
    Document,
    Findings,
    Light,
    Paragraph,
    ProtectedFigure,
    Sentence,
    Table,
)
from indsats.report.passages import settled
from indsats.run import Material, document_of, gather, tried, words
from indsats.run.findings import RULES as TOLD
from indsats.run.findings import sentences
from indsats.run.findings.words import apart, is_few
from indsats.simulate import simulate
from indsats.steer import status

BLOCK: TypeAdapter[Block] = TypeAdapter(Block)
RULES = programme.load(library.definition_path("fremskudt-indsats"))
CERTAIN = re.compile(r"statistisk sikker|virkning er påvist|statistically certain|effect is shown")
CLAIMS = re.compile(
    r"skyldes|på grund af|takket være|har virket|virker\b|fører til|ført til|medfør|forårsag|bevirke|resulterer"
    r"|because|due to|thanks to|has worked|leads? to|\bled to|caused|brings? about|results? in",
    re.IGNORECASE,
)
"""Words that say that one thing makes another."""
EFFECT = re.compile(r"virkning|effekt\b|effekten|effect\b", re.IGNORECASE)
HEDGED = re.compile(
    r"\bikke\b|\bingen\b|\bhvis\b|\bkun\b|antag|\bno\b|\bnot\b|\bif\b|\bonly\b|assum|usikker|uncertain",
    re.IGNORECASE,
)
PERSONS = 150


def same(text: str) -> Text:
    return Text(da=text, en=text)


def table(id: str, columns: Sequence[str], *rows: Sequence[Cell]) -> Table:
    return Table(id, same("Tabel"), tuple(Column(one, same(one)) for one in columns), tuple(map(tuple, rows)))


def found(block: dict[str, object], *made: Table) -> tuple[Sentence, ...]:
    return sentences(BLOCK.validate_python(block), made, Material(RULES, None, None, None))


def whole(one: Sentence, titles: Sequence[str] = ()) -> None:
    """Both languages are there with the same slots, each slot has its figure, and no digit is typed."""
    slots = [{slot.group(2) for slot in SLOT.finditer(one.text.in_(lang))} for lang in LANGUAGES]
    assert slots[0] == slots[1] == set(one.told)
    for lang in LANGUAGES:
        text = SLOT.sub("", one.text.in_(lang))
        text = _without(text, titles)
        assert not re.search(r"\d", text), text
        assert text.strip().endswith("."), text
        assert "{" not in text.replace("\\{", "")
    assert not set(one.of) & {told.figure.id for told in one.told.values()}


# --- effects ---------------------------------------------------------------------------------------------------------

finite = st.floats(-1, 1).map(lambda value: round(value, 3))


@st.composite
def estimates(draw: st.DrawFn) -> list[tuple[float, float, float]]:
    """Up to four estimates as value, low and high."""
    count = draw(st.integers(1, 4))
    made: list[tuple[float, float, float]] = []
    for _ in range(count):
        low, value, high = sorted(draw(st.tuples(finite, finite, finite)))
        made.append((value, low, high))
    return made


@settings(deadline=None)
@given(estimates(), st.sampled_from(["grave", "doubt", "note"]), st.booleans(), st.floats(0, 1))
def test_certain_stands_only_where_the_interval_excludes_zero_and_nothing_speaks_against_it(
    drawn: list[tuple[float, float, float]], weight: str, corrected: bool, p: float
) -> None:
    asked = RULES.evaluations["virkning"]
    outcomes = [one.id for one in asked.outcomes][: len(drawn)]
    rows: list[tuple[Cell, ...]] = []
    for outcome, (value, low, high) in zip(outcomes, drawn, strict=True):
        stem = f"effect/virkning/{outcome}/matched"
        one, two = Figure.share(f"{stem}/treated", 30, 100), Figure.share(f"{stem}/untreated", 30, 100)
        gap = Figure(f"{stem}/difference", value, "points", low=low, high=high)
        rows.append((same(f"»{outcome}«"), same("Tvillinger"), one, two, gap))
    made = [table("effects", ("outcome", "method", "treated", "untreated", "difference"), *rows)]
    made.append(
        table(
            "doubts",
            ("weight", "about", "doubt"),
            (tried.SEVERITY[weight], same("Tvillinger"), same("x")),  # pyright: ignore[reportArgumentType]
        )
    )
    if corrected:
        ps = [(same(one), Figure(f"several/virkning/{one}/p-adjusted", p, "p")) for one in outcomes]
        made.append(table("several", ("outcome", "adjusted"), *ps))
    told = found({"block": "evaluation", "evaluation": "virkning"}, *made)
    assert told
    clear = {
        f"effect/virkning/{outcome}/matched/difference"
        for outcome, (_, low, high) in zip(outcomes, drawn, strict=True)
        if low > 0 or high < 0
    }
    for one in told:
        whole(one, outcomes)
        for lang in LANGUAGES:
            if CERTAIN.search(one.text.in_(lang)):
                assert {used.figure.id for used in one.told.values()} & clear
                assert weight != "grave"
                assert not corrected or p < 0.05
    named = {used.figure.id for one in told for used in one.told.values()} | {
        key for one in told for key in one.of
    }
    assert {f"effect/virkning/{one}/matched/difference" for one in outcomes} <= named, "none is left untold"


# --- targets ---------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(100, 900), st.integers(100, 900), st.sampled_from([words.FROM_OTHERS, words.FIXED]))
def test_the_better_direction_decides_the_words(realised: int, goal: int, basis: Text) -> None:
    """What is better where higher is, is poorer where lower is; equal as printed is the same level either way."""
    one = Figure.share("a", realised, 1000)
    other = Figure("b", goal / 1000, "share", given=basis is words.FIXED)
    told: dict[str, str] = {}
    for better, name in (("higher", "rettidighed-samtaler"), ("lower", "udeblivelser")):
        light = status(realised / 1000, goal / 1000, better)  # pyright: ignore[reportArgumentType]
        row = (same("A"), other, one, Light(light), basis)
        block = {"block": "targets", "title": {"da": "x", "en": "x"}, "unit": "ub", "indicators": [name]}
        [said] = found(block, table("t", ("indicator", "target", "realised", "status", "basis"), row))
        whole(said)
        told[better] = said.text.da
    if realised == goal:
        assert all("på samme niveau" in text for text in told.values())
        return
    good, poor = ("bedre resultater", "dårligere resultater")
    if basis is words.FIXED:
        good, poor = "har indfriet målet", "ikke indfriet"
    up, down = ("higher", "lower") if realised > goal else ("lower", "higher")
    assert good in told[up]
    assert poor in told[down]
    assert "på samme niveau" not in told[up] + told[down]


# --- places ----------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(200, 400)), min_size=2, max_size=8))
def test_places_are_told_apart_only_where_their_intervals_are(counts: list[tuple[int, int]]) -> None:
    figures = [
        Figure.share(f"f{place}", n, d, low=max(n / d - 0.05, 0.0), high=min(n / d + 0.05, 1.0))
        for place, (n, d) in enumerate(counts)
    ]
    columns = ("indicator", *(f"place-{place}" for place in range(len(figures))))
    block = {"block": "indicators", "title": {"da": "x", "en": "x"}, "indicators": ["udeblivelser"]}
    told = found(block, table("t", columns, (same("A"), *figures)))
    compared = [figure for figure in figures if not is_few(figure, RULES.disclosure_threshold)]
    assert len(told) == (1 if len(compared) > 1 else 0)
    for one in told:
        ends = [used.figure for used in one.told.values()]
        if ends:
            high, low = one.told["highest"].figure, one.told["lowest"].figure
            assert (high.low or 0) > (low.high or 0)
        everything = {*one.of, *(figure.id for figure in ends)}
        assert everything == {figure.id for figure in compared}, "the choice rests on all that are compared"


@settings(deadline=None)
@given(st.integers(2, 40), st.floats(0.01, 0.9))
def test_more_places_take_a_larger_difference(places: int, gap: float) -> None:
    one = Figure("a", 0.0, "mean", low=-0.1, high=0.1)
    other = Figure("b", gap, "mean", low=gap - 0.1, high=gap + 0.1)
    assert not apart(one, other, places + 1) or apart(one, other, places)
    assert apart(one, other, places) == apart(other, one, places)
    if gap <= 0.2:
        assert not apart(one, other, places)


def test_braces_in_a_name_open_no_slot() -> None:
    one = Figure.share("a", 70, 1000, low=0.05, high=0.09)
    other = Figure.share("b", 200, 1000, low=0.17, high=0.23)
    block = {"block": "indicators", "title": {"da": "x", "en": "x"}, "indicators": ["udeblivelser"]}
    [told] = found(block, table("t", ("indicator", "p", "q"), (same("{{highest}}"), one, other)))
    assert len(list(SLOT.finditer(told.text.da))) == len(told.told) == 2


# --- every report that is shipped ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.programmes())
def test_no_sentence_of_a_shipped_report_says_more_than_its_design(name: str, tmp_path: Path) -> None:
    definition = programme.load(library.definition_path(name))
    packaged = all(one.rows for one in definition.evaluations.values()) and not definition.units
    data = None if packaged else simulate(definition, PERSONS, 5, tmp_path / "data")
    material = gather(definition, data=data)
    told = 0
    for block in _blocks(definition):
        document = document_of(material, block)
        names = _titles(document)
        known = {figure.id for row in document.tables() for figure in row.figures()}
        for one in sentences(block, list(document.blocks()), material):
            told += 1
            whole(one, names)
            used = {slot.figure.id for slot in one.told.values() if slot.about_people}
            assert used | set(one.of) <= known, "every figure is one of a table"
            _goes_with_its_figures(one)
            drawn = (
                isinstance(block, EvaluationBlock)
                and definition.evaluations[block.evaluation].design == "randomised"
            )
            for lang in LANGUAGES:
                own = _without(SLOT.sub("", one.text.in_(lang)), names)
                assert not CLAIMS.search(own), own
                assert drawn or not EFFECT.search(own) or HEDGED.search(one.text.in_(lang)), own
    assert told > 0


def _blocks(definition: Programme) -> Iterator[Block]:
    """Every block once of which something is told, but of those about single people."""
    seen: list[Block] = []
    for report in definition.reports.values():
        for _, block in report.placed_blocks():
            if block.block in TOLD and block not in seen:
                seen.append(block)
                yield block


def _titles(document: Document) -> list[str]:
    """What rows, columns and tables are called, as it stands and inside a sentence, and why there are no numbers."""
    paragraphs = [block.text for block in document.blocks() if isinstance(block, Paragraph)]
    texts = {text.in_(lang).removesuffix(".") for text in paragraphs for lang in LANGUAGES}
    for table in document.tables():
        cells = [cell for row in table.rows for cell in row]
        texts |= {cell for cell in cells if isinstance(cell, str)}
        for text in (table.title, *(column.title for column in table.columns), *cells):
            if isinstance(text, Text):
                texts |= {text.da, text.en}
    texts |= {text[:1].lower() + text[1:] for text in texts}
    return sorted(texts, key=len, reverse=True)


def _without(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


def _goes_with_its_figures(one: Sentence) -> None:
    """The sentence is left out when any of its figures is hidden, and stands when none is."""
    keys = {*one.of, *(slot.figure.id for slot in one.told.values())}
    shown = {key: ProtectedFigure(key, 0.5, "share") for key in keys}
    assert settled(Findings("findings", (one,)), shown).text.da.startswith("- ") != one.caveat
    for key in keys:
        gone = {**shown, key: ProtectedFigure(key, None, "share", hidden=True)}
        assert not settled(Findings("findings", (one,)), gone).text.da.startswith("- ")
