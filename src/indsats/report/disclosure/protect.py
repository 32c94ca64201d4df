"""The boundary every number passes before it leaves: small counts are hidden, and what would reveal them.

Counts from 1 to t-1 are hidden (numerator, denominator, and what is left of a share's denominator), and sums that few
people are behind. Then further figures are hidden, smallest first, until a reader who subtracts in every total, over
all tables of all the documents and of earlier releases at once, is left with at least t possible whole numbers for
each small count, and with room around each sum. ``search`` checks that; ``needs`` says what is to be checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from indsats.figure import Figure
from indsats.programme import Text

from ..document import (
    Block,
    Cell,
    Document,
    Findings,
    Light,
    Passage,
    ProtectedFigure,
    Reading,
    Table,
)
from ..passages import settled
from .curves import single_steps
from .graph import EARLIER, Graph, Quantity
from .log import Hidden
from .needs import Need, counts_in, needs_of
from .one_table import choose
from .over_time import REST, Past, has_period
from .relations import Relations
from .releases import Kept, Release, Released, of_programme
from .rounding import parts_rounded, value_rounded
from .search import Search


@dataclass(frozen=True, slots=True)
class Protection:
    """Protected documents, and why what is hidden in them is.

    ``log`` tells which cells are small: it never leaves the house.
    """

    documents: tuple[Document, ...]
    log: tuple[Hidden, ...] = ()
    _known: _Known | None = None

    @property
    def document(self) -> Document:
        """The protected document. Raises ``ValueError`` when there are several."""
        if len(self.documents) != 1:
            raise ValueError("several documents were protected together: ask for `documents`")
        return self.documents[0]

    def release(self, name: str, at: datetime) -> Release:
        """What left, with the true numbers behind it, for ``add_release``.

        Raises ``ValueError`` for documents that were protected before: their true numbers are gone.
        """
        if self._known is None:
            raise ValueError(
                "the documents were protected before, so the numbers behind them are not at hand"
            )
        return self._known.release(name, at, self.documents[0].programme)


@dataclass(frozen=True, slots=True)
class _Known:
    """The true numbers behind protected documents."""

    graph: Graph
    needs: tuple[Need, ...]
    hidden: frozenset[str]
    few: frozenset[tuple[str, str]]
    adds_up: Mapping[str, str]
    rounding: int | None

    def release(self, name: str, at: datetime, programme: str) -> Release:
        own = [[one for one in same if self._is_own(one)] for same in self.graph.quantities]
        parts: dict[str, dict[str, float]] = {}
        for node, same in enumerate(own):
            for key, part in same:
                parts.setdefault(key, {})[part] = self.graph.value[node]
        figures = tuple(
            Released(
                key,
                self.graph.unit[key],
                tuple(sorted(of.items())),
                key not in self.hidden and not key.startswith("~"),
                tuple(sorted(reason for figure, reason in self.few if figure == key)),
                key in self.adds_up,
                self.adds_up.get(key, ""),
            )
            for key, of in sorted(parts.items())
        )
        sums = tuple(
            (own[line.total][0], tuple(own[part][0] for part in line.parts))
            for line in self.graph.lines
            if all(own[node] for node in line.nodes)
        )
        kept = tuple(
            Kept(
                need.figure, need.part, tuple((own[node][0], sign) for node, sign in need.terms), need.margin
            )
            for need in self.needs
            if not need.release and all(own[node] for node, _ in need.terms)
        )
        same = tuple(tuple(of) for of in own if len(of) > 1)
        return Release(name, at, programme, figures, same, sums, kept, self.rounding)

    def _is_own(self, quantity: Quantity) -> bool:
        return not quantity[0].startswith((EARLIER, REST))


def protect(document: Document, earlier: Sequence[Release] = ()) -> Document:
    """The same document with what may not be shown taken out; every figure becomes a ``ProtectedFigure``.

    Threshold 0 or 1 hides nothing. A figure with the same id is hidden everywhere. Lights on hidden figures
    become ``too_few``, and findings a ``Passage`` of the sentences that rest on no hidden figure. Protecting a
    protected document changes nothing.
    A figure made from a hidden one is hidden with it, and so are the points of a survival curve since the last
    of which fewer than t persons reached the outcome or were lost.
    ``earlier`` are the releases a reader may hold beside it; those of other programmes are passed over.
    Raises ``ValueError`` when one id stands for two numbers, and ``InputRefused`` where the rules ask for tau-ARGUS and
    it is not installed.
    """
    return protection(document, earlier).document


def protect_all(documents: Sequence[Document], earlier: Sequence[Release] = ()) -> tuple[Document, ...]:
    """Documents that one reader may have all of, such as a letter to each site, protected as one.

    A figure id is the same figure in all of them, and every document's sums bind them all. Raises ``ValueError`` when
    they are not of one programme with the same rules, and as ``protect``.
    """
    return protection_of_all(documents, earlier).documents


def protection(document: Document, earlier: Sequence[Release] = ()) -> Protection:
    """As ``protect``, with the log of what was hidden and why, and what a later report has to know."""
    return protection_of_all([document], earlier)


def protection_of_all(documents: Sequence[Document], earlier: Sequence[Release] = ()) -> Protection:
    """As ``protect_all``, with one log for all the documents, and what a later report has to know."""
    if not documents or all(document.protected for document in documents):
        return Protection(tuple(documents))
    if (
        len({(one.programme, one.threshold, one.rules.model_dump_json(), one.protected) for one in documents})
        > 1
    ):
        raise ValueError(
            "documents are protected together only when programme, threshold and rules are the same"
        )
    first, everything = documents[0], _figures(documents)
    base = first.rules.rounding if first.threshold > 1 else None
    exempt = everything.keys() - _about_people(documents)
    watched = {key: figure for key, figure in everything.items() if key not in exempt}
    search, known = _searched(documents, watched, (), None)
    past = of_programme(earlier, first.programme)
    if past:
        # What is hidden without the earlier releases stays hidden with them.
        alone, apart = search, frozenset[Quantity]()
        search, known = _searched(documents, watched, past, alone)
        while not search.chance <= apart:
            # Two numbers in a table seemed one and are not: one of them was told before, the other has to go.
            apart |= search.chance
            search, known = _searched(documents, watched, past, alone, apart)
    hidden, log = set(search.hidden), dict(search.log)
    if base is not None:
        for key, source in _gives_back(everything, watched, hidden).items():
            log[key, ""] = Hidden(key, "value", "rounding", source)
            hidden.add(key)
    for key, source in _derived_from(hidden, everything).items():
        log.setdefault((key, ""), Hidden(key, "value", "made_from", source))
        hidden.add(key)
    few: dict[str, set[str]] = {}
    for key, reason in search.hidden_reasons:
        few.setdefault(key, set()).add(reason)
    shown = {
        key: _hide(figure)
        if key in hidden
        else _keep(figure, few.get(key, set()), base if key in watched and figure.of == "people" else None)
        for key, figure in everything.items()
    }
    unsure = set() if base is None else _small(watched, first.threshold)
    order = {key: place for place, key in enumerate(everything)}
    told = sorted(log.values(), key=lambda one: (order.get(one.figure, len(order)), one.figure, one.part))
    return Protection(
        tuple(_protected(document, shown, unsure) for document in documents),
        tuple(told),
        replace(known, hidden=frozenset(hidden)),
    )


def _searched(
    documents: Sequence[Document],
    watched: Mapping[str, Figure],
    releases: Sequence[Release],
    before: Search | None,
    apart: frozenset[Quantity] = frozenset(),
) -> tuple[Search, _Known]:
    """The search over documents and releases, beginning with what was hidden ``before``."""
    first = documents[0]
    rules, threshold = first.rules, first.threshold
    relations = Relations(documents, watched, apart)
    adds_up = {
        key: "" if has_period(key) else str(one.period or "")
        for one in documents
        for key in sorted(one.adds_up & watched.keys())
    }
    past = Past(releases)
    past.lay_into(relations.quantities, adds_up, threshold)
    graph = Graph(relations.quantities, [*relations.sums, *past.sums])
    needs = [*needs_of(watched, graph, threshold, rules), *past.needs(graph)] if threshold > 1 else []
    search = Search(graph, needs, threshold, past.told, rules.rounding)
    if before is not None:
        search.hidden |= before.hidden
        search.hidden_reasons |= before.hidden_reasons
        search.log |= before.log
    if threshold > 1:
        search.hide_at_once()
        for document in documents:
            for key in sorted(single_steps(document)):
                search.hide_figure(key, "n", "curve")
        if rules.optimiser == "tauargus" and before is None and rules.rounding is None:
            choose(documents, graph, search, threshold)
        search.run()
    few = frozenset(search.hidden_reasons)
    known = _Known(graph, tuple(needs), frozenset(), few, adds_up, rules.rounding if threshold > 1 else None)
    return search, known


def _cells(documents: Sequence[Document]) -> Iterable[tuple[bool, Figure]]:
    """Every figure, in tables and in running text, and whether it was observed in people."""
    for document in documents:
        for table in document.tables():
            for row in table.rows:
                for column, cell in zip(table.columns, row, strict=True):
                    if isinstance(cell, Figure):
                        yield column.about_people and not cell.given, cell
        for told in document.told():
            yield told.about_people and not told.figure.given, told.figure


def _figures(documents: Sequence[Document]) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for _, figure in _cells(documents):
        if found.setdefault(figure.id, figure) != figure:
            raise ValueError(
                f"the figure id '{figure.id}' stands for two different numbers in one document, or in documents "
                "protected together"
            )
    return found


def _about_people(documents: Sequence[Document]) -> set[str]:
    return {figure.id for observed, figure in _cells(documents) if observed}


def _derived_from(hidden: set[str], figures: Mapping[str, Figure]) -> dict[str, str]:
    """The figures computed, directly or through others, from a hidden one: they would give it away. And from which."""
    found: dict[str, str] = {}
    while True:
        more = {
            key: next(one for one in figure.made_from if one in hidden or one in found)
            for key, figure in figures.items()
            if key not in found and (hidden | found.keys()) & set(figure.made_from)
        }
        if not more:
            return found
        found |= more


def _gives_back(
    figures: Mapping[str, Figure], watched: Mapping[str, Figure], hidden: set[str]
) -> dict[str, str]:
    """What was computed from exact counts that are shown rounded, and is not computed again from the rounded ones."""
    rounded = {
        key
        for key, one in watched.items()
        if one.of == "people" and (one.numerator is not None or one.denominator)
    }
    return {
        key: source
        for key, figure in figures.items()
        if key not in hidden
        and not any(counts_in(figure.unit, ["n"] if figure.numerator is not None else []))
        for source in [one for one in figure.made_from if one in rounded][:1]
    }


def _small(watched: Mapping[str, Figure], threshold: int) -> set[str]:
    """Figures with a small count: rounded, but no word may be said that follows from the exact number."""
    found: set[str] = set()
    for key, figure in watched.items():
        parts = {"n": figure.numerator, "d": figure.denominator}
        known = {part: number for part, number in parts.items() if number is not None}
        for _, signs in counts_in(figure.unit, known):
            if 0 <= sum(sign * known[part] for part, sign in signs) < threshold:
                found.add(key)
    return found


def _hide(figure: Figure) -> ProtectedFigure:
    return ProtectedFigure(
        figure.id, None, figure.unit, method=figure.method, made_from=figure.made_from, hidden=True
    )


def _keep(figure: Figure, few: set[str], base: int | None) -> ProtectedFigure:
    shown = ProtectedFigure(
        figure.id,
        figure.value,
        figure.unit,
        figure.numerator,
        figure.denominator,
        {reason: rows for reason, rows in figure.excluded.items() if reason not in few},
        figure.low,
        figure.high,
        figure.p,
        figure.method,
        figure.made_from,
        figure.given,
        figure.of,
        few=tuple(sorted(few)),
        decimals=figure.decimals,
    )
    if base is None or (figure.numerator is None and figure.denominator is None and not figure.excluded):
        return shown
    numerator, denominator, excluded = parts_rounded(shown, base)
    return replace(
        shown,
        value=value_rounded(shown, numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        excluded=excluded,
        low=None,
        high=None,
        p=None,
    )


def _protected(document: Document, shown: Mapping[str, ProtectedFigure], unsure: set[str]) -> Document:
    def safe(block: Block) -> Block:
        if isinstance(block, Table):
            return _table(block, shown, unsure)
        return settled(block, shown, unsure) if isinstance(block, Passage | Findings) else block

    sections = tuple(
        replace(section, blocks=tuple(safe(block) for block in section.blocks))
        for section in document.sections
    )
    return replace(document, sections=sections, protected=True)


def _table(table: Table, shown: Mapping[str, ProtectedFigure], unsure: set[str]) -> Table:
    """The table with protected figures; what a light or a sentence says of a number goes where the number does."""

    def gone(figure: ProtectedFigure) -> bool:
        return figure.hidden or figure.id in unsure

    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        cells = [shown[cell.id] if isinstance(cell, Figure) else cell for cell in row]
        any_gone = any(isinstance(cell, ProtectedFigure) and gone(cell) for cell in cells)
        for index, cell in enumerate(cells):
            if isinstance(cell, Light):
                judged = shown.get(cell.of)
                if gone(judged) if judged is not None else any_gone:
                    cells[index] = replace(cell, status="too_few")
            elif isinstance(cell, Reading):
                silent = gone(shown[cell.of]) if cell.of else any_gone
                cells[index] = None if silent else Text(da=cell.da, en=cell.en)
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows))
