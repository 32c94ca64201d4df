"""What changed between two versions is told in words, once, at its place, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.programme import Change, Programme, diff, load
from tiny_definition import change, write

A = '      - {id: A, title: {da: A, en: A}, when: "answers_in(3, 3) == 2", side: good, source: L11}\n'
B = "      - {id: B, title: {da: B, en: B}, when: home >= 2, side: good, source: L11}\n"
SUMMARY = "En lille indsats, der begynder med en samtale om alt det, der fylder, og ender med et godt arbejde"

# old text, new text, lines told in Danish, lines told in English
CHANGED: list[tuple[str, str, list[str], list[str]]] = [
    (
        "value: 0.2",
        "value: 0.25",
        ["Måltal › »Udeblivelser« i »Opsøgende« › værdi: ændret fra 0,2 til 0,25"],
        ["Targets › “No-shows” in “Outreach” › value: changed from 0.2 to 0.25"],
    ),
    (
        "every: P6M",
        "every: P3M",
        ["Det, der gentages › »Spørg« › interval: ændret fra 6 måneder til 3 måneder"],
        ["What recurs › “Ask” › interval: changed from 6 months to 3 months"],
    ),
    (
        "every: gap",
        "every: P3M",
        [
            "Det, der gentages › »Samtale« › interval: ændret fra 3 måneder (et sted kan vælge selv) til 3 måneder"
        ],
        ["What recurs › “Talk” › interval: changed from 3 months (a site may choose its own) to 3 months"],
    ),
    (
        "when: age < 30 and sex",
        "when: age <= 30 and sex",
        [
            "Målgrupper › »Unge« › regel: ændret fra (alder er under 30 og køn er ikke »x«) "
            "til (alder er højst 30 og køn er ikke »x«)"
        ],
        [
            "Target groups › “Young” › rule: changed from (age is below 30 and sex is not “x”) "
            "to (age is at most 30 and sex is not “x”)"
        ],
    ),
    (
        "da: Tidligt?, en: Early?",
        "da: Tidligt?, en: Early on?",
        ["Krav › »Tidligt« › spørgsmål: den engelske tekst er ændret"],
        ["Requirements › “Early” › question: changed from “Early?” to “Early on?”"],
    ),
    (
        "  young: {title: {da: Unge",
        "  young: {title: {da: De unge",
        ["Målgrupper › »De unge« › navn: ændret fra »Unge« til »De unge«"],
        ["Target groups › “Young” › name: the Danish text has changed"],
    ),
    (
        "    ill: {title",
        "    sick: {title",
        ["Kodelister › »Grunde« › værdier › »Syg«: har fået nyt id: før ill, nu sick"],
        ["Code lists › “Reasons” › values › “Ill”: has a new id: ill is now sick"],
    ),
    (
        "en: Swift?}, phase: opening",
        "en: Swift?}, phase: search",
        ["Krav › »Hurtigt« › fase: ændret fra »Åbning« til »Søgning«"],
        ["Requirements › “Swift” › phase: changed from “Opening” to “Search”"],
    ),
    (
        "if_no: [ill], ",
        "",
        ["Krav › »Tidligt« › grunde til nej: fjernet »ill«"],
        ["Requirements › “Early” › reasons for no: removed “ill”"],
    ),
    (
        "due: P2M, source",
        "source",
        ["Krav › »Hurtigt« › frist: fjernet (var 2 måneder)"],
        ["Requirements › “Swift” › deadline: removed (was 2 months)"],
    ),
    (
        "    better: lower",
        "    better: higher",
        ["Indikatorer › »Udeblivelser« › retning: ændret fra lavere er bedre til højere er bedre"],
        ["Indicators › “No-shows” › direction: changed from lower is better to higher is better"],
    ),
    (
        "in_effort: false",
        "in_effort: true",
        ["Enheder › »Centralt« › med i indsatsen: ændret fra nej til ja"],
        ["Units › “Centre” › in the effort: changed from no to yes"],
    ),
    (
        "repeats: true,",
        "",
        ["Faser › »Søgning« › gentages: ændret fra ja til nej"],
        ["Phases › “Search” › repeats: changed from yes to no"],
    ),
    (
        "[{kind: meeting}, {kind: contact_attempt}]",
        "[{kind: meeting}]",
        ["Det, der gentages › »Søg« › hvad › nr. 2: fjernet: et forsøg på kontakt"],
        ["What recurs › “Seek” › what › no. 2: removed: an attempt at contact"],
    ),
    ("[{kind: meeting}, {kind: contact_attempt}]", "[{kind: contact_attempt}, {kind: meeting}]", [], []),
    (
        "ends: [{event: board}]",
        "ends: [{kind: plan}]",
        ["Faser › »Åbning« › slutter ved › nr. 1: ændret fra »Møde« til en plan"],
        ["Phases › “Opening” › ends with › no. 1: changed from “Board” to a plan"],
    ),
    (
        A + B,
        B + A,
        ["Spørgeskemaer › »Humør« › klasser: rækkefølgen er ændret"],
        ["Questionnaires › “Mood” › classes: the order has changed"],
    ),
    (
        B,
        "",
        ["Spørgeskemaer › »Humør« › klasser › »B«: fjernet"],
        ["Questionnaires › “Mood” › classes › “B”: removed"],
    ),
    (
        "indicators: [no-shows, held, in-time]",
        "indicators: [held, no-shows, in-time]",
        ["Rapporter › »Halvår« › afsnit › »Tal« › indhold › »Alle« › indikatorer: rækkefølgen er ændret"],
        [
            "Reports › “Half a year” › sections › “Figures” › contents › “All” › indicators: the order has changed"
        ],
    ),
    (
        "window: 2014-01-01/2014-12-31",
        "window: 2014-01-01/2015-06-30",
        [
            "Evalueringer › »I arbejde« › start på ur › vindue: ændret fra 1. januar 2014 – 31. december 2014 "
            "til 1. januar 2014 – 30. juni 2015"
        ],
        [
            "Evaluations › “To work” › start of the clock › window: changed from 1 January 2014 – 31 December 2014 "
            "to 1 January 2014 – 30 June 2015"
        ],
    ),
    (
        "measures: count, kind: meeting",
        "measures: rate, per: person_month, kind: meeting",
        [
            "Indikatorer › »Holdt« › mål: ændret fra antal til rate",
            "Indikatorer › »Holdt« › pr.: sat til måned, en borger er indskrevet",
        ],
        [
            "Indicators › “Held” › measure: changed from count to rate",
            "Indicators › “Held” › per: set to month a citizen is enrolled",
        ],
    ),
    (
        "summary: {da: En lille indsats,",
        f"summary: {{da: '{SUMMARY}',",
        [
            "Kort fortalt: ændret fra »En lille indsats« til »En lille indsats, der begynder med en samtale om alt "
            "det, der fylder, …«"
        ],
        ["In short: the Danish text has changed"],
    ),
    (
        "  - {indicator: held, unit: outreach, comparator: others, source: L13}\n",
        "",
        ["Måltal › »Holdt« i »Opsøgende«: fjernet"],
        ["Targets › “Held” in “Outreach”: removed"],
    ),
    (
        "documents:\n",
        "first_day: 2016-05-01\ndocuments:\n",
        ["Første dag: sat til 1. maj 2016"],
        ["First day: set to 1 May 2016"],
    ),
    (
        "source: L5}",
        "source: L6}",
        ["Målgrupper › »Unge« › kilde: tilføjet »L6«; fjernet »L5«"],
        ["Target groups › “Young” › source: added “L6”; removed “L5”"],
    ),
]


def _both(tmp_path: Path, old: str, new: str) -> tuple[Programme, Programme]:
    first = write(tmp_path / "first")
    change(write(tmp_path / "second"), old, new)
    return _read(first), _read(tmp_path / "second")


def _read(folder: Path) -> Programme:
    """What the schema accepts: a change of one line need not make sense to the checks."""
    from indsats.programme import examine

    found = examine(folder).programme
    assert found is not None
    return found


@pytest.mark.parametrize(("old", "new", "da", "en"), CHANGED, ids=[case[0].strip()[:40] for case in CHANGED])
def test_a_change_is_told(old: str, new: str, da: list[str], en: list[str], tmp_path: Path) -> None:
    found = diff(*_both(tmp_path, old, new))
    assert [one.in_("da") for one in found] == da
    assert [one.in_("en") for one in found] == en


@pytest.mark.parametrize("case", range(len(CHANGED)))
def test_a_change_is_told_backwards_too(case: int, tmp_path: Path) -> None:
    first, second = _both(tmp_path, *CHANGED[case][:2])
    assert len(diff(second, first)) == len(CHANGED[case][2])


def test_a_definition_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert diff(load(write(tmp_path)), load(tmp_path)) == []


def test_the_order_of_keys_means_nothing(tmp_path: Path) -> None:
    programme = load(write(tmp_path))
    turned = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value
        for key, value in reversed(programme.model_dump(mode="json", by_alias=True).items())
    }
    assert diff(programme, Programme.model_validate(turned)) == []


def test_parts_come_and_go_in_the_order_of_the_definition(tmp_path: Path) -> None:
    second = write(tmp_path / "second")
    change(second, "groups:\n", "groups:\n  old: {title: {da: Gamle, en: Old}, source: L5}\n")
    change(second, "indicator: held, unit: outreach", "indicator: held, unit: centre")
    change(second, "  mentor: {title: {da: Mentor", "  mentor: {title: {da: Hjælper")
    found = diff(load(write(tmp_path / "first")), _read(second))
    assert [one.in_("da") for one in found] == [
        "Roller › »Hjælper« › navn: ændret fra »Mentor« til »Hjælper«",
        "Målgrupper › »Gamle«: tilføjet",
        "Måltal › »Holdt« i »Centralt«: tilføjet",
        "Måltal › »Holdt« i »Opsøgende«: fjernet",
    ]
    assert found[1] == Change(("groups", "old"), found[1].place, found[1].what)


def test_a_rule_told_alike_is_given_as_it_is_written(tmp_path: Path) -> None:
    old, new = 'where: outcome == "no_show"', 'where: outcome  == "no_show"'
    [found] = diff(*_both(tmp_path, old, new))
    assert found.what.da == 'ændret fra outcome == "no_show" til outcome  == "no_show"'


def test_a_happening_told_alike_is_given_as_it_is_written(tmp_path: Path) -> None:
    old, new = "ends: [{event: board}]", "ends: [{kind: event, where: event == 'board'}]"
    [found] = diff(*_both(tmp_path, old, new))
    assert found.what.da == "ændret fra event event == \"board\" til event event == 'board'"
