"""Cohorts, covariates and outcomes from spells, written once and run on Polars, DuckDB or Spark."""

from .engines import Engine, duckdb_engine, engine_named, polars_engine, spark_engine
from .follow import follow, trajectory
from .question import Question, preset, question_of, read_question
from .run import SpellStore, outcomes, trajectories
from .stays import Tables

__all__ = [
    "Engine",
    "Question",
    "SpellStore",
    "Tables",
    "duckdb_engine",
    "engine_named",
    "follow",
    "outcomes",
    "polars_engine",
    "preset",
    "question_of",
    "read_question",
    "spark_engine",
    "trajectories",
    "trajectory",
]
