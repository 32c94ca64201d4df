"""Printed figures recomputed: what publications say, made anew with the product's own functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from indsats.library import published
from indsats.problem import InputRefused, Problem
from indsats.programme import Text

from .cases import Cases
from .compare import Value, compare
from .designs import DesignPart
from .estimates import Estimates
from .printed import (
    Basis,
    PrintedFigure,
    PrintedOnly,
    Proportions,
    Publication,
    Table,
    read_publication,
)
from .recipes import recompute
from .steered import Steered

Verdict = Literal[
    "equal", "equal_within_rounding", "differs", "attainable", "not_recomputable", "unexplained"
]


@dataclass(frozen=True, slots=True)
class Row:
    """One printed figure beside its recomputation.

    ``printed`` and ``recomputed`` are in the unit printed (per cent as 12.3), statuses are words. ``verdict``
    is what the comparison found (see ``compare``) when that was expected, and otherwise ``unexplained``: such
    a row always needs a human. ``basis`` is ``derived`` for the few counts that are not printed themselves
    but follow from a printed rule, and ``rebuilt`` where answers or people were made up that give the figure.
    ``reason`` says why a figure differs. ``not_recomputable`` rows have no ``recomputed``.
    """

    id: str
    what: Text
    document: str
    line: tuple[str, ...]
    printed: float | str
    recomputed: Value
    decimals: int | None
    verdict: Verdict
    basis: Basis = "printed"
    reason: Text | None = None

    @property
    def lines(self) -> str:
        """Where the figure is printed, as one text."""
        return ", ".join(self.line)

    @property
    def shown(self) -> str:
        """The recomputed value for a table: six significant digits, a word, or nothing."""
        if self.recomputed is None:
            return ""
        return self.recomputed if isinstance(self.recomputed, str) else f"{self.recomputed:.6g}"

    def as_dict(self) -> dict[str, Any]:
        """The row as plain values for JSON."""
        return {
            "id": self.id,
            "what": self.what.model_dump(),
            "document": self.document,
            "line": list(self.line),
            "printed": self.printed,
            "recomputed": self.recomputed,
            "decimals": self.decimals,
            "verdict": self.verdict,
            "basis": self.basis,
            "reason": None if self.reason is None else self.reason.model_dump(),
        }


def replicate(document: str | None = None) -> tuple[Row, ...]:
    """Every printed figure of a document, in its order; of all documents when left out.

    ``document`` is the key of the figures (``004``), the document's own key or the programme's id. Raises
    ``InputRefused`` naming what there is when nothing is kept under that name.
    """
    kept = {key: read_publication(key) for key in published()}
    chosen = [
        publication
        for key, publication in kept.items()
        if document in (None, key, publication.document, publication.programme)
    ]
    if not chosen:
        found = {name for key, p in kept.items() for name in (key, p.document, p.programme) if name}
        names = ", ".join(sorted(found))
        raise InputRefused([Problem(f"no printed figures are kept for '{document}'", f"There are: {names}")])
    return tuple(row for publication in chosen for row in _rows(publication))


def _rows(publication: Publication) -> list[Row]:
    estimates, cases = Estimates(publication), Cases(publication)
    made = [_made(publication.document, figure, estimates, cases) for figure in publication.figures]
    return made + [_only_printed(publication.document, entry) for entry in publication.not_recomputable]


def _made(document: str, figure: PrintedFigure, estimates: Estimates, cases: Cases) -> Row:
    make = figure.make
    if isinstance(make, DesignPart):
        value = estimates.value(make)
    else:
        value = cases.value(make) if isinstance(make, Steered) else recompute(figure)
    found = compare(figure, value)
    printed = figure.printed
    if isinstance(printed, float) and printed.is_integer() and (figure.decimals or 0) <= 0:
        printed = int(printed)
    if isinstance(make, Proportions | Table):
        printed = f"p {'<' if make.claim == 'below' else '>'} {figure.printed}"
    return Row(
        id=figure.id,
        what=figure.what,
        document=document,
        line=tuple(figure.line),
        printed=printed,
        recomputed=value,
        decimals=figure.decimals,
        verdict=found if found == figure.expect else "unexplained",
        basis=figure.basis,
        reason=figure.reason,
    )


def _only_printed(document: str, entry: PrintedOnly) -> Row:
    return Row(
        id=entry.id,
        what=entry.what,
        document=document,
        line=tuple(entry.line),
        printed=entry.printed,
        recomputed=None,
        decimals=None,
        verdict="not_recomputable",
        reason=entry.reason,
    )


__all__ = ["Row", "Verdict", "replicate"]
