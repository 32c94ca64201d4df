"""Composes the tables of who answered in each round, who was lost and who is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indsats.figure import Figure
from indsats.measure import UNKNOWN, ResponseRow, response_rows
from indsats.measure.distribution import By
from indsats.programme import Period, Questionnaire, ResponseBlock, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Group, Paragraph, Table

from . import response_words as said
from . import words
from .outstanding import due_blocks, place_titles
from .progression import slug
from .steering import places_of

__all__ = ["due_blocks", "response_blocks"]

_SUMMED = ("expected", "answered", "respondents", "uninvited")
"""What of the sites makes up the same of their unit. Who stayed does not: somebody may have moved."""

Parts = tuple[tuple[str, ...], ...]
_PARTS: tuple[Parts, ...] = (
    (("answered",), ("declined",), ("not_relevant",), ("open",), ("late",), ("missed",)),
    (("answered",), ("declined", "not_relevant"), ("open", "late"), ("missed",)),
    (("answered",), ("declined", "not_relevant"), ("open", "late", "missed")),
    (("answered",), ("declined", "not_relevant", "open", "late", "missed")),
)
"""How the states of a round are told, from the finest: a few who declined would otherwise hide how many answered."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the response with the figures beside it that disclosure control needs to know the sums.

    ``earlier`` is the row it is set against: about persons that of the first round of the same clock, about sites that
    of the round before. None in the first.
    """

    row: ResponseRow
    earlier: ResponseRow | None

    @property
    def stem(self) -> str:
        return self.row.expected.id.rpartition("/")[0]

    @property
    def expected(self) -> Figure:
        return _bare(self.row.expected)

    def share(self, states: Sequence[str]) -> Figure:
        """Those in any of ``states``, as a share of those expected."""
        if len(states) == 1:
            return _bare(getattr(self.row, states[0]))
        number = sum(getattr(self.row, state).numerator or 0 for state in states)
        return Figure.share(f"{self.stem}/{_told(states)}", number, self.row.expected.numerator or 0)

    @property
    def attrition(self) -> Figure | None:
        return None if self.row.attrition is None else _bare(self.row.attrition)

    @property
    def followed(self) -> Figure | None:
        """Of those who answered the first round, the share that ``attrition`` is a share of."""
        if self.row.attrition is None or self.earlier is None:
            return None
        began = self.earlier.answered.numerator or 0
        return Figure.share(f"{self.stem}/followed", self.row.attrition.denominator or 0, began)

    @property
    def uninvited(self) -> Figure:
        return Figure.count(f"{self.stem}/uninvited", self.row.expected.excluded.get("uninvited", 0))

    def groups(self) -> Iterator[Group]:
        """What within the row adds up to what."""
        expected, answered = self.row.expected.id, self.row.answered.id
        for parts in _PARTS:
            yield Group(expected, tuple(self.share(states).id for states in parts))
        yield Group(self.row.on_time.id, (answered,))
        if self.earlier is not None and self.row.attrition is not None:
            yield Group(f"{self.stem}/followed", (self.earlier.answered.id,))
            yield Group(self.row.attrition.id, (f"{self.stem}/followed",))
        if self.row.respondents is not None:
            yield Group(self.row.respondents.id, (answered, f"{self.stem}/uninvited"))
            yield Group(self.row.respondents.id, (answered,))
        if self.row.stayed is not None and self.row.left is not None and self.row.new is not None:
            yield Group(self.row.stayed.id, (self.row.stayed.id, self.row.left.id))
            if self.row.respondents is not None:
                yield Group(self.row.respondents.id, (self.row.stayed.id, self.row.new.id))
            if self.earlier is not None and self.earlier.respondents is not None:
                yield Group(self.row.stayed.id, (self.earlier.respondents.id,))


def response_blocks(facts: Facts, block: ResponseBlock, period: Period) -> Iterator[Block]:
    """For each questionnaire how each round was answered, a drawing of it, and who was lost or changed between rounds.

    The units of the effort come first; ``by: site`` adds a table of its sites.
    """
    for name in block.questionnaires:
        questionnaire = facts.programme.questionnaires[name]
        title = (
            words.joined(block.title, questionnaire.title) if len(block.questionnaires) > 1 else block.title
        )
        yield from _of_questionnaire(facts, block, name, title, period.last)


def _of_questionnaire(
    facts: Facts, block: ResponseBlock, name: str, title: Text, until: date
) -> Iterator[Block]:
    questionnaire = facts.programme.questionnaires[name]
    units = _lines(facts, name, until, "unit")
    places = _lines(facts, name, until, "site") if block.by == "site" else []
    groups = tuple(_groups(facts, name, [*units, *places]))
    at = _Shown(facts, questionnaire, title, f"response-{slug(name)}", until)
    parts = _finest(units, facts.programme.disclosure_threshold)
    whole = _response(at, at.table_id, title, units, parts, placed=False)
    if whole is None and not any(line.row.respondents and line.row.respondents.value for line in units):
        yield Paragraph(words.joined(title, said.NO_ROUNDS))
        return
    if whole is not None:
        yield replace(whole, groups=groups)
        encodings = {"label": "round", "parts": tuple(slug(_told(states)) for states in parts)}
        yield Chart(f"{whole.id}-chart", title, whole.id, "stacked", encodings, said.RESPONSE_DRAWN)
    if places:
        apart = words.joined(title, said.SITE_BY_SITE)
        # of a site hardly more can be shown than how many answered
        each = _response(at, f"{at.table_id}-site", apart, places, (("answered",),), placed=True)
        if each is not None:
            yield each
    lines = [*units, *places]
    if questionnaire.about == "site":
        came = _who_came(at, lines)
        yield came if whole is not None else replace(came, groups=groups)
    elif any(line.followed is not None and line.followed.denominator for line in units):
        yield _who_stayed(at, units)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What every table of one questionnaire is made from."""

    facts: Facts
    questionnaire: Questionnaire
    title: Text
    table_id: str
    until: date


