"""The command that tells what changed since the last report, as a person at a terminal meets it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import simulated
from indsats import run
from indsats.programme import Period
from indsats.record import read_record
from indsats.steer import Frozen, since
from terminal import indsats

FIRST, SECOND = "2016-01-01/2016-05-31", "2016-06-01/2016-11-30"


def asked(*words: object) -> subprocess.CompletedProcess[str]:
    return indsats("steer", "since", simulated.PROGRAMME, "--data", simulated.folder(), *words)


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on the first period, as it was made two weeks after its end."""
    out = tmp_path_factory.mktemp("last")
    words = ("--as-of", "2016-06-14", "--period", FIRST, "--out", out)
    done = indsats("run", simulated.PROGRAMME, "--data", simulated.folder(), *words)
    assert done.returncode == 0, done.stderr
    return out


def test_it_tells_the_numbers_of_the_room(last: Path) -> None:
    said = asked("--last", last, "--period", SECOND, "--unit", "ub", "--indicator", "sager", "--json")
    assert said.returncode == 0, said.stderr
    figures = {figure["id"]: figure for figure in json.loads(said.stdout)["figures"]}
    definition = simulated.definition()
    frozen = run.read_frozen(last, lambda _: definition)
    first, second = (Period.model_validate(one) for one in (FIRST, SECOND))
    assert frozen.period == first
    record = read_record(simulated.folder(), definition)
    found = since(record, "sager", frozen, Frozen(second, None, definition), unit="ub")
    shown = [
        figure for figure in (found.before, found.after, found.change) if not figures[figure.id]["hidden"]
    ]
    assert shown
    for figure in shown:
        assert figures[figure.id]["value"] == pytest.approx(figure.value)
    assert "unexplained" not in {step.cause for step in found.steps}


def test_it_is_told_in_the_language_asked_for_and_adds_up() -> None:
    words = ("--last-known", "2016-06-14", "--last-period", FIRST, "--period", SECOND, "--indicator", "sager")
    danish, english = asked(*words), asked(*words, "--lang", "en")
    assert (danish.returncode, english.returncode) == (0, 0), danish.stderr + english.stderr
    for phrase in ("Sidste rapport", "Sene registreringer", "Nye personer"):
        assert phrase in danish.stdout
    for phrase in ("Last report", "Late registrations", "New people", "The causes add up"):
        assert phrase in english.stdout


def test_a_report_that_is_run_takes_the_last_one(last: Path, tmp_path: Path) -> None:
    words = ("--data", simulated.folder(), "--period", SECOND, "--last", last, "--out", tmp_path / "now")
    done = indsats("run", simulated.PROGRAMME, *words)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "says", "remedy"),
    [
        ((), "nothing says which report was the last", "--last-known 2016-06-14"),
        (("--last", "nowhere"), "no report this edition can make again", "'indsats run'"),
        (("--last", ".", "--last-known", "2016-06-14"), "--last already tells", "Leave out the others"),
        (("--last-known", "2016-06-14", "--known", "2016-01-01"), "knew more than --known", "--known after"),
        (("--last-known", "soon"), "'soon' is not a time", "Write --last-known"),
        (("--last-known", "2016-06-14", "--last-period", "May"), "not a period", "Write --last-period"),
        (("--last-known", "2016-06-14", "--indicator", "sag"), "no indicator 'sag'", "Did you mean 'sager'"),
        (("--last-known", "2016-06-14", "--unit", "u"), "no unit 'u'", "Give one of: ub"),
        (("--last-known", "1999-06-14"), "no facts known by 1999-06-14", "later"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(
    words: tuple[str, ...], says: str, remedy: str
) -> None:
    said = asked(*words)
    assert said.returncode == 1
    assert says in said.stderr
    assert remedy in said.stderr
    assert "Traceback" not in said.stderr


def test_small_counts_are_hidden_from_the_terminal_too() -> None:
    words = ("--last-known", "2016-06-14", "--last-period", FIRST, "--period", FIRST)
    said = asked(*words, "--json")
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    changes = [one for one in told["figures"] if one["id"].startswith("since/")]
    assert any(one["hidden"] for one in changes)
    assert not any(0 < (one["denominator"] or 5) < 5 for one in changes if one["unit"] != "rate")
