"""The Python examples in the documentation run, page by page, from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
WRITTEN = [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]
PAGES = sorted(page for page in WRITTEN if BLOCK.search(page.read_text("utf-8")))


def test_there_are_pages_with_examples() -> None:
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in BLOCK.findall(page.read_text("utf-8")):
        exec(compile(example, str(page), "exec"), names)  # noqa: S102 (our own pages)
