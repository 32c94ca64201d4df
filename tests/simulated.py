"""A small simulated municipality, made once per test process and only read by tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from indsats import library, programme, simulate

PROGRAMME = "fremskudt-indsats"


def definition() -> programme.Programme:
    """The programme of the simulated municipality."""
    return programme.load(library.definition_path(PROGRAMME))


@cache
def folder() -> Path:
    """The data folder: 400 persons, seed 5."""
    out = Path(mkdtemp(prefix="indsats-")) / "data"
    return simulate.simulate(definition(), 400, 5, out)
