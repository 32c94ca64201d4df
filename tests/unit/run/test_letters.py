"""Letters to the sites: each about its own results, and no small number told by all of them together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulated
from casebook import Casebook, indicator, item, period, programme, text
from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.programme import Programme
from indsats.report import Document, Passage, ProtectedFigure, make_all, protect_all
from indsats.run import Material, letters, report_about, run_letters, verify
from indsats.run.letters import letter_sites

YEAR = period("2016-01-01", "2016-12-31")
SITES: tuple[str, ...] = ("a", "b", "c", "d")
THRESHOLD = 5


def definition() -> Programme:
    return programme(
        units={"outreach": item("Outreach")},
        sites={name: item(name.upper(), unit="outreach", open_days_per_week=2.0) for name in SITES},
        indicators={
            "begun": indicator("count", kind="enrolled"),
            "work": indicator("share", kind="exit", where='reason == "job"'),
        },
        reports={
            "half-year": item(
                "R", sections=[{"title": text("s"), "blocks": [{"block": "text", "text": text("t")}]}]
            ),
            "letter": item(
                "Brev",
                about="site",
                form="letter",
                sections=[
                    {
                        "title": text("Tal"),
                        "blocks": [
                            {"block": "indicators", "title": text("Tal"), "indicators": ["begun", "work"]},
                            {"block": "due", "title": text("Mangler")},
                        ],
                    }
                ],
            ),
        },
    )


def book(exits: dict[str, tuple[int, int]]) -> Casebook:
    """Of each site how many left, and how many of them to a job."""
    case = Casebook(definition()).data_until("2016-12-31")
    for site, (left, jobs) in exits.items():
        for number in range(left):
            who = {"person": f"{site}{number}", "enrolment": f"{site}{number}"}
            case.enrol("2016-02-01", site=site, **who)
            case.leave("2016-06-01", "job" if number < jobs else "moved", site=site, **who)
    return case


def written(case: Casebook) -> tuple[Document, ...]:
    return letters(Material(case.programme, case.facts(), None, YEAR), "letter", SITES)


def cells(document: Document) -> dict[str, Figure]:
    return {figure.id: figure for table in document.tables() for figure in table.figures()}


def test_each_letter_is_about_its_own_site_beside_the_whole() -> None:
    made = written(book({"a": (40, 20), "b": (30, 15), "c": (20, 10), "d": (10, 5)}))
    assert [one.about for one in made] == list(SITES)
    for one, left in zip(made, (40, 30, 20, 10), strict=True):
        [table] = one.tables()
        assert [column.title.da for column in table.columns] == [
            "Indikator",
            one.about.upper(),
            "I alt, Outreach",
        ]
        here, whole = (table.rows[0][at] for at in (1, 2))
        assert isinstance(here, Figure)
        assert isinstance(whole, Figure)
        assert (here.value, whole.value) == (left, 100)


def test_a_letter_protected_alone_would_show_what_the_letters_together_hide() -> None:
    made = written(book({"a": (40, 20), "b": (30, 15), "c": (20, 10), "d": (3, 1)}))
    alone = [
        cells(protect_all([one])[0])["indicator/begun/outreach/2016-01-01..2016-12-31"] for one in made[:3]
    ]
    assert all(one.value == 93 for one in alone)
    together = [cells(one) for one in protect_all(made)]
    shown = [
        one.get(f"indicator/begun/site.{site}/2016-01-01..2016-12-31")
        for one, site in zip(together, SITES, strict=True)
    ]
    whole = together[0]["indicator/begun/outreach/2016-01-01..2016-12-31"]
    hidden = [one for one in (*shown, whole) if isinstance(one, ProtectedFigure) and one.hidden]
    assert len(hidden) >= 2


drawn = st.fixed_dictionaries(
    {
        name: st.integers(0, 14).flatmap(lambda left: st.tuples(st.just(left), st.integers(0, left)))
        for name in SITES
    }
)


@settings(deadline=None, max_examples=30)
@given(drawn)
def test_no_subtraction_across_letters_gives_a_small_number(exits: dict[str, tuple[int, int]]) -> None:
    """Attack: whoever holds every letter takes what is shown from the whole. What is left must not pin a small site."""
    figures: dict[str, ProtectedFigure] = {}
    for one in protect_all(written(book(exits))):
        for key, figure in cells(one).items():
            assert isinstance(figure, ProtectedFigure)
            assert figures.setdefault(key, figure) == figure
    whole = figures["indicator/begun/outreach/2016-01-01..2016-12-31"]
    sites = {site: figures[f"indicator/begun/site.{site}/2016-01-01..2016-12-31"] for site in SITES}
    for site, (left, _) in exits.items():
        assert not (0 < left < THRESHOLD) or sites[site].hidden
    if whole.hidden or whole.value is None:
        return
    lacking = {site: exits[site][0] for site, one in sites.items() if one.hidden}
    rest = whole.value - sum(one.value or 0 for one in sites.values() if not one.hidden)
    assert len(lacking) != 1
    # what the hidden ones can be, told only their sum: each small one keeps as many possibilities as the threshold
    for left in lacking.values():
        if 0 < left < THRESHOLD:
            assert rest + 1 >= THRESHOLD


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("letters")


def _site_report(**more: Any) -> Programme:
    """The simulated programme with a letter about its own first indicators."""
    known = simulated.definition()
    names = list(known.indicators)[:3]
    letter = {
        "title": text("Brev"),
        "source": "L1",
        "about": "site",
        "form": "letter",
        "template": "brev",
        "blocks": {"tal": {"block": "indicators", "title": text("Tal"), "indicators": names}},
        **more,
    }
    told = "Til {{ site }}\n\n# Tal\n\n{{ findings: tal }}\n\n{{ table: tal }}\n"
    parts = known.model_dump(by_alias=True, mode="json", exclude_unset=True)
    parts["reports"] = {**parts["reports"], "brev": letter}
    parts["templates"] = {**parts.get("templates", {}), "brev": {"da": told, "en": told}}
    return Programme.model_validate(parts)


def test_one_letter_alone_is_the_same_to_the_byte_as_among_all(tmp_path: Path) -> None:
    definition = _site_report()
    every = run_letters(definition, data=simulated.folder(), out=tmp_path / "all", report="brev")
    site = next(iter(every))
    one = run_letters(definition, data=simulated.folder(), out=tmp_path / "one", report="brev", sites=[site])
    assert list(one) == [site]
    for path in one[site].paths:
        assert path.read_bytes() == (tmp_path / "all" / path.relative_to(tmp_path / "one")).read_bytes()
    assert sorted(one.name for one in (tmp_path / "one").iterdir()) == [site]
    again = verify(tmp_path / "one" / site, lambda _: definition, data=simulated.folder())
    assert again.holds, again.differ
    assert len(again.same) == len(one[site].paths)


def test_an_unknown_site_is_refused_naming_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no letter is written to atlantis"):
        run_letters(_site_report(), data=simulated.folder(), out=tmp_path, report="brev", sites=["atlantis"])
    assert list(tmp_path.iterdir()) == []


def test_a_report_about_the_programme_is_no_letter() -> None:
    assert report_about(definition(), None, "site") == "letter"
    with pytest.raises(InputRefused, match="Ask for one of: letter"):
        report_about(definition(), "half-year", "site")
    with pytest.raises(InputRefused, match="has no report about one person"):
        report_about(definition(), None, "person")


def test_a_site_that_differs_by_more_than_chance_is_told_so_and_the_others_not() -> None:
    case = book({"a": (400, 350), "b": (400, 100), "c": (400, 120), "d": (400, 110)})
    parts = definition().model_dump(by_alias=True, mode="json", exclude_unset=True)
    parts["reports"]["letter"] = {
        **parts["reports"]["letter"],
        "sections": [],
        "template": "brev",
        "blocks": {"tal": {"block": "indicators", "title": text("Tal"), "indicators": ["work"]}},
    }
    told = "{{ findings: tal }}\n\n{{ table: tal }}\n"
    parts["templates"] = {"brev": {"da": told, "en": told}}
    known = Programme.model_validate(parts)
    made = letters(Material(known, case.facts(), None, YEAR), "letter", ("a", "c"))
    high, low = (_words(one) for one in protect_all(made))
    assert "A ligger bedre end helheden" in high
    assert "dårligere" not in high
    assert "C ligger dårligere end helheden" in low


def _words(document: Document) -> str:
    return " ".join(block.text.da for block in document.blocks() if isinstance(block, Passage))


def test_letters_are_made_one_after_another_from_one_protection() -> None:
    made = written(book({"a": (40, 20), "b": (30, 15), "c": (20, 10), "d": (10, 5)}))
    named = dict(zip(SITES, made, strict=True))
    every = dict(make_all(named))
    some = dict(make_all(named, only=["c"]))
    assert list(some) == ["c"]
    assert some["c"].contents == every["c"].contents
    assert len(every["a"].protection.documents) == len(SITES)


def test_letters_go_to_the_sites_of_the_effort_alone() -> None:
    known = programme(sites={"n": item("N", unit="outreach"), "c": item("C", unit="centre")})
    facts = Casebook(known).data_until("2016-12-31").facts()
    assert letter_sites(facts) == ("n",)
    assert isinstance(facts.sites, pl.DataFrame)
