"""Explains what is read from registers: states, when the clock starts, histories and outcomes."""

from __future__ import annotations

from .base import Duration
from .evaluation import (
    ColumnOutcome,
    History,
    HoursOutcome,
    IndexEvent,
    MonthsOutcome,
    Outcome,
    StateOutcome,
    StatusOutcome,
    WeeksOutcome,
)
from .explain_page import Page
from .explain_people import period
from .words import happening_in_words, row
from .words.phrases import length


def states(page: Page) -> None:
    """The register states that ask for more than a code."""
    say = page.say
    for state in page.programme.states.values():
        rules = []
        if state.before_pension:
            rules.append(say("kun før folkepensionsalderen", "only before the state pension age"))
        if state.paid_hours:
            rules.append(say("kun i måneder med løntimer", "only in months with paid hours"))
        if state.at_least_weeks > 1:
            weeks = _weeks(page, state.at_least_weeks)
            rules.append(say(f"kun ophold på mindst {weeks}", f"only stays of at least {weeks}"))
        if rules:
            page.point(f"{state.title.in_(page.lang)}: {row(rules, page.lang)}.")


def _weeks(page: Page, count: int) -> str:
    return length(Duration(days=7 * count), page.lang)


def clock(page: Page, index: IndexEvent) -> str:
    """When a person's clock starts."""
    say = page.say
    if index.happening is not None:
        fact = happening_in_words(page.programme, index.happening, page.lang)
        told = say(f"Uret starter i ugen med {fact}", f"The clock starts in the week of {fact}")
    else:
        state = page.title(page.programme.states, index.state or "")
        new = say("nyt ophold", "new stay") if index.new else say("ophold", "stay")
        if index.at == "end":
            told = say(
                f"Uret starter den første uge efter et {new} i {state}",
                f"The clock starts in the first week after a {new} in {state}",
            )
        elif index.new:
            told = say(
                f"Uret starter den første uge i et {new} i {state}",
                f"The clock starts in the first week of a {new} in {state}",
            )
        else:
            told = say(
                f"Uret starter den første uge i {state}", f"The clock starts in the first week in {state}"
            )
        if index.gap_weeks:
            told += _joined(page, index.gap_weeks)
    if index.window is not None:
        told += f" ({period(page, index.window)})"
    return f"{told}."


def _joined(page: Page, weeks: int) -> str:
    """How stays with a gap between them are taken together."""
    return page.say(
        f", huller på højst {_weeks(page, weeks)} regnet med til opholdet",
        f", gaps of at most {_weeks(page, weeks)} taken as part of the stay",
    )


def history(page: Page, made: History) -> str:
    """What is known of a person from before the start, with its title."""
    return f"{made.title.in_(page.lang)} ({history_told(page, made)})."


def history_told(page: Page, made: History) -> str:
    """What of a person's past a covariate counts."""
    states, say = page.programme.states, page.say
    state = page.title(states, made.state)
    da, en = {
        "weeks": (f"uger i {state}", f"weeks in {state}"),
        "share": (
            f"uger i {state} som andel af uger i {page.title(states, made.of or '')}",
            f"weeks in {state} as a share of weeks in {page.title(states, made.of or '')}",
        ),
        "uninterrupted": (
            f"uafbrudte uger i {state} op til start",
            f"unbroken weeks in {state} up to the start",
        ),
        "stays": (f"antal ophold i {state}", f"number of stays in {state}"),
    }[made.measure]
    span = say(
        f" de seneste {_weeks(page, made.weeks)} før start",
        f" in the last {_weeks(page, made.weeks)} before the start",
    )
    joined = _joined(page, made.gap_weeks) if made.gap_weeks else ""
    return f"{say(da, en)}{span}{joined}"


def outcome(page: Page, asked: Outcome) -> str:
    """An outcome and what of the data it looks at."""
    return f"{asked.title.in_(page.lang)} ({looked_at(page, asked)})."


def looked_at(page: Page, outcome: Outcome) -> str:
    """What of the data an outcome looks at."""
    states, say = page.programme.states, page.say
    match outcome:
        case ColumnOutcome():
            return outcome.unit.in_(page.lang)
        case StateOutcome():
            state, weeks = page.title(states, outcome.state), outcome.at_least_weeks
            row_da, row_en = (" i træk", " in a row") if outcome.in_a_row else ("", "")
            least_da = "mindst én uge" if weeks == 1 else f"mindst {weeks} uger{row_da}"
            least_en = "at least one week" if weeks == 1 else f"at least {weeks} weeks{row_en}"
            span = f"{outcome.from_week}–{outcome.within_weeks}"
            ends = row([page.title(states, one) for one in outcome.ends], page.lang)
            until = say(f", indtil {ends}", f", until {ends}") if ends else ""
            return say(
                f"{least_da} i {state} blandt uge {span} efter start{until}",
                f"{least_en} in {state} among weeks {span} after the start{until}",
            )
        case StatusOutcome():
            state = page.title(states, outcome.state)
            return say(
                f"i {state} i uge {outcome.week} efter start",
                f"in {state} in week {outcome.week} after the start",
            )
        case WeeksOutcome():
            state, span = page.title(states, outcome.state), f"{outcome.from_week}–{outcome.to_week}"
            return say(
                f"uger i {state} blandt uge {span} efter start",
                f"weeks in {state} among weeks {span} after the start",
            )
        case HoursOutcome():
            span = f"{outcome.from_month}–{outcome.to_month}"
            return say(
                f"løntimer om ugen i måned {span} efter start",
                f"paid hours a week in months {span} after the start",
            )
        case MonthsOutcome():
            kinds = [say("løntimer", "paid hours")] if outcome.hours else []
            kinds += [page.title(states, one) for one in outcome.states]
            counted = " / ".join(kinds)
            run_da, run_en = (
                ("mindst én måned", "at least one month")
                if outcome.in_a_row == 1
                else (
                    f"mindst {outcome.in_a_row} måneder i træk",
                    f"at least {outcome.in_a_row} months in a row",
                )
            )
            return say(
                f"{run_da} med {counted} i måned 1–{outcome.within_months} efter start",
                f"{run_en} with {counted} in months 1–{outcome.within_months} after the start",
            )
