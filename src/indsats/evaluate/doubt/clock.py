"""What the calendar says against a design: knowledge from the future, and a before-group that was treated."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from indsats.language import number, percent

from ..cautions import Caution, Severity, caution, left_out
from ..inputs import Floats, Frame, as_polars, complete_rows, missing_values, numbers, two_groups, yes_no

NEGLIGIBLE = 0.05
"""Fewer contaminated than this share are a note, …"""
RUINOUS = 0.25
"""… more than this and the comparison is no longer with untreated people."""


def check_future(
    df: Frame,
    entry: str,
    *,
    selection: Mapping[str, str] | None = None,
    covariates: Mapping[str, str] | None = None,
    treatment: str = "treated",
    treatment_start: str | None = None,
    outcome_week: str | None = None,
    outcome_from: int | None = None,
) -> tuple[Caution, ...]:
    """Warns when a design uses at the start of the clock what only became known afterwards.

    ``entry`` is the column with the week in which each person's clock starts, and follow-up is counted from.
    ``selection`` and ``covariates`` map a name, as readers know it, to the column with the week in which it was
    settled; weeks are whole numbers on one calendar, null where a person has none.
    Rows without an entry week are left out and counted.

    - ``selected-on-the-future`` (grave): who is in the table was settled after the clock started. So in
      document 002: people are registered in another benefit, which is week 0 (L356–362), and target group 1A
      keeps those of them who *later* went to ledighedsydelse or a flex job (L366). Treatment may itself
      decide who gets that far.
    - ``covariate-from-the-future``: a covariate is measured after the start; grave in or after
      week ``outcome_from``, the first after entry in which the outcome is counted.
    - ``immortal-time`` (grave): treated people whose ``treatment_start`` is after entry had to get that far
      without the outcome (Suissa 2008, American Journal of Epidemiology 167:492–499). Same week is no fault.
    - ``outcome-before-start`` (doubt): an outcome dated ``outcome_week`` in or before the week of entry, as for
      the 80 in document 002 who went straight into a flex job (L366) and yet count in the time to one (L454).

    Raises ``ValueError`` for columns that are not weeks, a thing nobody has a week for (but the outcome, which
    nobody may have had), and no entry weeks.
    """
    df = as_polars(df)
    complete = complete_rows(df, [entry])
    table, cautions = complete.table, [*left_out(complete.excluded, df.height)]
    for name, column in (selection or {}).items():
        weeks = _weeks_after(table, entry, column)
        if (weeks > 0).any():
            cautions.append(_selected(name, weeks))
    for name, column in (covariates or {}).items():
        weeks = _weeks_after(table, entry, column)
        if (weeks > 0).any():
            cautions.append(_measured(name, weeks, outcome_from))
    if treatment_start is not None:
        known = complete_rows(table, [treatment]).table
        weeks = _weeks_after(known.filter(pl.Series(two_groups(known, treatment))), entry, treatment_start)
        if (weeks > 0).any():
            cautions.append(_immortal(weeks))
    if outcome_week is not None and not missing_values(_column(table, outcome_week)).all():
        early = int((_weeks_after(table, entry, outcome_week) <= 0).sum())
        if early:
            cautions.append(_outcome_first(early, table.height))
    return tuple(cautions)


def check_before_window(
    df: Frame,
    index_week: str = "index_week",
    *,
    after: str,
    follow_up_weeks: int,
    programme_start: int | str,
    participating: str | None = None,
) -> tuple[Caution, ...]:
    """Warns (``before-window-contaminated``) when those meant to show the time before were followed into the effort.

    Somebody of the before-group (``after`` false) is contaminated when ``follow_up_weeks`` weeks from
    ``index_week`` reach the week of ``programme_start`` or later. So in document 002: the before-period runs to
    the end of April 2017 (L254) while the project began on 1 January 2017 (L72), so that its last four months,
    and all whose follow-up of up to 52 weeks (L432) ends in 2017, are compared with as untreated.

    ``programme_start`` is a week on the calendar of ``index_week``, or a column with each site's own (null
    where it never began); ``participating`` a yes-or-no column, when only some sites take part: only theirs can
    be contaminated. The share is of the before-group at participating sites: below 5 % a note, above 25 %
    grave. Raises ``ValueError`` when the before-group is empty and for columns that are not weeks.
    """
    df = as_polars(df)
    if follow_up_weeks < 0:
        raise ValueError(f"'follow_up_weeks' must be 0 or more, got {follow_up_weeks}")
    complete = complete_rows(df, [index_week, after, *([participating] if participating else [])])
    table, cautions = complete.table, left_out(complete.excluded, df.height)
    if isinstance(programme_start, str):
        table = table.filter(pl.Series(~missing_values(_column(table, programme_start))))
    meant = ~yes_no(table, after)
    if participating:
        meant &= yes_no(table, participating)
    before = table.filter(pl.Series(meant))
    if not before.height:
        raise ValueError(
            f"nobody is in the time before (column '{after}' false) where the programme is to come"
        )
    first = numbers(before, index_week)
    begins = numbers(before, programme_start) if isinstance(programme_start, str) else float(programme_start)
    reached = first + follow_up_weeks >= begins
    if not reached.any():
        return cautions
    return (*cautions, _contaminated(int(reached.sum()), int((first >= begins).sum()), before.height))


def _column(table: pl.DataFrame, column: str) -> pl.Series:
    if column not in table.columns:
        raise ValueError(f"the table has no column '{column}'")
    return table[column]


def _weeks_after(table: pl.DataFrame, entry: str, column: str) -> Floats:
    """How many weeks after entry the week in ``column`` lies, for those who have one."""
    dated = table.filter(pl.Series(~missing_values(_column(table, column))))
    if not dated.height:
        raise ValueError(f"column '{column}' has no week for anybody: what it dates cannot be checked")
    return numbers(dated, column) - numbers(dated, entry)


def _late(weeks: Floats) -> tuple[str, str, float]:
    """The share that is late in both languages, and the middle delay among them in weeks."""
    late = weeks > 0
    share = float(late.mean())
    return percent(share, "da"), percent(share, "en"), float(np.median(weeks[late]))


def _selected(name: str, weeks: Floats) -> Caution:
    da, en, delay = _late(weeks)
    return caution(
        "selected-on-the-future",
        "grave",
        f"Hvem der er med, afhænger af noget, der først blev afgjort senere ({name}): for {da} efter at tiden "
        f"begyndte at tælle, typisk {number(delay, 'da')} uger efter. Indsatsen kan selv have påvirket det, så "
        "grupperne er ikke længere sammenlignelige. Vælg personerne ud fra det, man vidste fra start.",
        f"Who is included depends on something settled only later ({name}): for {en} after time began to count, "
        f"typically {number(delay, 'en')} weeks after. The treatment may itself have affected it, so the groups "
        "are no longer comparable. Choose people by what was known from the start.",
    )


def _measured(name: str, weeks: Floats, outcome_from: int | None) -> Caution:
    da, en, delay = _late(weeks)
    in_window = outcome_from is not None and bool((weeks >= max(outcome_from, 1)).any())
    also_da = ", og i den tid, hvor udfaldet selv tælles" if in_window else ""
    also_en = ", and in the time in which the outcome itself is counted" if in_window else ""
    severity: Severity = "grave" if in_window else "doubt"
    return caution(
        "covariate-from-the-future",
        severity,
        f"{name} er for {da} målt, efter at tiden begyndte at tælle (typisk {number(delay, 'da')} uger "
        f"efter{also_da}). Indsatsen kan have ændret det, og så fjerner sammenligningen en del af virkningen "
        "eller skaber en falsk.",
        f"{name} is for {en} measured after time began to count (typically {number(delay, 'en')} weeks "
        f"after{also_en}). The treatment may have changed it, and then the comparison removes part of the "
        "effect or makes a false one.",
    )


def _immortal(weeks: Floats) -> Caution:
    da, en, delay = _late(weeks)
    return caution(
        "immortal-time",
        "grave",
        f"For {da} af dem med indsats begyndte den først, efter at tiden begyndte at tælle (typisk "
        f"{number(delay, 'da')} uger efter). Indtil da kunne de ikke have fået udfaldet og stadig tælle som "
        "behandlede, så indsatsen ser anderledes ud, end den er. Lad tiden tælle fra indsatsens start, også "
        "for dem, der sammenlignes med.",
        f"For {en} of the treated, treatment began only after time began to count (typically "
        f"{number(delay, 'en')} weeks after). Until then they could not have had the outcome and still count as "
        "treated, so treatment looks other than it is. Let time count from the start of treatment, also for "
        "those compared with.",
    )


def _outcome_first(early: int, total: int) -> Caution:
    return caution(
        "outcome-before-start",
        "doubt",
        f"{early} af {total} havde allerede fået udfaldet, da tiden begyndte at tælle. De ventede ikke på det "
        "og hører ikke med i en ventetid.",
        f"{early} of {total} already had the outcome when time began to count. They did not wait for it and do "
        "not belong in a waiting time.",
    )


def _contaminated(reached: int, started: int, total: int) -> Caution:
    share = reached / total
    severity: Severity = "note" if share < NEGLIGIBLE else "grave" if share > RUINOUS else "doubt"
    return caution(
        "before-window-contaminated",
        severity,
        f"{reached} af {total} ({percent(share, 'da')}) fra tiden før følges ind i tiden, hvor indsatsen er i "
        f"gang; {started} af dem kom endda til, efter at den var begyndt. De regnes som personer uden indsats, "
        "så virkningen trækkes formentlig mod nul. Afslut tiden før tidligere, eller følg i kortere tid.",
        f"{reached} of {total} ({percent(share, 'en')}) from the time before are followed into the time of the "
        f"effort; {started} of them even entered after it had begun. They count as people without treatment, so "
        "the effect is probably pulled towards zero. End the time before earlier, or follow for a shorter time.",
    )
