"""Every numbered fact of a document stands in its definition, or it is said why not."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from indsats import library, programme

DOCS = Path(__file__).parents[2] / "docs"
LEAST = 0.95
"""The share of facts that has to be placed."""


def _coverage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_tables", DOCS / "coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


coverage = _coverage()


def test_every_document_has_a_table() -> None:
    documents = {
        programme.load(library.definition_path(name)).document.split("_")[0] for name in library.programmes()
    }
    assert set(coverage.documents()) == {key for key in documents if key.isdigit()}


@pytest.mark.parametrize("document", coverage.documents())
def test_every_place_named_exists_in_the_definition(document: str) -> None:
    definition = coverage.programme_of(document)
    lost = []
    for fact in coverage.facts(document):
        for path in fact.at:
            try:
                coverage.resolve(definition, path)
            except KeyError as reason:
                lost.append(f"{fact.fact}: {reason}")
    assert not lost, "\n".join(lost)


@pytest.mark.parametrize("document", coverage.documents())
def test_nearly_every_fact_is_placed_and_cites_lines_the_document_has(document: str) -> None:
    facts = coverage.facts(document)
    definition = coverage.programme_of(document)
    assert len(facts) >= 150
    assert sum(bool(fact.at) for fact in facts) / len(facts) >= LEAST
    last = definition.documents[definition.document].lines
    assert last is not None
    for fact in facts:
        for line in fact.lines:
            found = re.fullmatch(r"L(\d+)(?:-L?(\d+))?", line)
            assert found, f"{fact.fact}: '{line}' is no line"
            assert 1 <= int(found[1]) <= int(found[2] or found[1]) <= last


def test_a_path_that_leads_nowhere_is_refused() -> None:
    definition = coverage.programme_of("004")
    with pytest.raises(KeyError, match="no 'nowhere'"):
        coverage.resolve(definition, "requirements.nowhere")
    with pytest.raises(KeyError, match="nothing is filled in"):
        coverage.resolve(definition, "tables")
