"""Composes what has changed since the report before, and why: in words for each indicator, and by cause in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import hypot

from indsats.figure import Figure
from indsats.language import LANGUAGES, Lang
from indsats.problem import InputRefused
from indsats.programme import Period, Programme, SinceBlock, Text, content_hash
from indsats.record import Facts, Record
from indsats.report import Block, Cell, Column, Document, Group, Paragraph, Reading, Section, Table, quantity
from indsats.steer import ORDER, Cause, Frozen, Passage, Since, Step, passage_between, seen_by

from . import since_words as say
from . import words
from .frozen import basis_of, report_before
from .progression import slug, unit_title

_MOST_ACROSS = 4
"""Indicators that fit beside one another on a page; more of them begin a table of their own."""
_LARGE = 0.5
"""A cause is called the main one when it makes up this share of all the ways the causes moved the number."""


def since_blocks(
    record: Record, facts: Facts, block: SinceBlock, period: Period, last: Frozen | None = None
) -> Iterator[Block]:
    """How the block's indicators moved since the report before, in words, and by cause in numbers.

    ``last`` is that report where its files are at hand; else it is made again from the record (``report_before``).
    A sentence where nothing was known then.
    """
    before = last or report_before(facts, block, period)
    try:
        way = passage_to(record, before, facts, period)
    except InputRefused:
        yield Paragraph(say.nothing_before(before.period))
        return
    yield from change_blocks(way, before, block.title, block.indicators, unit=block.unit)


def passage_to(record: Record, before: Frozen, facts: Facts, period: Period) -> Passage:
    """The way from the report before to ``facts``, a view of the same record. InputRefused without facts then."""
    then = seen_by(record, before)
    _ = then.last_day  # refuses a view without facts
    return passage_between(then, before.period, facts, period, written=before.written)


def change_blocks(
    way: Passage,
    before: Frozen,
    title: Text,
    indicators: Sequence[str],
    *,
    unit: str | None = None,
    site: str | None = None,
) -> Iterator[Block]:
    """A table of levels and sentences with an indicator in each row, and tables of causes with one in each column."""
    programme = way.steps[-1][1].facts.programme
    place = f"site-{site}" if site is not None else unit or "all"
    name = f"since-{slug(place)}-{slug(indicators[0])}"
    found = [way.of(one, unit=unit, site=site) for one in indicators]
    after = way.steps[-1][1]
    notes = (
        say.compared(before.period, way.start.facts, after.period, after.facts),
        say.POINTS_NOTE,
        *([say.OTHER_RULES] if _other_rules(before) else []),
    )
    yield Table(
        name,
        title,
        (
            Column("indicator", words.INDICATOR),
            Column("before", say.BEFORE),
            Column("now", say.NOW),
            Column("change", say.CHANGE),
            Column("told", say.TOLD),
            Column("mainly", say.MAINLY),
        ),
        tuple(_told(programme, one, same_period=way.same_period) for one in found),
        notes,
    )
    for at in range(0, len(found), _MOST_ACROSS):
        number = at // _MOST_ACROSS + 1
        yield _causes(programme, f"{name}-causes-{number}", title, found[at : at + _MOST_ACROSS])


def _told(programme: Programme, one: Since, *, same_period: bool) -> tuple[Cell, ...]:
    title = programme.indicators[one.indicator].title
    return (title, one.before, one.after, one.change, _movement(one, same_period), _main(one))


def _causes(programme: Programme, name: str, title: Text, found: Sequence[Since]) -> Table:
    """Causes down and indicators across; the sum of a column is the change told above."""
    causes: list[Cause] = [
        *(["unexplained"] if any(_step(one, "unexplained") for one in found) else []),
        *ORDER,
    ]
    rows: list[tuple[Cell, ...]] = []
    for cause in causes:
        cells = (_step(one, cause) for one in found)
        rows.append((say.CAUSES[cause], *(None if step is None else step.change for step in cells)))
    columns = (
        Column("cause", say.CAUSE),
        *(Column(slug(one.indicator), programme.indicators[one.indicator].title) for one in found),
    )
    groups = tuple(Group(one.change.id, tuple(step.change.id for step in one.steps)) for one in found)
    heading = words.joined(title, say.BY_CAUSE)
    return Table(name, heading, columns, tuple(rows), (say.POINTS_NOTE, say.CAUSES_NOTE), groups=groups)


def _step(one: Since, cause: Cause) -> Step | None:
    return next((step for step in one.steps if step.cause == cause), None)


def _movement(one: Since, same_period: bool) -> Reading:
    """Rose, fell or stayed, as far as the printed digits tell; and whether chance alone could do that much."""
    before, after = one.before, one.after
    if before.value is None or after.value is None:
        text = say.NOT_THEN if before.value is None else say.NOT_NOW
    else:
        shown: say.Shown = {lang: (_shown(before, lang), _shown(after, lang)) for lang in LANGUAGES}
        if all(was == is_now for was, is_now in shown.values()):
            text = say.unchanged(shown)
        else:
            text = say.moved(after.value > before.value, shown)
            if not same_period and _by_chance(before, after):
                text = say.perhaps_chance(text)
    return Reading(da=text.da, en=text.en, of=one.change.id)


def _by_chance(before: Figure, after: Figure) -> bool:
    """Whether no difference at all is within the interval of the difference.

    It is put together from the two intervals as if the two were of different people (Zou & Donner 2008); most are the
    same, which makes it wide: what it lets pass as a difference is one.
    """
    ends = (before.low, before.high, after.low, after.high)
    if before.value is None or after.value is None or None in ends:
        return False
    low, high, now_low, now_high = (float(end) for end in ends if end is not None)
    down = hypot(after.value - now_low, high - before.value)
    up = hypot(now_high - after.value, before.value - low)
    moved = after.value - before.value
    return moved - down <= 0.0 <= moved + up


def _main(one: Since) -> Reading | None:
    """The cause that did most, when it did at least half of all the moving; never more than the numbers bear."""
    told = [step for step in one.steps if step.change.value]
    if one.change.value is None:
        return None
    if not told:
        return Reading(da=say.NOTHING.da, en=say.NOTHING.en, of=one.change.id)
    most = max(told, key=lambda step: abs(step.change.value or 0.0))
    all_moves = sum(abs(step.change.value or 0.0) for step in told)
    if abs(one.change.value) <= 1e-9 * all_moves:
        text = say.LEVELLED
    elif (most.change.value or 0.0) * one.change.value > 0 and abs(
        most.change.value or 0.0
    ) >= _LARGE * all_moves:
        sign = "+" if (most.change.value or 0.0) > 0 else ""
        size: Mapping[Lang, str] = {
            lang: sign + quantity(most.change.value, most.change.unit, lang) for lang in LANGUAGES
        }
        text = say.mainly(most.cause, most.change.unit, size, alone=len(told) == 1)
    else:
        text = say.SEVERAL
    return Reading(da=text.da, en=text.en, of=most.change.id)


def _shown(figure: Figure, lang: Lang) -> str:
    return quantity(figure.value, figure.unit, lang)


def _other_rules(before: Frozen) -> bool:
    """Whether the definition of that version is another than the report was made by."""
    return before.definition is not None and before.definition != content_hash(before.programme)


def since_document(
    way: Passage,
    before: Frozen,
    indicators: Sequence[str],
    *,
    unit: str | None = None,
    site: str | None = None,
) -> Document:
    """The change between two reports as a document of its own, not yet protected."""
    after = way.steps[-1][1]
    facts, programme = after.facts, after.facts.programme
    place = unit_title(programme, unit) if unit is not None else words.ALL_UNITS
    if site is not None:
        named = facts.sites.filter(facts.sites["site"] == site)["name"].item()
        place = Text(da=named, en=named)
    title = say.since_when(before.period)
    blocks = tuple(change_blocks(way, before, words.joined(title, place), indicators, unit=unit, site=site))
    return Document(
        title=title,
        programme_title=programme.title,
        programme=programme.programme,
        version=programme.version,
        period=after.period,
        known=facts.known,
        synthetic=facts.synthetic,
        threshold=programme.disclosure_threshold,
        sections=(Section(place, blocks),),
        basis=basis_of(programme, facts),
    )
