"""Projections: rows that follow from facts, made anew for those whose facts changed, or for all."""

from .project import project, rebuild, refresh, waiting

__all__ = ["project", "rebuild", "refresh", "waiting"]
