"""The estimates of one publication, each made once, when the first of its numbers is asked for."""

from __future__ import annotations

import polars as pl

from indsats.evaluate import Effect, GroupTime, did, group_time
from indsats.programme import FieldType, PackagedTable, keep, parse_rule
from indsats.register import read_packaged

from .designs import Design, DesignPart, DidDesign, DidPart, GroupTimeMeanPart, GroupTimePart
from .printed import Publication


class Estimates:
    """What the designs of a publication give on its tables."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._made: dict[str, Effect | GroupTime] = {}

    def value(self, make: DesignPart) -> float | None:
        """One number of an estimate; none when there is no such group, period or line."""
        if make.of not in self._made:
            design = self._publication.designs[make.of]
            self._made[make.of] = _estimated(design, design.table, self._publication.tables[design.table])
        match make, self._made[make.of]:
            case DidPart(part="n"), Effect() as effect:
                return float(effect.n_treated + effect.n_control)
            case DidPart(), Effect() as effect:
                return float(getattr(effect, make.part))
            case GroupTimePart(), GroupTime() as found:
                return _only(found.table.filter(group=make.group, period=make.period))
            case GroupTimeMeanPart(at=None), GroupTime() as found:
                return found.aggregate(make.by).effect.estimate
            case GroupTimeMeanPart(), GroupTime() as found:
                return _only(found.aggregate(make.by).table.filter(at=make.at))
        raise TypeError(f"'{make.recipe}' is no number of the design '{make.of}'")


def _estimated(design: Design, name: str, declared: PackagedTable) -> Effect | GroupTime:
    fields: dict[str, FieldType] = {column: what.type for column, what in declared.columns.items()}
    rows = keep(read_packaged(name, declared), parse_rule(design.where, fields, expect="bool"))
    if isinstance(design, DidDesign):
        return did(rows, design.outcome, design.site_treated, design.after, cluster=None, se="classical")
    return group_time(
        rows, design.outcome, design.unit, design.period, design.first_treated, method=design.method
    )


def _only(found: pl.DataFrame) -> float | None:
    return None if found.is_empty() else float(found["estimate"].item())
