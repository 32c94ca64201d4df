"""The command that tells what is to be done, as a person at a terminal meets it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import simulated
from indsats.record import read_record
from indsats.steer import QUEUES, worklist
from terminal import indsats

WHOLE = ("--data", simulated.folder())
DAY = "2016-06-30"


def test_items_are_counted_per_queue_and_worker_and_can_be_had_as_a_file(tmp_path: Path) -> None:
    into = tmp_path / "items.csv"
    words = ("--on", DAY, "--queue", "no_next_step", "--out", into, "--lang", "en")
    done = indsats("steer", "worklist", simulated.PROGRAMME, *WHOLE, *words)
    assert done.returncode == 0, done.stderr
    facts = read_record(simulated.folder(), simulated.definition()).as_of()
    rows = worklist(facts, date.fromisoformat(DAY)).filter(pl.col("queue") == "no_next_step")
    assert QUEUES["no_next_step"].title.en in done.stdout
    assert pl.read_csv(into).height == rows.height > 0


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("--queue", "no_shows"), "Did you mean 'no_show'?"),
        (("--on", "June"), "Write --on 2026-06-30"),
        (("--site", "nowhere"), "there is no site 'nowhere'"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(words: tuple[str, ...], remedy: str) -> None:
    done = indsats("steer", "worklist", simulated.PROGRAMME, *WHOLE, *words)
    assert done.returncode != 0
    assert remedy in done.stderr
