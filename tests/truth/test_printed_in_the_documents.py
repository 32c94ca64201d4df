"""The five documents' printed figures: how many of each verdict, which differ, and values found by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from indsats.replicate import Row, replicate

DOCUMENTS = {
    "000": "000_6341e00c3065f9d6",
    "001": "001_ba2294b1e16c8499",
    "002": "002_d6b7464b3e65af46",
    "003": "003_9a2486e684ef9912",
}


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Row]]:
    return {key: {row.id: row for row in replicate(key)} for key in DOCUMENTS}


@pytest.mark.parametrize(
    ("key", "programme", "verdicts"),
    [
        (
            "000",
            "social-stoette-i-job",
            {
                "equal": 136,
                "equal_within_rounding": 6,
                "attainable": 10,
                "differs": 6,
                "not_recomputable": 14,
            },
        ),
        (
            "001",
            "flere-skal-med",
            {"equal": 132, "equal_within_rounding": 2, "differs": 7, "not_recomputable": 22},
        ),
        ("002", "udvikling-i-fleksjob", {"equal": 38, "differs": 8, "not_recomputable": 15}),
        (
            "003",
            "effektiv-indsats",
            {
                "equal": 36,
                "equal_within_rounding": 1,
                "attainable": 1,
                "differs": 3,
                "not_recomputable": 20,
            },
        ),
    ],
)
def test_verdicts_of_each_document(
    rows: dict[str, dict[str, Row]], key: str, programme: str, verdicts: dict[str, int]
) -> None:
    assert Counter(row.verdict for row in rows[key].values()) == verdicts
    assert {row.document for row in rows[key].values()} == {DOCUMENTS[key]}
    assert [row.id for row in replicate(programme)] == list(rows[key])
    assert [row.id for row in replicate(DOCUMENTS[key])] == list(rows[key])


@pytest.mark.parametrize(
    ("key", "different"),
    [
        (
            "000",
            {
                "praktik-starter-lagt-sammen",
                "cti-procent-tabel",
                "cti-broendby-lavest",
                "lab-31b-broendby",
                "sel-85-broendby",
                "tabel-cti-i-alt",
            },
        ),
        (
            "001",
            {
                "virksomhedsforloeb-lagt-sammen",
                "overrepraesentation-antal",
                "vindue-projekt-ni",
                "vindue-historisk",
                "cv-under-40",
                "kommuner-faerrest-svar",
                "ressourceomraader",
            },
        ),
        (
            "002",
            {
                "aftale-inden-moedet",
                "model-1-samlet",
                "model-1-p",
                "flere-i-job-hazard",
                "varighed-landet",
                "opfyldt-foer-moedet-andet-grundlag",
                "opfyldt-paa-moedet-andet-grundlag",
                "opfyldt-find-jobbet-andet-grundlag",
            },
        ),
        ("003", {"aktivering-viborg-hoej", "loentilskud-viborg-niveau", "loentilskud-hedensted-dobbelt"}),
    ],
)
def test_what_is_known_to_differ_differs(
    rows: dict[str, dict[str, Row]], key: str, different: set[str]
) -> None:
    assert {name for name, row in rows[key].items() if row.verdict == "differs"} == different


def test_nothing_differs_or_is_left_out_without_a_reason(rows: dict[str, dict[str, Row]]) -> None:
    silent = [
        row.id for kept in rows.values() for row in kept.values() if row.verdict != "equal" and not row.reason
    ]
    assert silent == []


def test_there_are_at_least_a_hundred_and_fifty_rows_and_none_unexplained() -> None:
    everything = replicate()
    assert len(everything) >= 150
    assert {row.document for row in everything} >= set(DOCUMENTS.values())
    assert [row.id for row in everything if row.verdict == "unexplained"] == []


@pytest.mark.parametrize(
    ("key", "name", "value", "tolerance"),
    [
        ("000", "dage-i-alt", 71.625, 0.001),
        ("000", "praktik-starter-lagt-sammen", 395, 0),
        ("000", "praktik-antal-broendby", 38, 0),
        ("000", "cti-procent-tabel", 63.72, 0.01),
        ("000", "lab-31b-i-alt", 66.56, 0.01),
        ("000", "who5-forskel", 20.8, 1e-9),
        ("000", "gse-forskel", 6.6, 1e-9),
        ("000", "bip-samarbejde", 99, 0),
        ("000", "fidelitet-1", 17, 0),
        ("000", "svar-andel", 86.5, 0.01),
        ("000", "kvinder-signifikant", 0.026, 0.001),
        ("000", "handicapydelse-signifikant", 0.047, 0.001),
        ("000", "cti-broendby-lavest", 2, 0),
        ("000", "tabel-dage-i-alt", 71.625, 0.001),
        ("000", "tabel-cti-i-alt", 63.89, 0.005),
        ("000", "tabel-lab-broendby", 10.53, 0.005),
        ("001", "visiterede-i-alt", 23_500, 0),
        ("001", "ordinaere-timer-andel", 10.56, 0.005),
        ("001", "branche-handel", 36.05, 0.005),
        ("001", "branche-industri", 4.49, 0.005),
        ("001", "branche-sum-gruppe-2", 101, 0),
        ("001", "overrepraesentation-antal", 4, 0),
        ("001", "cv-under-40", 31.25, 1e-9),
        ("001", "sagsstamme-fald", -9.615, 0.001),
        ("001", "nordfyn", 200, 1e-9),
        ("001", "vindue-projekt-ni", 8, 0),
        ("001", "vindue-historisk", 25, 0),
        ("002", "opfyldt-foer-moedet-andet-grundlag", 95.33, 0.005),
        ("002", "opfyldt-paa-moedet-andet-grundlag", 99, 1e-9),
        ("002", "opfyldt-find-jobbet-andet-grundlag", 11.67, 0.005),
        ("002", "maalgruppe-2-uden-kriteriet", 18.83, 0.005),
        ("002", "effekt-model-2-fra-uge-9", 68.2, 1e-9),
        ("002", "model-1-samlet", 1.141, 0.0005),
        ("002", "model-1-p", 0.103, 0.0005),
        ("002", "flere-i-job", 6.6, 1e-9),
        ("002", "flere-i-job-hazard", 5.63, 0.005),
        ("002", "timer-pr-fleksjob", 6.06, 0.001),
        ("002", "varighed-forskel-i-forskelle", -0.07, 1e-9),
        ("002", "foelges-i-uger", 52.14, 0.005),
        ("003", "aktivering-skanderborg-plads", 2, 0),
        ("003", "aktivering-viborg-plads", 3, 0),
        ("003", "loentilskud-hedensted-dobbelt", 1.829, 0.001),
        ("003", "udsluset-revalidering-antal", 29, 0),
        ("003", "udsluset-rest", 35, 0),
    ],
)
def test_recomputed_values(
    rows: dict[str, dict[str, Row]], key: str, name: str, value: float, tolerance: float
) -> None:
    assert rows[key][name].recomputed == pytest.approx(value, abs=tolerance)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("seneste-start", "gruppe-1"),
        ("seneste-slut", "gruppe-2"),
        ("gruppeorden", "gruppe-2"),
        ("udskudt-viger", "gruppe-2"),
        ("kun-udskudt", "udskudt"),
        ("slut-foer-start", "none"),
    ],
)
def test_one_group_for_each_citizen(rows: dict[str, dict[str, Row]], name: str, group: str) -> None:
    row = rows["001"][f"visitation-{name}"]
    assert (row.recomputed, row.basis, row.verdict) == (group, "derived", "equal")
