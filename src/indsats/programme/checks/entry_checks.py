"""Checks of how people come into the programme: draws, exclusions and visitation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isclose

from ..base import Period
from ..definition import Programme
from ..vocabulary import PERSON_FIELDS
from .finding import Finding, check_named
from .references import unknown


@check_named("draw-group")
def draws_are_from_groups(programme: Programme) -> Iterator[Finding]:
    """The group a draw is from exists."""
    for name, draw in programme.draws.items():
        yield from unknown(("draws", name, "group"), draw.group, programme.groups, "group")


@check_named("draw-strata")
def strata_are_person_fields(programme: Programme) -> Iterator[Finding]:
    """What a draw is balanced on is known of a person before the draw."""
    for name, draw in programme.draws.items():
        for number, stratum in enumerate(draw.strata):
            path = ("draws", name, "strata", number, "field")
            yield from unknown(path, stratum.field, [*PERSON_FIELDS, "age"], "field of a person")


@check_named("draw-shares")
def shares_make_a_whole(programme: Programme) -> Iterator[Finding]:
    """A draw has two arms or more, and where every arm has a share they make one."""
    for name, draw in programme.draws.items():
        path = ("draws", name, "arms")
        given = [arm.share for arm in draw.arms.values() if arm.share is not None]
        whole = sum(given)
        if len(draw.arms) == 1:
            what = "the draw has one arm, so nothing is left to chance"
            yield Finding(path, what, "Add the other arm.", "warning", at_key=True)
        elif whole > 1 + 1e-9 or (len(given) == len(draw.arms) and not isclose(whole, 1, abs_tol=1e-9)):
            what = f"the shares of the arms make {whole:g}, not 1"
            yield Finding(path, what, "Correct them, or leave out what is not known.", at_key=True)


@check_named("exclusion-reasons")
def exclusions_are_the_reasons_recorded(programme: Programme) -> Iterator[Finding]:
    """Where a code list holds the reasons for exclusion, it and the exclusions name the same."""
    listed = programme.codes_for("excluded.reason")
    if listed is None or not programme.exclusions:
        return
    for name in programme.exclusions:
        if name not in listed.values:
            what = f"the exclusion '{name}' is not in the code list for excluded.reason"
            remedy = "Add it there, or remove the list: the exclusions then serve as one."
            yield Finding(("exclusions", name), what, remedy, at_key=True)
    key = next(key for key, codes in programme.codes.items() if codes is listed)
    for value in listed.values:
        if value not in programme.exclusions:
            what = f"the reason '{value}' is no exclusion of the programme"
            path = ("codes", key, "values", value)
            yield Finding(path, what, "Add it under 'exclusions', or remove it.", "warning", at_key=True)


@check_named("visitation-groups")
def windows_name_groups(programme: Programme) -> Iterator[Finding]:
    """The groups that count in a window exist and stand there once."""
    for number, window in enumerate(programme.visitation.windows if programme.visitation else ()):
        for place, group in enumerate(window.groups):
            path = ("visitation", "windows", number, "groups", place)
            yield from unknown(path, group, programme.groups, "group")
            if group in window.groups[:place]:
                what = f"the group '{group}' stands twice in the order of preference"
                yield Finding(path, what, "Keep its first place.")


@check_named("visitation-windows")
def windows_follow_one_another(programme: Programme) -> Iterator[Finding]:
    """Windows have ids of their own, do not overlap, and stand in the order of the calendar."""
    windows = programme.visitation.windows if programme.visitation else []
    seen: set[str] = set()
    for number, window in enumerate(windows):
        if window.id in seen:
            what = f"two windows are called '{window.id}'"
            yield Finding(("visitation", "windows", number, "id"), what, "Give one another id.")
        seen.add(window.id)
    for number, (one, other) in enumerate(pairwise(windows), 1):
        path = ("visitation", "windows", number, "period")
        if meet(one.period, other.period):
            what = f"the window '{other.id}' overlaps '{one.id}', so a record could lie in both"
            yield Finding(path, what, "Let it begin the day after.")
        elif other.period.last < one.period.first:
            what = f"the window '{other.id}' lies before '{one.id}', which goes first"
            yield Finding(path, what, "Write the windows in the order of the calendar.", "warning")


def meet(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    return one.first <= other.last and other.first <= one.last


@check_named("visitation-yields")
def groups_give_way_to_a_later_window(programme: Programme) -> Iterator[Finding]:
    """Groups that give way are among the window's own, and there is a later window to give way to."""
    windows = programme.visitation.windows if programme.visitation else []
    for number, window in enumerate(windows):
        path = ("visitation", "windows", number, "yields")
        for place, group in enumerate(window.yields):
            if group not in window.groups:
                what = f"'{group}' gives way in '{window.id}', where it does not count at all"
                yield Finding((*path, place), what, "Add it to the window's 'groups', or remove it.")
        if window.yields and number == len(windows) - 1:
            what = f"'{window.id}' is the last window, so there is nothing to give way to"
            yield Finding(path, what, "Remove 'yields'.", "warning", at_key=True)
