"""The look: contrast, components and tags, the design system's parts, and files that a server can send."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.management import call_command
from django.template import Context, Template, engines
from django.template.loader import get_template, render_to_string
from django.test import override_settings
from django.utils import translation

from indsats import web
from indsats.language import Lang
from indsats.programme import Text
from indsats.web import design_system, look
from indsats.web.parts import STATES, Wrong, shown, wrongs

HERE = Path(web.__file__).parent
CSS = {path.name: path.read_text("utf-8") for path in sorted((HERE / "static" / "css").glob("*.css"))}
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS["tokens.css"]))


def brightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((brightness(COLOURS[one]), brightness(COLOURS[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_text_can_be_read_on_its_ground() -> None:
    grounds = ("paper", "ground", "accent-soft", "met-soft", "near-soft", "missed-soft", "none-soft")
    for ground in grounds:
        assert contrast("ink", ground) >= 7, ground
        assert contrast("muted", ground) >= 4.5, ground
        assert contrast("accent", ground) >= 4.5, ground
    for state in ("met", "near", "missed", "none"):
        for ground in ("paper", "ground", f"{state}-soft"):
            assert contrast(state, ground) >= 4.5, (state, ground)
    for ground in ("accent", "accent-strong", "missed"):
        assert contrast("paper", ground) >= 4.5, ground


def test_borders_of_what_can_be_filled_in_stand_out() -> None:
    assert contrast("edge", "paper") >= 3
    assert contrast("edge", "ground") >= 3


def test_every_colour_and_size_comes_from_the_tokens() -> None:
    for name, css in CSS.items():
        if name == "tokens.css":
            continue
        used = set(re.findall(r"var\(--([a-z0-9-]+)", css))
        known = set(re.findall(r"--([a-z0-9-]+):", CSS["tokens.css"]))
        assert used <= known, (name, used - known)
        sizes = set(re.findall(r"font-size: ([^;]+);", css))
        assert all(
            size.startswith("var(--text") or size in ("inherit", "8.5px", "0.92em") for size in sizes
        ), (name, sizes)


def test_every_style_sheet_stands_in_a_layer_and_on_the_page() -> None:
    order = re.search(r"@layer ([^;{]+);", CSS["tokens.css"])
    assert order is not None
    layers = [name.strip() for name in order[1].split(",")]
    base = (HERE / "templates" / "base.html").read_text("utf-8")
    for name, css in CSS.items():
        assert any(f"css/{name}" in path.read_text("utf-8") for path in TEMPLATES), name
        outside = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
        assert set(re.findall(r"^@layer (\w+) \{", outside, flags=re.MULTILINE)) <= set(layers)
    assert base.index("css/tokens.css") < base.index("dkfds/dkfds.css")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HERE / "templates")))
def test_a_template_compiles_and_holds_neither_style_nor_script(path: Path) -> None:
    get_template(str(path.relative_to(HERE / "templates")))
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=\"", text)


def test_a_component_says_first_what_it_takes() -> None:
    for path in TEMPLATES:
        if path.parent.name == "components" and path.name != "all.html":
            assert path.read_text("utf-8").startswith("{% comment %}"), path.name


def test_the_design_system_is_the_pinned_one_and_whole() -> None:
    folder = HERE / "static" / "dkfds"
    assert (folder / "VERSION").read_text() == f"dkfds {design_system.VERSION}\n{design_system.INTEGRITY}\n"
    assert "SIL Open Font License" in (folder / "LICENSE.md").read_text("utf-8")
    css = (folder / "dkfds.css").read_text("utf-8")
    files = {match.split("#")[0] for match in re.findall(r"url\(([^)]+)\)", css)}
    assert files
    assert all((folder / name).is_file() for name in files)
    assert css.startswith("@layer dkfds{")
    assert css.count("{") == css.count("}")


def test_every_icon_a_template_shows_is_in_the_sprite() -> None:
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r"""\{% icon ["']([\w-]+)["']""", path.read_text("utf-8"))
    }
    assert used <= set(design_system.ICONS)
    sprite = (HERE / "static" / "dkfds" / "icons.svg").read_text("utf-8")
    assert set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == set(design_system.ICONS)


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dkfds.tgz").write_bytes(b"something else")
    with pytest.raises(SystemExit, match="not dkfds"):
        design_system.main(tmp_path / "dkfds.tgz", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_rules_for_components_nobody_uses_are_left_out() -> None:
    css = (
        '@charset "utf-8";a{b:c}.button,.cookie-container{d:e}.cookie-container .x{f:g}'
        "@media print{.button{h:i}}@media(min-width:9px){.form-input{j:k}.toast{l:m}}"
        "ul:not(.accordion):not(.mainmenu){n:o}@font-face{p:q}.form-radio+label:before{r:s}"
    )
    assert design_system.kept(css) == (
        "a{b:c}.button{d:e}@media(min-width:9px){.form-input{j:k}}ul:not(.accordion):not(.mainmenu){n:o}"
        ".form-radio+label:before{r:s}"
    )


def test_files_get_lasting_names_and_are_all_there(tmp_path: Path) -> None:
    stores = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=stores):
        call_command("collectstatic", interactive=False, verbosity=0)
    (css,) = (path for path in (tmp_path / "dkfds").glob("dkfds.*.css"))
    for name in re.findall(r"url\(\"?([^)\"]+)\"?\)", css.read_text("utf-8")):
        assert re.search(r"\.[0-9a-f]{12}\.", name), name
        assert (css.parent / name).is_file()


def rendered(source: str, lang: Lang = "da", **context: Any) -> str:
    with translation.override(lang):
        return (
            Template(source, engine=engines["django"].engine)
            .render(Context({**context, "lang": lang}))
            .strip()
        )


@pytest.mark.parametrize(
    ("source", "danish", "english"),
    [
        ("{{ when|day }}", "3. februar 2026", "3 February 2026"),
        ("{{ when|short_day }}", "3.2.", "3 Feb"),
        ("{{ when|dated }}", "3.2.2026", "3 Feb 2026"),
        ("{{ when|weekday }}", "tirsdag 3. februar, uge 6", "Tuesday 3 February, week 6"),
        ("{{ clock|moment }}", "4.2.2026 kl. 00.30", "4 Feb 2026 00:30"),
        ("{{ clock|day }}", "4. februar 2026", "4 February 2026"),
        ("{{ None|day }}{{ None|moment }}{{ None|figure }}", "–––", "–––"),
        ("{{ 1234.5|figure:1 }}", "1.234,5", "1,234.5"),
        ("{{ 0.125|share:1 }}", "12,5\u00a0%", "12.5%"),
        ("{{ text|in_lang }}", "Opfølgning", "Follow-up"),
        ('{{ text|in_lang:"en" }}', "Follow-up", "Follow-up"),
        ("{{ born|age:when }}", "45", "45"),
        ('{% say "shell.nav.intake" %}', "Visitation", "Intake"),
        ('{% say "look.queues.late" n=1200 %}', "1.200 over frist", "1,200 overdue"),
    ],
)
def test_words_days_and_numbers_in_the_readers_language(source: str, danish: str, english: str) -> None:
    context = {
        "when": date(2026, 2, 3),
        "clock": datetime(2026, 2, 3, 23, 30, tzinfo=UTC),
        "born": date(1980, 2, 4),
        "text": Text(da="Opfølgning", en="Follow-up"),
    }
    assert rendered(source, "da", **context) == danish
    assert rendered(source, "en", **context) == english


def test_what_comes_from_people_is_escaped() -> None:
    bad = "<b>x</b>"
    for source in (
        '{% status "soon" bad %}',
        "{% panel title=bad %}{{ bad }}{% endpanel %}",
        "{{ bad|in_lang }}",
    ):
        assert bad not in rendered(source, bad=bad)
        assert "&lt;b&gt;" in rendered(source, bad=bad)


def test_every_state_has_a_sign_and_words() -> None:
    for state in STATES:
        html = rendered(f'{{% status "{state}" %}}')
        assert STATES[state].sign in html
        assert re.search(r"<span>[^<]{2,}</span></span>$", html), state
    with pytest.raises(KeyError, match="near"):
        rendered('{% status "nearly" %}')


class Example(forms.Form):
    when = forms.DateField(label="Dato", initial=date(2026, 2, 3), widget=forms.DateInput)
    place = forms.ChoiceField(
        label="Sted", choices=[("", "Vælg sted"), ("a", "A"), ("b", "B")], help_text="Hvor?"
    )
    who = forms.MultipleChoiceField(
        label="Hvem", choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="Enig", required=False, initial=True)


def test_a_field_of_a_form_is_shown_as_it_stands() -> None:
    form = Example(initial={"who": ["y"]})
    assert shown(form["when"]).value == "2026-02-03"
    assert shown(form["when"]).kind == "date"
    place = shown(form["place"])
    assert (place.kind, place.empty, place.hint) == ("select", "Vælg sted", "Hvor?")
    assert [one.value for one in place.options] == ["a", "b"]
    assert [one.chosen for one in shown(form["who"]).options] == [False, True]
    assert shown(form["agreed"]).attrs["checked"] is True


def test_a_wrong_form_tells_where_and_keeps_what_was_written() -> None:
    form = Example({"when": "i går", "place": ""})
    lines = wrongs(form)
    assert [one.to for one in lines] == ["id_when", "id_place"]
    html = rendered('{% include "components/field.html" with field=form.when %}', form=form)
    assert 'value="i går"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_when-error"' in html
    head = rendered('{% include "components/errors.html" with errors=form %}', form=form)
    assert 'href="#id_when"' in head
    assert "2 ting skal rettes" in head


def test_a_plain_mapping_is_a_field_too() -> None:
    field = {
        "name": "outcome",
        "label": "Resultat",
        "kind": "radio",
        "options": [("h", "Holdt")],
        "error": "Vælg et.",
    }
    html = rendered('{% include "components/field.html" %}', field=field)
    assert '<legend class="form-label">Resultat</legend>' in html
    assert 'for="id_outcome_0"' in html
    assert wrongs([field, "Noget andet", Wrong("Tredje", "x")]) == [
        Wrong("Vælg et.", "id_outcome_0"),
        Wrong("Noget andet"),
        Wrong("Tredje", "x"),
    ]
    with pytest.raises(TypeError, match="titel"):
        shown({"name": "x", "titel": "y"})


@pytest.mark.parametrize("number", [400, 403, 404, 500])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_page_that_cannot_be_shown_needs_nobody_signed_in(number: int, lang: Lang) -> None:
    with translation.override(lang):
        html = render_to_string(f"errors/{number}.html", {"lang": lang})
    assert f'<html lang="{lang}">' in html
    assert html.count("<h1>") == 1
    assert "<form" not in html


def test_the_page_above_is_the_one_marked() -> None:
    ways = ["/", "/sager/", "/visitation/"]
    assert look._here("/", ways) == "/"
    assert look._here("/sager/abc/ny/meeting/", ways) == "/sager/"
    assert look._here("/hjaelp/", ways) is None
