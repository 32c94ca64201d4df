"""The report in a real browser: readable, reachable by keyboard, the same for everybody, on any width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from indsats.language import Lang
from indsats.report import Form, protect, render_html, write
from sample_report import sample

CHROMIUM = "/usr/bin/chromium"
"""Debian's package; a machine without it fails these tests."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    write(sample(), out, "da", both=True)
    return out


def opened(browser: Browser, folder: Path, lang: Lang, width: int = 1280) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900})
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("request", lambda request: noise.append(request.url))
    page.goto((folder / ("report.html" if lang == "da" else "report.en.html")).as_uri())
    return page, noise


@pytest.mark.parametrize("lang", ["da", "en"])
def test_nothing_is_requested_and_nothing_complains(browser: Browser, folder: Path, lang: Lang) -> None:
    page, noise = opened(browser, folder, lang)
    assert noise == [page.url]
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "32px"
    page.close()


@pytest.mark.parametrize(("lang", "width"), [("da", 1280), ("en", 1280), ("da", 360)])
def test_no_rule_of_accessibility_is_broken(browser: Browser, folder: Path, lang: Lang, width: int) -> None:
    page, _ = opened(browser, folder, lang, width)
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page, options={"runOnly": TAGS})
    assert found.response["passes"]
    assert found.response["violations"] == [], found.generate_report()
    page.close()


@pytest.mark.parametrize(
    ("form", "lang", "width"),
    [("case", "da", 1280), ("case", "en", 360), ("letter", "en", 1280), ("letter", "da", 360)],
)
def test_items_and_letters_break_no_rule_either(
    browser: Browser, tmp_path: Path, form: Form, lang: Lang, width: int
) -> None:
    (tmp_path / "page.html").write_text(render_html(protect(sample(form=form)), lang), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((tmp_path / "page.html").as_uri())
    found = Axe().run(page, options={"runOnly": TAGS})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_changed_words_have_a_bar_on_screen_and_on_paper(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, "da")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        marked = page.get_by_role("group", name="redigeret af afsender")
        assert marked.evaluate("box => getComputedStyle(box).borderLeftWidth") == "4px"
        assert marked.get_by_text("redigeret af afsender").is_visible()
    page.close()


@pytest.mark.parametrize("width", [320, 380, 768, 1440])
def test_the_page_never_scrolls_sideways(browser: Browser, folder: Path, width: int) -> None:
    page, _ = opened(browser, folder, "da", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_first_key_leads_to_the_content(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, "da")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_the_switch_changes_the_language(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, "da")
    page.get_by_role("link", name="In English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text() == "Status report on the outreach programme"
    page.close()


def test_drawings_are_pictures_with_names(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, "da")
    assert page.get_by_role("img", name="Realiseret mod mål").count() == 1
    assert page.get_by_role("img").count() == 5
    page.close()


def test_the_basis_of_a_number_opens(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, "da")
    page.get_by_text("Grundlaget for tallene", exact=True).first.click()
    row = page.locator("#maal-ub-basis tr", has_text="Rettidige samtaler")
    assert row.locator("td").all_inner_texts()[:3] == ["Realiseret", "841", "978"]
    page.close()


def test_on_paper_headings_repeat_and_the_page_fits(browser: Browser, folder: Path) -> None:
    page, _ = opened(browser, folder, "da")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert not page.locator(".switch").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
