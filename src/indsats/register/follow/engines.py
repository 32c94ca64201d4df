"""The engines a question can be answered on: Polars, DuckDB and Spark behind one small surface."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

if TYPE_CHECKING:
    import duckdb

Paths = str | Path | Sequence[str | Path]


class Engine(Protocol):
    """What the questions need of an engine; "native" is the engine's own lazy table."""

    name: str

    def scan(self, paths: Paths) -> Any:
        """Parquet files of the same columns as one native table; nothing is read yet.

        ``paths`` are names, never patterns, whatever signs are in them.
        """
        ...

    def table(self, frame: pl.DataFrame) -> Any:
        """A table in memory as a native one."""
        ...

    def keep(self, native: Any) -> Any:
        """The same rows, worked out once: for what is used several times."""
        ...

    def collect(self, native: Any) -> pl.DataFrame:
        """The rows, in no particular order."""
        ...

    def forget(self) -> None:
        """Lets go of all that was kept."""
        ...

    def close(self) -> None:
        """Ends the engine and removes what it wrote to disk."""
        ...


def _listed(paths: Paths) -> list[str]:
    return [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]


class _Polars:
    name = "polars"

    def scan(self, paths: Paths) -> pl.LazyFrame:
        return pl.scan_parquet(_listed(paths), glob=False)

    def table(self, frame: pl.DataFrame) -> pl.LazyFrame:
        return frame.lazy()

    def keep(self, native: pl.LazyFrame) -> pl.LazyFrame:
        return self.collect(native).lazy()

    def collect(self, native: pl.LazyFrame) -> pl.DataFrame:
        return native.collect()

    def forget(self) -> None:
        """Kept tables are let go when nobody names them."""

    def close(self) -> None:
        """Nothing is held."""


class _DuckDB:
    name = "duckdb"

    def __init__(self, memory: str, threads: int, folder: Path | None) -> None:
        import duckdb  # only here: every process of a build loads this room

        self._own = tempfile.TemporaryDirectory(prefix="indsats-") if folder is None else None
        self._settings: dict[str, Any] = {
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(folder if self._own is None else self._own.name),
            # Row order is never relied upon, and keeping it costs memory.
            "preserve_insertion_order": False,
        }
        self._connection = duckdb.connect(config=self._settings)
        self._kept = 0

    def scan(self, paths: Paths) -> duckdb.DuckDBPyRelation:
        # It has no switch for patterns: a sign of one stands for itself only between brackets.
        plain = [re.sub(r"[*?\[]", r"[\g<0>]", path) for path in _listed(paths)]
        return self._connection.read_parquet(plain)

    def table(self, frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
        return self.keep(self._connection.from_arrow(frame.to_arrow()))

    def keep(self, native: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        self._kept += 1
        name = f"kept_{self._kept}"
        native.create(name)
        return self._connection.table(name)

    def collect(self, native: duckdb.DuckDBPyRelation) -> pl.DataFrame:
        return native.pl()

    def forget(self) -> None:
        for number in range(1, self._kept + 1):
            self._connection.execute(f"drop table kept_{number}")
        self._kept = 0

    def close(self) -> None:
        self._connection.close()
        if self._own is not None:
            self._own.cleanup()


class _Spark:
    name = "spark"

    def __init__(self, session: Any) -> None:
        self._started = session is None
        self._session = _local_session() if session is None else session

    def scan(self, paths: Paths) -> Any:
        return self._session.read.option("__globPaths__", "false").parquet(*_listed(paths))

    def table(self, frame: pl.DataFrame) -> Any:
        return self._session.createDataFrame(frame.to_arrow())

    def keep(self, native: Any) -> Any:
        # Unlike persist, this forgets how the rows were made: Spark takes longer to plan a long way than to go it.
        return native.localCheckpoint()

    def collect(self, native: Any) -> pl.DataFrame:
        found = pl.from_arrow(native.toArrow())
        return found if isinstance(found, pl.DataFrame) else found.to_frame()

    def forget(self) -> None:
        """Spark lets go of kept tables when nobody names them."""

    def close(self) -> None:
        if self._started:
            self._session.stop()


def _local_session() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise ValueError(
            "the engine 'spark' needs PySpark: install the package pyspark, and Java 17"
        ) from None
    # Without these a machine that has no name of its own in the network cannot start Spark.
    local: dict[str, Any] = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    builder = SparkSession.builder.appName("indsats").config(map=local)  # pyright: ignore[reportAttributeAccessIssue]
    return builder.getOrCreate()


def polars_engine() -> Engine:
    """Polars, in the memory of this process: for a municipality."""
    return _Polars()


def duckdb_engine(memory: str = "1GB", threads: int = 2, folder: Path | None = None) -> Engine:
    """DuckDB, which puts aside on disk what exceeds ``memory``: in ``folder``, or a temporary one."""
    return _DuckDB(memory, threads, folder)


def spark_engine(session: Any = None) -> Engine:
    """Spark, in the session given or the machine's own, which is then stopped by ``close``.

    Raises ``ValueError`` when PySpark is not installed.
    """
    return _Spark(session)


def engine_named(name: str) -> Engine:
    """A new engine by its name, as settings have it; ``ValueError`` for any other name."""
    makers = {"polars": polars_engine, "duckdb": duckdb_engine, "spark": spark_engine}
    if name not in makers:
        raise ValueError(f"there is no engine '{name}'; there are: {', '.join(makers)}")
    return makers[name]()
