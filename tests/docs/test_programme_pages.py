"""The pages of the programmes: everything a definition holds is named on its page, and its drawings can be read."""

from __future__ import annotations

import html
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from indsats import library, programme
from indsats.programme import Programme

DOCS = Path(__file__).parents[2] / "docs"
OURS = ("coverage", "drawings", "programme_pages")
"""Modules of the documentation; one of them is named as a package that may be installed."""


@pytest.fixture(scope="module")
def pages() -> Iterator[ModuleType]:
    kept = {name: sys.modules.pop(name) for name in OURS if name in sys.modules}
    sys.path.insert(0, str(DOCS))
    try:
        yield importlib.import_module("programme_pages")
    finally:
        sys.path.remove(str(DOCS))
        for name in OURS:
            sys.modules.pop(name, None)
        sys.modules.update(kept)


@pytest.fixture(scope="module", params=library.programmes())
def definition(request: pytest.FixtureRequest) -> Programme:
    return programme.load(library.definition_path(request.param))


@pytest.fixture(scope="module")
def files(pages: ModuleType, definition: Programme) -> dict[str, str]:
    return pages.files(definition)


@pytest.fixture(scope="module")
def page(files: dict[str, str], definition: Programme) -> str:
    return files[f"{definition.programme}.md"]


def test_a_page_names_every_part_by_title_in_both_languages_and_by_id(
    page: str, definition: Programme
) -> None:
    shown = html.unescape(page)
    for parts in (
        definition.phases,
        definition.requirements,
        definition.indicators,
        definition.questionnaires,
        definition.theories,
        definition.elements,
        definition.cadences,
    ):
        for name, part in parts.items():
            assert f"`{name}`" in page
            assert part.title.en in shown
            assert part.title.da in shown


def test_every_indicator_tells_how_it_is_measured_and_where_that_is_explained(
    page: str, definition: Programme
) -> None:
    explained = (DOCS / "methods" / "indicators.md").read_text("utf-8")
    for name, indicator in definition.indicators.items():
        assert (
            f"`{name}` · measures [{indicator.measures}](../methods/indicators.md#{indicator.measures})"
            in page
        )
        assert f"\n## {indicator.measures}\n" in explained


def test_every_requirement_has_its_question_on_the_page(page: str, definition: Programme) -> None:
    shown = html.unescape(page)
    for requirement in definition.requirements.values():
        assert requirement.ask.en in shown


def test_drawings_hold_every_phase_and_every_box_of_a_theory(
    files: dict[str, str], definition: Programme
) -> None:
    drawn = {name: text for name, text in files.items() if name.endswith(".svg")}
    assert len(drawn) == bool(definition.phases) + len(definition.theories)
    for name, text in drawn.items():
        root = ElementTree.fromstring(text)  # noqa: S314 - our own
        words = " ".join(" ".join(root.itertext()).split())
        theory = definition.theories.get(name.removesuffix(".svg").partition("-theory-")[2])
        boxes = theory.nodes.values() if theory else definition.phases.values()
        for box in boxes:
            assert " ".join(box.title.en.split()[:2]) in words
        assert f"]({name})" in files[f"{definition.programme}.md"]


def test_every_file_a_page_leads_to_is_there(files: dict[str, str], page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page):
        assert target in files or (DOCS / "programmes" / target).resolve().exists(), target


def test_every_place_a_page_leads_to_in_itself_is_there(page: str) -> None:
    for place in re.findall(r"\]\(#([^)]+)\)", page):
        assert f'<a id="{place}"></a>' in page


def test_every_link_of_a_theory_stands_in_a_table_with_what_was_found(
    page: str, definition: Programme, pages: ModuleType
) -> None:
    for theory in definition.theories.values():
        for link in theory.links:
            cause, effect = (pages.safe(theory.nodes[end].title.en) for end in (link.cause, link.effect))
            row = rf"^\| {re.escape(cause)} \| (.* \| )?{re.escape(effect)} \| {pages.STRENGTHS[link.strength].en} \|"
            assert re.search(row, page, re.MULTILINE)


def test_a_drawing_goes_no_further_than_its_table(pages: ModuleType, definition: Programme) -> None:
    theory = programme.Theory.model_validate(
        {
            "title": {"da": "t", "en": "t"},
            "source": "L1",
            "nodes": {
                name: {"title": {"da": name, "en": name}, "level": level, "source": "L1"}
                for name, level in (("a", "activity"), ("m", "mechanism"), ("r", "result"), ("s", "result"))
            },
            "links": [
                {"cause": "a", "effect": "r", "through": ["m"], "strength": "supported", "source": "L1"},
                {"cause": "a", "effect": "s", "through": ["m"], "strength": "not_shown", "source": "L1"},
            ],
        }
    )
    drawn = pages.theory_svg(definition, theory)
    paths = re.findall(r'<path d="M[^"]*" fill="none"[^>]*marker-end', drawn)
    arrows = paths[:3]  # a to m is shared by both links and as weak as the weaker
    assert sum("stroke-dasharray" not in path for path in arrows) == 1
    assert sum('stroke-dasharray="8 3 1.5 3"' in path for path in arrows) == 2


def test_a_page_ends_with_its_coverage_where_its_document_has_a_table(
    files: dict[str, str], page: str, definition: Programme
) -> None:
    coverage = f"{definition.programme}-coverage.md"
    assert (coverage in files) == definition.document[:3].isdigit()
    assert (f"]({coverage})" in page) == (coverage in files)


def test_the_overview_counts_what_the_definitions_hold(pages: ModuleType, definition: Programme) -> None:
    row = pages.overview([definition]).splitlines()[-1]
    assert f"]({definition.programme}.md)" in row
    assert f"| {len(definition.phases)} | {len(definition.requirements)} |" in row


def test_a_part_the_explanation_leaves_out_is_noticed(pages: ModuleType, definition: Programme) -> None:
    with pytest.raises(ValueError, match=r"does not tell of groups\.x"):
        list(pages._annotated("- **Another**: group.", {"groups.x": next(iter(definition.groups.values()))}))


def test_signs_of_markdown_in_a_definition_are_shown_as_they_are(pages: ModuleType) -> None:
    assert pages.safe("a_b < 3 | ~4^2") == "a&#95;b &lt; 3 &#124; &#126;4&#94;2"
