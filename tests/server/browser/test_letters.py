"""A citizen's letter, by keyboard: looked at, given, and found again on the list, wide and on a phone."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from indsats.web.seed import PASSWORD
from walked import Walk


@pytest.fixture
def letters(walk: Walk, people: dict[str, Any]) -> Walk:
    """The letters of the first case there is something to do in."""
    walk.sign_in(people["caseworker"], PASSWORD)
    walk.open("/?koe=requirements")
    walk.page.keyboard.press("j")
    walk.press("Enter")
    walk.tab_to(walk.page.locator("main a").filter(has_text="Breve").first, 120)
    walk.press("Enter")
    assert walk.heading == "Breve til borgeren"
    return walk


def test_a_letter_is_looked_at_then_given_by_keyboard(letters: Walk) -> None:
    page = letters.page
    letters.look()
    letters.tab_to(page.locator("input[name=kontakt]"))
    letters.write("Vagttelefonen")
    letters.tab_to(page.locator("button[value=look]"))
    with page.expect_download() as looked:
        page.keyboard.press("Enter")
    assert looked.value.suggested_filename.endswith(".da.pdf")
    assert "Borgeren har ikke fået breve" in page.locator("#given").inner_text()
    letters.tab_to(page.locator("button[value=give]"))
    letters.press("Enter")
    assert "Brevet er gemt" in letters.told()
    row = page.locator("#given tbody tr")
    assert row.count() == 1
    letters.tab_to(row.locator("a"))
    with page.expect_download() as kept:
        page.keyboard.press("Enter")
    content = Path(kept.value.path()).read_bytes()
    assert sha256(content).hexdigest()[:12] in row.inner_text()
    letters.look()
