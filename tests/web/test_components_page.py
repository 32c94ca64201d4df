"""Every component in a real browser: reachable, readable at any width, by keyboard alone, and without scripts."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import override_settings
from django.urls import path
from playwright.sync_api import Browser, Page, sync_playwright

from indsats.language import Lang
from indsats.web import showcase

CHROMIUM = "/usr/bin/chromium"
"""Debian's package; a machine without it fails these tests."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Quiet(WSGIRequestHandler):
    """Answers without a line for each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


def _page(template: str) -> object:
    def show(request: HttpRequest) -> HttpResponse:
        return render(request, template, {"form": None})

    return show


def _addresses() -> ModuleType:
    """The pages that need no database, under the names the header links to."""
    module = ModuleType("components_page_urls")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("om/udseende/", showcase.show, name="look"),
        path("log-ind/", _page("account/sign_in.html"), name="sign-in"),  # type: ignore[arg-type]
        path("soeg/", _page("errors/404.html"), name="search"),  # type: ignore[arg-type]
        path("hjaelp/", _page("errors/500.html"), name="help"),  # type: ignore[arg-type]
    ]
    return module


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    module = _addresses()
    sys.modules[module.__name__] = module
    with override_settings(ROOT_URLCONF=module.__name__, DEBUG=True, ALLOWED_HOSTS=["127.0.0.1"]):
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.set_app(StaticFilesHandler(WSGIHandler()))  # type: ignore[arg-type]
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


def opened(
    browser: Browser, address: str, width: int = 1280, lang: Lang = "da", scripts: bool = True
) -> Page:
    page = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts
    ).new_page()
    page.context.add_cookies([{"name": "lang", "value": lang, "url": address}])
    return page


@pytest.mark.parametrize("where", ["/om/udseende/", "/log-ind/", "/soeg/"])
@pytest.mark.parametrize(("width", "lang"), [(1280, "da"), (1280, "en"), (360, "da"), (320, "en")])
def test_no_rule_is_broken_and_nothing_scrolls_sideways(
    browser: Browser, address: str, where: str, width: int, lang: Lang
) -> None:
    page = opened(browser, address, width, lang)
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("response", lambda answer: noise.append(answer.url) if answer.status >= 400 else None)
    page.goto(address + where)
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"runOnly": TAGS})
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("html").get_attribute("lang") == lang
    assert noise == []
    page.context.close()


def test_what_is_pressed_is_large_enough(browser: Browser, address: str) -> None:
    page = opened(browser, address, 360)
    page.goto(address + "/om/udseende/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, input')]
            .filter(one => one.offsetParent !== null && !one.closest('p, .sr-only') && !one.matches('.row-link'))
            .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.height < 23.5 || box.width < 23.5))
            .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    assert small == []
    page.context.close()


def test_the_keys_go_from_row_to_row_and_never_act_while_writing(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.goto(address + "/om/udseende/")
    page.locator("h1").click()
    page.keyboard.press("j")
    rows = page.locator("[data-row]")
    # the second row was the current one
    assert page.evaluate("document.activeElement.closest('[data-row]')") is not None
    assert "is-current" in (rows.nth(2).get_attribute("class") or "")
    page.keyboard.press("k")
    assert "is-current" in (rows.nth(1).get_attribute("class") or "")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("njkr?")
    assert page.locator("#find").input_value() == "njkr?"
    assert page.url.endswith("/om/udseende/")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#keys").is_visible()
    page.keyboard.press("r")
    page.wait_for_url("**/om/udseende/?r")
    page.context.close()


def test_the_keys_can_be_switched_off(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.route("**/om/udseende/", lambda route: _without_keys(route))
    page.goto(address + "/om/udseende/")
    page.locator("h1").click()
    for key in ("j", "/", "?", "r"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.tagName") in ("BODY", "MAIN")
    assert not page.locator("dialog#keys").is_visible()
    assert page.locator(".hint-keys").first.is_hidden()
    page.context.close()


def _without_keys(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    route.fulfill(response=answer, body=answer.text().replace('data-keys="on"', 'data-keys="off"'))  # type: ignore[attr-defined]


def test_the_first_stop_of_the_keyboard_skips_the_header(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.goto(address + "/soeg/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_the_list_of_errors_takes_the_focus_and_leads_to_the_field(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.goto(address + "/om/udseende/")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.locator("#errors a").click()
    assert page.evaluate("document.activeElement.id") == "id_place"
    page.context.close()


def test_without_scripts_the_menu_opens_and_nothing_stands_that_does_nothing(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, 360, scripts=False)
    page.goto(address + "/om/udseende/")
    assert page.locator("nav#menu").is_hidden()
    page.locator("a.to-menu").click()
    assert page.locator("nav#menu").is_visible()
    assert page.locator("[data-shows='keys']").is_hidden()
    page.locator("details.who summary").click()
    assert page.locator("details.who > div").is_visible()
    page.context.close()


def test_on_paper_nothing_is_left_to_press(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.goto(address + "/om/udseende/")
    page.emulate_media(media="print")
    for gone in (".main-nav", ".find", ".pager", ".form-actions", ".skipnav"):
        assert page.locator(gone).first.is_hidden(), gone
    assert page.locator("table").first.is_visible()
    page.context.close()
