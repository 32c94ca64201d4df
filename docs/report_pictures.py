"""Makes the pictures in docs/pictures/reports again: every page of five kinds of documents, a page in Word, one on screen.

Run it from the repository: ``.venv/bin/python docs/report_pictures.py``. It takes some minutes and needs poppler-utils,
LibreOffice and Chromium beside the package. All people are simulated or constructed. ``make docs`` does not run it.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pikepdf
import polars as pl
from PIL import Image

from indsats import library, programme
from indsats.programme import Period
from indsats.replicate.cases import facts_of
from indsats.replicate.printed import read_publication
from indsats.report import Document, Order, make, put
from indsats.run import Material, compose, gather, letters, register_plan, run_letters, run_programme
from indsats.simulate import simulate

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures" / "reports"
PAGE = DOCS / "methods" / "documents.md"
DENSITY = 72
"""Pixels per inch of a page."""
COLOURS = 32
FULL = Order("da", formats=("html", "pdf", "word"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: the stem of its pictures, what it is called in their alternative texts, and how it is made."""

    name: str
    called: str


CASE = Kind("case", "the item for a committee")
MONTH = Kind("month", "the monthly report")
EVALUATION = Kind("evaluation", "the evaluation report")
CITIZEN = Kind("citizen", "a citizen's summary")
SITE = Kind("site", "a letter to a site")
KINDS = (CASE, MONTH, EVALUATION, CITIZEN, SITE)


def committee_case(out: Path) -> None:
    """The second report to the committee, rebuilt from facts that give what it prints."""
    facts = facts_of(read_publication("004").cases["rapport-2"])
    period = Period(first=date(2016, 5, 1), last=date(2016, 9, 30))
    put(make(compose(Material(facts.programme, facts, None, period), "udvalgssag"), FULL), out)


def simulated(name: str, persons: int, out: Path) -> Path:
    """A simulated municipality of a programme, with the plans of its evaluations."""
    definition = programme.load(library.definition_path(name))
    return simulate(definition, persons, 1, out)


def somebody(data: Path) -> str:
    """The person about whom the most is recorded; the first of several."""
    told = [
        pl.read_parquet(file, columns=["person"]).drop_nulls() for file in sorted((data / "facts").iterdir())
    ]
    return pl.concat(told).group_by("person").len().sort("len", "person", descending=[True, False])["person"][0]


def documents(folder: Path) -> dict[Kind, Path]:
    """All of them written into folders under ``folder``; the folder of each."""
    outs = {kind: folder / kind.name for kind in KINDS}
    committee_case(outs[CASE])
    for kind, name, persons, report in (
        (MONTH, "flere-skal-med", 600, "maanedsrapport"),
        (EVALUATION, "fremskudt-indsats", 3000, "evalueringsrapport"),
    ):
        data = simulated(name, persons, folder / f"data-{name}")
        definition = programme.load(library.definition_path(name))
        run_programme(definition, data=data, out=outs[kind], order=FULL, report=report)
    flere = programme.load(library.definition_path("flere-skal-med"))
    data = folder / "data-flere-skal-med"
    run_programme(flere, data=data, out=outs[CITIZEN], order=FULL, report="min-plan", about=somebody(data))
    effektiv = programme.load(library.definition_path("effektiv-indsats"))
    data = simulated("effektiv-indsats", 800, folder / "data-effektiv-indsats")
    written = run_letters(effektiv, data=data, out=folder / "letters", report="stedbrev", order=FULL)
    outs[SITE] = folder / "letters" / min(written)
    return outs
