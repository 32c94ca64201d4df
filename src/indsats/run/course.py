"""Composes the course: intake month by month, and how far people come on the way from draw to exit."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from indsats.figure import Figure
from indsats.language import LANGUAGES, Lang, day, month_name
from indsats.programme import CountIndicator, CourseBlock, Period, Programme, Text
from indsats.record import Facts
from indsats.report import Block, Chart, Column, Group, Table
from indsats.steer import Course, Grain, IntakeRow, StepRow, course

from . import words
from .progression import slug, unit_title
from .words import both

SPAN = {"month": both("Måned", "Month"), "quarter": both("Kvartal", "Quarter"), "year": both("År", "Year")}
ENROLLED = both("Begyndt i et forløb", "Begun in an enrolment")
PLACE = both("Hvor", "Where")
WHO = both("Hvem", "Who")
IN_PERIOD = both("I perioden", "In the period")
PER_MONTH = both("Pr. måned", "Per month")
SINCE_START = both("Fra begyndelsen til periodens slutning", "From the beginning to the period's end")
STEP = both("Trin", "Step")
CAME_IN = both("Kom ind her", "Came in here")
CAME_ON = both("Nåede hertil", "Came this far")
PAST = both("Gik forbi", "Went past")
LEFT = both("Gik ud før", "Left before")
UNDER_WAY = both("Stadig på vej", "Still under way")
SHARE = both("Andel nået", "Share who came")
WAIT = both("Ventetid i dage, median", "Wait in days, median")
ARRIVED = both("Median for dem, der nåede det", "Median of those who came")
WAY = both("vejen igennem", "the way through")
INTAKE = both("tilgang", "intake")
IN_ALL = both("tilgang i alt", "intake in all")
INTAKE_NOTE = both(
    "Tilgangen tælles den dag, borgeren begynder. Den samlede tilgang tæller fra den første registrering.",
    "Intake is counted on the day the citizen begins. The cumulated intake counts from the first registration.",
)
STEPS_NOTE = both(
    "Alle, der er begyndt på vejen inden periodens slutning, talt én gang for hvert forløb. Andelen er af dem, "
    "der har været ved et tidligere trin; efter indskrivningen tæller kun trin fra indskrivningen og frem. De "
    "nåede hertil, gik forbi til et senere trin, gik ud før, eller er stadig på vej.",
    "Everybody who began on the way before the period's end, counted once for each course. The share is of those "
    "who were at an earlier step; after the enrolment only steps from the enrolment on count. They came this far, "
    "went past to a later step, left before, or are still under way.",
)
WAIT_NOTE = both(
    "Ventetiden regnes fra det seneste tidligere trin og er en Kaplan-Meier-median. Den, der går forbi eller ud, "
    "ventes der ikke på længere; den, der er på vej, tæller med den tid, der er gået. Medianen siger, hvor lang "
    "tid det tager for dem, der stadig kan nå trinnet, og ikke hvor mange der aldrig gør. Går især de ud, der "
    "ville have ventet længst, er den for kort. Medianen for dem, der allerede er nået frem, er som regel for "
    "kort, fordi de langsomme endnu mangler.",
    "The wait is counted from the latest earlier step and is a Kaplan-Meier median. Whoever goes past or leaves "
    "is waited for no longer; whoever is under way counts with the time gone by. The median tells how long it "
    "takes those who can still come to the step, and not how many never do. Where mostly those leave who would "
    "have waited longest it is too short. The median of those who have come already is usually too short, because "
    "the slow ones are yet to come.",
)
INTAKE_DRAWN = both(
    "For hver måned (eller hvert kvartal eller år) en søjle med antallet, der kom til; tallene er dem i tabellen.",
    "A bar for each month (or quarter or year) with the number who came in; the numbers are those of the table.",
)
STEPS_DRAWN = both(
    "For hvert trin en søjle delt efter, hvad der blev af dem, der kom ind her eller kunne nå hertil: nåede "
    "hertil, gik forbi, gik ud før eller er stadig på vej.",
    "For each step a bar divided by what became of those who came in here or could have come this far: came this "
    "far, went past, left before or still under way.",
)
_GRAINS: Final[Mapping[Grain, int]] = {"month": 1, "quarter": 3, "year": 12}
"""Lengths of time intake may be told by, in months, the finest first."""


def course_blocks(facts: Facts, block: CourseBlock, period: Period) -> Iterator[Block]:
    """Intake and steps of the whole effort, or of each of its units: tables, each with its drawing.

    Intake is told by quarters or years where it is so low that months would have to be hidden, and with them what
    they add up to.
    """
    programme = facts.programme
    units: list[str | None] = list(programme.effort_units) if block.by == "unit" else [None]
    grain = _grain(facts, units, period)
    found = [(unit, course(facts, period, unit=unit, by=grain)) for unit in units]
    for unit, one in found:
        name, title = "course", block.title
        if unit is not None:
            name = f"course-{slug(unit)}"
            if len(units) > 1:
                title = words.joined(block.title, unit_title(programme, unit))
        yield from _intake(programme, one, f"{name}-intake", words.joined(title, INTAKE), grain)
    yield _in_all(programme, found, block, period)
    for unit, one in found if programme.course else ():
        name, title = "course", block.title
        if unit is not None:
            name = f"course-{slug(unit)}"
            if len(units) > 1:
                title = words.joined(block.title, unit_title(programme, unit))
        yield from _steps(programme, one, f"{name}-steps", words.joined(title, WAY))


def _grain(facts: Facts, units: Sequence[str | None], period: Period) -> Grain:
    """The finest length of time with the fewest numbers too small to be shown."""

    def few(grain: Grain) -> int:
        rows = [row for unit in units for row in course(facts, period, unit=unit, by=grain).intake]
        counts = [one.value for row in rows for one in (row.enrolled, row.entered) if one and one.value]
        return sum(count < facts.programme.disclosure_threshold for count in counts)

    return min(_GRAINS, key=few)


def _titles(programme: Programme) -> tuple[Text | None, Text]:
    """What the people of the first step, and those of the enrolment, are called."""
    steps = list(programme.course.values())
    started = next((one for one in steps if all(what.kind == "enrolled" for what in one.what)), None)
    first = steps[0].title if steps and steps[0] is not started else None
    return first, started.title if started is not None else ENROLLED


def _so_far(title: Text) -> Text:
    return both(f"{title.da}, i alt", f"{title.en}, in all")


def _intake(programme: Programme, one: Course, name: str, title: Text, grain: Grain) -> Iterator[Block]:
    first, started = _titles(programme)
    columns = [Column("span", SPAN[grain])]
    if first is not None:
        columns += [Column("entered", first, "count"), Column("entered-so-far", _so_far(first), "count")]
    columns += [Column("enrolled", started, "count"), Column("enrolled-so-far", _so_far(started), "count")]
    yield Table(
        name,
        title,
        tuple(columns),
        tuple(
            (
                _span(row.span, grain),
                *((row.entered, row.entered_so_far) if first is not None else ()),
                row.enrolled,
                row.enrolled_so_far,
            )
            for row in one.intake
        ),
        notes=(INTAKE_NOTE,),
        groups=tuple(_intake_sums(one)),
    )
    shown = ("entered", "enrolled") if first is not None else ("enrolled",)
    yield Chart(
        f"{name}-chart", title, name, "bars", {"label": "span", "value": shown}, INTAKE_DRAWN, started
    )


def _intake_sums(one: Course) -> Iterator[Group]:
    """What had come by a month's end is what had come by the month before and that month's; the months make the
    period."""
    for told in (_enrolled, _entered):
        series = [pair for pair in map(told, one.intake) if pair is not None]
        for (_, before), (number, so_far) in pairwise(series):
            yield Group(so_far.id, (before.id, number.id))
        if series:  # where nobody came before the period
            yield Group(series[0][1].id, (series[0][0].id,))
    for whole, mean, numbers in (
        (one.enrolled, one.enrolled_per_month, [row.enrolled for row in one.intake]),
        (one.entered, one.entered_per_month, [row.entered for row in one.intake if row.entered]),
    ):
        if whole is not None and mean is not None:
            yield Group(whole.id, tuple(number.id for number in numbers))
            yield Group(whole.id, (mean.id,))


def _enrolled(row: IntakeRow) -> tuple[Figure, Figure] | None:
    return row.enrolled, row.enrolled_so_far


def _entered(row: IntakeRow) -> tuple[Figure, Figure] | None:
    return (row.entered, row.entered_so_far) if row.entered and row.entered_so_far else None


def _span(span: Period, grain: Grain) -> Text:
    """``marts 2018``, ``1. kvartal 2018`` or ``2018``; a part of one by its days."""
    ends = span.last.day == monthrange(span.last.year, span.last.month)[1]
    whole = ends and span.first.day == 1 and span.last.month - span.first.month == _GRAINS[grain] - 1

    def told(lang: Lang) -> str:
        if not whole:
            return f"{day(span.first, lang)} – {day(span.last, lang)}"
        if grain == "month":
            return f"{month_name(span.first.month, lang)} {span.first.year}"
        number = span.last.month // 3
        said = f"{number}. kvartal " if lang == "da" else f"quarter {number}, "
        return f"{said if grain == 'quarter' else ''}{span.first.year}"

    return Text.model_validate({lang: told(lang) for lang in LANGUAGES})


def _in_all(
    programme: Programme, found: Sequence[tuple[str | None, Course]], block: CourseBlock, period: Period
) -> Table:
    """The intake of the period in all and per month, a row for each place and step."""
    first, started = _titles(programme)
    rows: list[tuple[Text, Figure | None, Figure | None, Figure | None]] = []
    sums: list[Group] = []
    for unit, one in found:
        place = unit_title(programme, unit) if unit is not None and len(found) > 1 else None
        last = one.intake[-1]
        series = [(started, one.enrolled, one.enrolled_per_month, last.enrolled_so_far)]
        if first is not None and one.entered and one.entered_per_month and last.entered_so_far:
            series.insert(0, (first, one.entered, one.entered_per_month, last.entered_so_far))
        for title, number, mean, so_far in series:
            rows.append((words.joined(place, title) if place else title, number, mean, so_far))
        sums += _counted_too(programme, one.enrolled, unit or "all", period)
    name = f"course-in-all-{'unit' if block.by == 'unit' else 'all'}"
    columns = (
        Column("who", WHO),
        Column("period", IN_PERIOD, "count"),
        Column("per-month", PER_MONTH),
        Column("so-far", SINCE_START, "count"),
    )
    return Table(name, words.joined(block.title, IN_ALL), columns, tuple(rows), groups=tuple(sums))


def _counted_too(programme: Programme, enrolled: Figure, scope: str, period: Period) -> Iterator[Group]:
    """Indicators that count enrolments show the same number under another id."""
    for name, asked in programme.indicators.items():
        if isinstance(asked, CountIndicator) and asked.kind == "enrolled":
            yield Group(enrolled.id, (f"indicator/{name}/{scope}/{period.first}..{period.last}",))


def _steps(programme: Programme, one: Course, name: str, title: Text) -> Iterator[Block]:
    yield Table(
        name,
        title,
        (
            Column("step", STEP),
            Column("came-in", CAME_IN, "count"),
            Column("came-on", CAME_ON, "count"),
            Column("past", PAST, "count"),
            Column("left", LEFT, "count"),
            Column("under-way", UNDER_WAY, "count"),
            Column("share", SHARE, "share"),
            Column("wait", WAIT, "number", 0),
            Column("arrived", ARRIVED, "number", 0),
        ),
        tuple(
            (
                programme.course[row.step].title,
                row.came_in,
                row.came_on,
                row.past,
                row.left,
                row.under_way,
                row.share,
                row.wait,
                row.arrived,
            )
            for row in one.steps
        ),
        notes=(STEPS_NOTE, WAIT_NOTE),
        groups=tuple(_step_sums(one)),
    )
    yield Chart(
        f"{name}-chart",
        title,
        name,
        "stacked",
        {"label": "step", "parts": ("came-in", "came-on", "past", "left", "under-way")},
        STEPS_DRAWN,
    )


def _step_sums(one: Course) -> Iterator[Group]:
    """What a reader can work out from the steps: whoever could come to a step did one of four things, the same people
    wait for one step after the other, and those who did not leave went on."""
    last = one.intake[-1]
    for place, row in enumerate(one.steps):
        yield Group(row.share.id, (row.came_on.id, row.past.id, row.left.id, row.under_way.id))
        yield Group(row.share.id, (row.came_on.id,))
        if row.arrived is not None and row.wait is not None:
            yield Group(row.wait.id, (row.share.id,))
            yield Group(row.came_on.id, (row.arrived.id,))
        for so_far in (last.enrolled_so_far, last.entered_so_far):
            if so_far is not None:
                yield Group(so_far.id, (row.came_in.id, row.came_on.id))
                yield Group(row.share.id, (so_far.id,))
        for before in one.steps[:place]:  # all who were at one step may come to the other
            yield Group(row.share.id, (before.came_in.id, before.came_on.id))
    for before, after in pairwise(one.steps):
        yield Group(before.share.id, (after.share.id,))
        yield from _over_a_way_out(before, after)


def _over_a_way_out(before: StepRow, after: StepRow) -> Iterator[Group]:
    """Of those a way out leads by, whoever did not leave there comes on."""
    if before.leaves:
        yield Group(before.past.id, (after.came_on.id,))
        yield Group(before.came_on.id, (after.left.id,))
        yield Group(before.under_way.id, (after.under_way.id,))