def _lines(facts: Facts, name: str, until: date, by: By) -> list[_Line]:
    """The rows of the effort's units or sites in the definition's order, those of nowhere last."""
    questionnaire = facts.programme.questionnaires[name]
    rows = response_rows(facts, name, until, by, name)
    order = [*(key for key, _ in places_of(facts, by, effort=True)), UNKNOWN]
    lines: list[_Line] = []
    against: dict[tuple[str, str | None, bool], ResponseRow] = {}
    for row in rows:
        about_site = questionnaire.about == "site"
        clock = (row.group, row.rater, questionnaire.waves[row.wave].after is not None and not about_site)
        lines.append(_Line(row, against.get(clock)))
        if about_site or clock not in against:
            against[clock] = row
    shown = [line for line in lines if line.row.group in order]
    return sorted(shown, key=lambda line: order.index(line.row.group))


def _told(states: Sequence[str]) -> str:
    """What states that are told together are called in ids."""
    return "-or-".join(states)


def _finest(lines: Sequence[_Line], threshold: int) -> Parts:
    """The finest way to tell the states in which no row shows few people; the coarsest when none is."""
    for parts in _PARTS:
        shares = [line.share(states) for line in lines if line.row.expected.value for states in parts]
        ends = [(share.numerator or 0, (share.denominator or 0) - (share.numerator or 0)) for share in shares]
        if not any(0 < number < threshold for both in ends for number in both):
            return parts
    return _PARTS[-1]


def _bare(figure: Figure) -> Figure:
    """Without who left its denominator: set against the other rounds those few could be counted."""
    return replace(figure, excluded={}) if figure.excluded else figure


def _groups(facts: Facts, name: str, lines: Sequence[_Line]) -> Iterator[Group]:
    """The sums within rows, and those of sites to units."""
    by_row: dict[tuple[str, str | None], set[str]] = {}
    for line in lines:
        yield from line.groups()
        by_row.setdefault((line.row.wave, line.row.rater), set()).add(line.row.group)
    of_unit: dict[str, list[str]] = {}
    for site, unit in facts.sites.select("site", "unit").drop_nulls().iter_rows():
        of_unit.setdefault(unit, []).append(site)
    for (wave, rater), present in by_row.items():
        for unit, sites in of_unit.items():
            mine = [site for site in sites if site in present]
            if unit in present and mine:
                for what in _SUMMED:
                    of = [
                        f"response/{name}/{place}/{wave}/{rater or 'any'}/{what}" for place in (unit, *mine)
                    ]
                    yield Group(of[0], tuple(of[1:]))


