"""The optimal choice of what else to hide in one table of counts, made by tau-ARGUS where it is installed.

The engine is the package ``pytauargus`` (EUPL-1.2, Statistics Netherlands and others), an extra that nothing else
needs. It solves the cell suppression problem of Fischetti and Salazar (2001) to the optimum, for one table at a time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indsats.problem import InputRefused, Problem

_SECONDS = 60
_ENGINE = """
import sys
from pytauargus import HiTaSCtrl
engine = HiTaSCtrl()
code = engine.full_jj(in_file_jj=sys.argv[1], out_file=sys.argv[2], max_time=int(sys.argv[3]))
if code != 0:
    sys.exit(engine.error_string(code).strip() or f"code {code}")
"""


def optimal(counts: NDArray[np.integer], unsafe: NDArray[np.bool_], *, threshold: int) -> NDArray[np.bool_]:
    """Which cells to hide, the unsafe ones among them: the fewest persons in the cells hidden.

    ``counts`` are persons, at most two-dimensional, ``unsafe`` has the same shape. The last entry of every axis that
    has more than one is the sum of the others. A reader who subtracts finds it possible that an unsafe count is
    ``threshold`` - 1 larger than it is, so at least ``threshold`` whole numbers are. Where two choices are as good,
    the engine takes one of them, the same for the same input.

    Raises ``InputRefused`` where pytauargus is not installed, ``ValueError`` where the table does not add up, and
    ``RuntimeError`` where the engine finds no answer within a minute.
    """
    table, marked = np.asarray(counts), np.asarray(unsafe, dtype=bool)
    sums = list(_sums(table, marked))
    if not marked.any():
        return np.zeros(table.shape, dtype=bool)
    if find_spec("pytauargus") is None:
        raise InputRefused(
            [
                Problem(
                    "the definition asks for tau-ARGUS, and the package pytauargus is not installed",
                    "install it with `pip install indsats[tauargus]`, or write `optimiser: own`",
                )
            ]
        )
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "table.jj", Path(folder) / "hidden.txt"
        asked.write_text(_problem(table.ravel(), marked.ravel(), sums, threshold), encoding="ascii")
        answered.touch()
        # A process and a folder of its own: the solver keeps state between tables, and writes the true counts into
        # logs where it stands.
        ran = subprocess.run(  # noqa: S603  our own code, run by this interpreter
            [sys.executable, "-c", _ENGINE, str(asked), str(answered), str(_SECONDS)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            said = ran.stderr.strip().splitlines()[-1:] or [f"code {ran.returncode}"]
            raise RuntimeError(
                f"tau-ARGUS found nothing to hide in a table of {table.size} cells that protects it: "
                f"{said[0]}. Write `optimiser: own` in the definition"
            )
        hidden = marked.copy().ravel()
        hidden[[int(cell) for cell in answered.read_text(encoding="ascii").split()]] = True
    return hidden.reshape(table.shape)


def _sums(table: NDArray[np.integer], marked: NDArray[np.bool_]) -> Iterable[NDArray[np.intp]]:
    """The cells of each sum by their place in the flat table, the total last."""
    if not 1 <= table.ndim <= 2 or table.shape != marked.shape:
        raise ValueError("counts must have one or two dimensions, and unsafe the same shape")
    if table.size == 0 or not np.issubdtype(table.dtype, np.integer) or table.min() < 0:
        raise ValueError("counts must be whole numbers from 0 up")
    places = np.arange(table.size).reshape(table.shape)
    for axis, size in enumerate(table.shape):
        if size < 2:
            continue
        for cells in np.moveaxis(places, axis, -1).reshape(-1, size):
            if table.flat[cells[:-1]].sum() != table.flat[cells[-1]]:
                raise ValueError("the last entry of a row or column of counts is not the sum of the others")
            yield cells


def _problem(
    counts: NDArray[np.integer],
    unsafe: NDArray[np.bool_],
    sums: Iterable[NDArray[np.intp]],
    threshold: int,
) -> str:
    """The table in the engine's own format JJ.

    A line a cell: place, count, cost of hiding it, unsafe or safe, the reader's bounds, and how far below and above
    the count the reader must find possible. Then the sums.
    """
    far = 2 * int(counts.max()) + threshold
    cells = [
        # a zero is hidden last: it may be known to be one
        f"{place} {count} {count or far} {'u' if bad else 's'} 0 {far} 0 {threshold - 1 if bad else 0} 0"
        for place, (count, bad) in enumerate(zip(counts.tolist(), unsafe.tolist(), strict=True))
    ]
    lines = [
        f"0 {len(line)} : " + " ".join([*(f"{cell} (1)" for cell in line[:-1]), f"{line[-1]} (-1)"])
        for line in sums
    ]
    return "\n".join(["0", str(len(cells)), *cells, str(len(lines)), *lines, ""])
