"""How an evaluation is made and what indicators count, told from the definition: whole, in both languages, for all."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from casebook import indicator, item, programme, text
from indsats import library
from indsats import programme as definitions
from indsats.language import LANGUAGES
from indsats.programme import (
    DefinitionsBlock,
    Estimate,
    MethodBlock,
    Programme,
    Sensitivity,
    Text,
    Weighting,
    source_in_words,
)
from indsats.report import Block, Passage, Table
from indsats.run import methods_words as words
from indsats.run.estimators import PAIRS
from indsats.run.methods import definition_blocks, method_blocks
from indsats.run.tried import CHECKS

TITLE = Text(da="Metode", en="Method")
EVERY = [
    pytest.param(name, evaluation, id=f"{name}/{evaluation}")
    for name in library.programmes()
    for evaluation in definitions.load(library.definition_path(name)).evaluations
]


def made(definition: Programme, evaluation: str) -> list[Block]:
    block = MethodBlock(block="method", title=TITLE, evaluation=evaluation)
    return list(method_blocks(definition, block))


def tables(blocks: list[Block]) -> dict[str, Table]:
    return {one.id.rpartition("-")[2]: one for one in blocks if isinstance(one, Table)}


def first_column(table: Table) -> list[Text]:
    return [row[0] for row in table.rows if isinstance(row[0], Text)]


def options(union: Any) -> list[Any]:
    return list(get_args(get_args(union)[0]))


def test_every_kind_of_estimate_and_check_has_its_words() -> None:
    kinds = {get_args(one.model_fields["kind"].annotation)[0] for one in options(Estimate)}
    assert kinds == words.ASSUMED.keys()
    checks = {get_args(one.model_fields["check"].annotation)[0] for one in options(Sensitivity)}
    assert checks == words.DESCRIBED.keys()
    assert checks - CHECKS.keys() == {"subgroups"}
    assert words.PAIRS.keys() == PAIRS.keys()
    assert set(get_args(Weighting.model_fields["by"].annotation)) == words.WEIGHTING.keys()


@pytest.mark.parametrize(("name", "evaluation"), EVERY)
def test_everything_an_evaluation_holds_is_told(name: str, evaluation: str) -> None:
    definition = definitions.load(library.definition_path(name))
    asked, found = definition.evaluations[evaluation], tables(made(definition, evaluation))
    assert first_column(found["outcomes"]) == [one.title for one in asked.outcomes]
    assert first_column(found["background"]) == [one.title for one in asked.covariates]
    told = [row.en for row in first_column(found["estimates"])]
    pairs = [] if asked.matching is None else [PAIRS[asked.matching.on].en]
    expected = ["Raw difference", *pairs, *(one.title.en for one in asked.estimates)]
    assert [one.removesuffix(words.MAIN.en) for one in told] == expected
    assert len([one for one in told if one.endswith(words.MAIN.en)]) == 1
    assert len(found["checks"].rows if asked.sensitivity else ()) == len(asked.sensitivity)
    for table in found.values():
        assert all(cell is not None for row in table.rows for cell in row)


@pytest.mark.parametrize(("name", "evaluation"), EVERY)
def test_the_running_text_is_whole_in_both_languages(name: str, evaluation: str) -> None:
    definition = definitions.load(library.definition_path(name))
    passages = [one for one in made(definition, evaluation) if isinstance(one, Passage)]
    assert len({one.id for one in passages}) == len(passages)
    asked = definition.evaluations[evaluation]
    for lang in LANGUAGES:
        whole = "\n".join(one.text.in_(lang) for one in passages)
        assert asked.ask.in_(lang) in whole
        assert all(one.about.in_(lang) in whole for one in asked.further)
        # What is put in is told in words: no slot, no rule as it is written.
        assert "{{" not in whole
        assert "==" not in whole
    lines = [[len(one.text.in_(lang).splitlines()) for one in passages] for lang in LANGUAGES]
    assert lines[0] == lines[1]


def test_a_draw_is_not_told_as_a_match() -> None:
    definition = definitions.load(library.definition_path("supported-work"))
    drawn, searched = (
        " ".join(one.text.en for one in made(definition, name) if isinstance(one, Passage))
        for name in ("lodtraekning", "uden-lodtraekning")
    )
    assert "drawn at random" in drawn
    assert "similar people" not in drawn
    assert "drawn at random" not in searched


def test_packaged_data_have_no_clock() -> None:
    definition = definitions.load(library.definition_path("supported-work"))
    said = " ".join(one.text.en for one in made(definition, "lodtraekning") if isinstance(one, Passage))
    assert "clock" not in said


def definition_of_two() -> Programme:
    group = item("Young people", about=text("under 30"))
    return programme(
        groups={"young": group},
        indicators={
            "visits": indicator("count", kind="meeting")
            | {"title": text("Visits"), "source": ["L7-9", "L12"]},
            "leavers": indicator("count", kind="exit", group="young", service="talks")
            | {"title": text("Leavers"), "source": ["L3", "decision"], "note": text("why")},
        },
    )


def test_indicators_are_told_with_whom_they_are_about_and_where_from() -> None:
    block = DefinitionsBlock(block="definitions", title=TITLE)
    (table,) = definition_blocks(definition_of_two(), block)
    assert isinstance(table, Table)
    visits, leavers = table.rows
    assert isinstance(leavers[2], Text)
    assert "“Young people”" in leavers[2].en
    assert "“Talks”" in leavers[2].en
    assert isinstance(visits[2], Text)
    assert "Young" not in visits[2].en
    assert visits[3] == Text(da="linje 7–9, 12", en="lines 7–9, 12")
    assert leavers[3] == Text(da="linje 3; valgt", en="line 3; decided")


def test_only_the_indicators_that_are_named_are_told_in_that_order() -> None:
    block = DefinitionsBlock(block="definitions", title=TITLE, indicators=["leavers"])
    (table,) = definition_blocks(definition_of_two(), block)
    assert isinstance(table, Table)
    assert [one.en for one in first_column(table)] == ["Leavers"]


def test_without_indicators_there_is_no_table() -> None:
    assert not list(definition_blocks(programme(), DefinitionsBlock(block="definitions", title=TITLE)))


def test_sources_that_are_no_lines_are_told_as_they_are() -> None:
    definition = definitions.load(library.definition_path("supported-work"))
    for evaluation in definition.evaluations.values():
        told = source_in_words(evaluation)
        assert "doi:10.1080/01621459.1999.10473858" in told.da
        assert "published:" not in told.en