def _response(
    at: _Shown, table_id: str, title: Text, lines: Sequence[_Line], parts: Parts, *, placed: bool
) -> Table | None:
    """What became of those who were to answer each round; rounds nobody was to answer are left out."""
    shown = [line for line in lines if line.expected.value]
    if not shown:
        return None
    named = _named(at, shown, placed=placed)
    rows: list[tuple[Cell, ...]] = []
    for name, line in zip(named.cells, shown, strict=True):
        answered, *others = (line.share(states) for states in parts)
        # how few of a site's answers came late can seldom be shown
        on_time = () if placed else (line.row.on_time,)
        rows.append((*name, line.expected, answered, *on_time, *others))
    columns = [Column(slug(_told(states)), said.STATES[_told(states)], "share", 0) for states in parts]
    notes: list[Text] = []
    if not placed:
        notes.append(said.SITE_RESPONSE_NOTE if at.questionnaire.about == "site" else said.RESPONSE_NOTE)
    if parts == _PARTS[0]:
        notes.append(said.STATES_NOTE)
    elif parts in _PARTS:
        notes.append(said.TOLD_TOGETHER)
    return Table(
        table_id,
        title,
        (
            *named.columns,
            Column("expected", said.EXPECTED, "count"),
            columns[0],
            *(() if placed else (Column("on-time", said.ON_TIME, "share", 0),)),
            *columns[1:],
        ),
        tuple(rows),
        notes=(*notes, said.as_of(at.until)),
    )


def _who_stayed(at: _Shown, lines: Sequence[_Line]) -> Table:
    shown = [line for line in lines if line.followed is not None and line.followed.denominator]
    named = _named(at, shown, placed=False)
    return Table(
        f"{at.table_id}-lost",
        words.joined(at.title, said.WHO_STAYED),
        (
            *named.columns,
            Column("followed", said.FOLLOWED, "share", 0),
            Column("lost", said.LOST, "share", 0),
        ),
        tuple((*name, line.followed, line.attrition) for name, line in zip(named.cells, shown, strict=True)),
        notes=(said.STAYED_NOTE,),
    )


def _who_came(at: _Shown, lines: Sequence[_Line]) -> Table:
    named = _named(at, lines, placed=True)
    uninvited = any(line.uninvited.value for line in lines)
    rows: list[tuple[Cell, ...]] = []
    for name, line in zip(named.cells, lines, strict=True):
        row = line.row
        stayed, left, new = (None if one is None else _bare(one) for one in (row.stayed, row.left, row.new))
        rows.append(
            (*name, row.respondents, *((line.uninvited,) if uninvited else ()), row.sites, stayed, left, new)
        )
    notes = [said.WHO_CAME_NOTE]
    if any(line.row.expected.value is None for line in lines):
        notes.append(said.NOT_INVITED_NOTE)
    if any(line.row.stayed is not None and line.row.stayed.excluded for line in lines):
        notes.append(said.UNNAMED_NOTE)
    return Table(
        f"{at.table_id}-who",
        words.joined(at.title, said.WHO_CAME),
        (
            *named.columns,
            Column("respondents", said.RESPONDENTS, "count"),
            *((Column("uninvited", said.UNINVITED, "count"),) if uninvited else ()),
            Column("sites", said.SITES, "share", 0),
            Column("stayed", said.STAYED, "share", 0),
            Column("left", said.LEFT, "count"),
            Column("new", said.NEW, "count"),
        ),
        tuple(rows),
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """The columns that name rows, and their cells."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[Cell, ...], ...]


def _named(at: _Shown, lines: Sequence[_Line], *, placed: bool) -> _Names:
    """Rows named by place, round and rater. Without ``placed`` in one cell, so that a drawing can tell them apart; a
    single place is then not named, nor the rater where any may answer."""
    several = len({line.row.group for line in lines}) > 1
    raters = any(line.row.rater is not None for line in lines)
    titles = place_titles(at.facts)
    cells: list[tuple[Cell, ...]] = []
    for line in lines:
        place, wave = titles[line.row.group], at.questionnaire.waves[line.row.wave].title
        rater = line.row.rater and said.rater_title(at.facts.programme, at.questionnaire, line.row.rater)
        if placed:
            cells.append((place, wave, *((rater,) if raters else ())))
        else:
            parts = [*([place] if several else []), wave, *([rater] if rater else [])]
            cells.append((_in_one(parts),))
    columns = [Column("round", said.ROUND)]
    if placed:
        columns = [
            Column("place", said.WHERE),
            *columns,
            *([Column("rater", said.RATER)] if raters else []),
        ]
    return _Names(tuple(columns), tuple(cells))


def _in_one(parts: Sequence[Text]) -> Text:
    return Text(da=" · ".join(part.da for part in parts), en=" · ".join(part.en for part in parts))
