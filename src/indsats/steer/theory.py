"""What the numbers say of a programme theory: what was measured at its steps, and which steps go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from indsats.evaluate import Effect, adjust_p, dose_response
from indsats.figure import Figure
from indsats.programme import Period, Text, Theory, TheoryLink

from . import reasons
from .indicators import indicator_by, level, per_enrolment
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts

ENOUGH_PEOPLE: Final = 30
"""Enrolments with both ends measured below which no association is told."""
ENOUGH_SITES: Final = 10
"""Sites below which sites are not compared with one another, nor errors clustered by them."""

Level = Literal["person", "site"]

WITHOUT: Mapping[str, Text] = {
    "no_indicator": Text(
        da="ikke målt: den ene ende har ingen indikator", en="not measured: one end has no indicator"
    ),
    "same_indicator": Text(
        da="ikke målt: begge ender følges af samme indikator",
        en="not measured: one indicator watches both ends",
    ),
    "no_people": Text(
        da=f"ikke målt: kan ikke måles for den enkelte, og færre end {ENOUGH_SITES} steder har begge dele",
        en=f"not measured: cannot be measured for one person, and fewer than {ENOUGH_SITES} sites have both",
    ),
    "few_people": Text(
        da=f"ikke målt: færre end {ENOUGH_PEOPLE} forløb har begge dele",
        en=f"not measured: fewer than {ENOUGH_PEOPLE} enrolments have both",
    ),
    "few_in_group": Text(
        da="ikke målt: for få er anderledes end de andre", en="not measured: too few differ from the others"
    ),
    "no_variation": Text(
        da="ikke målt: alle har det samme i den ene ende", en="not measured: everybody is alike at one end"
    ),
    "not_estimable": Text(
        da="ikke målt: kan ikke skilles fra det, der er justeret for",
        en="not measured: cannot be told apart from what it is adjusted for",
    ),
}
"""Why an arrow has no association, in words that tell no number of people."""


@dataclass(frozen=True, slots=True)
class Association:
    """What the numbers say of one link.

    ``figure`` is the standardised slope with its 95 % interval and p, over ``denominator`` enrolments (or sites), made
    from the levels of ``cause`` and ``effect`` (indicators); ``adjusted`` its p after Holm among all links of the
    theory. ``without`` is the key in ``WITHOUT`` of why there is none. ``held`` are the fields it is adjusted for.
    """

    cause: str | None
    effect: str | None
    level: Level | None = None
    figure: Figure | None = None
    adjusted: Figure | None = None
    without: str | None = None
    held: tuple[str, ...] = ()


def theory_evidence(facts: Facts, theory_id: str, period: Period) -> dict[str, list[tuple[str, Figure]]]:
    """The indicators of each node with their level in ``period`` over the units of the effort, in order.

    Raises KeyError for an unknown theory.
    """
    theory, scope = facts.programme.theories[theory_id], _effort(facts)
    return {
        name: [(one, level(facts, one, period, scope)) for one in node.evidence]
        for name, node in theory.nodes.items()
    }


def associations(facts: Facts, theory_id: str, period: Period) -> list[Association]:
    """For each link of a theory, in order, how its cause and effect go together across enrolments in ``period``.

    The first indicator at each end is told of each enrolment by itself, turned so that more is better where the
    indicator says that lower is, and counted in standard deviations. The slope of least squares on the cause, given
    the theory's ``adjust`` (``age`` is whole years on the first day), has HC2 errors; CR2 by person where somebody
    has several enrolments. With ``ENOUGH_SITES`` or more errors are CR2 by site; with fewer, people are compared
    within their site. Where an end is measured at sites only, sites are compared, unadjusted. It is an
    association: both ends lie in the same period and nothing says which came first.

    Raises KeyError for an unknown theory.
    """
    theory = facts.programme.theories[theory_id]
    found = [
        _association(
            facts, theory, link, f"association/{theory_id}/{number}/{period.first}..{period.last}", period
        )
        for number, link in enumerate(theory.links, start=1)
    ]
    tested = [one.figure.p if one.figure is not None else None for one in found]
    everything = tuple(one.figure.id for one in found if one.figure is not None)
    return [
        one
        if one.figure is None
        else Association(
            one.cause,
            one.effect,
            one.level,
            one.figure,
            Figure(f"{one.figure.id}/adjusted", p, "p", made_from=everything),
            held=one.held,
        )
        for one, p in zip(found, adjust_p(tested), strict=True)
    ]


def _effort(facts: Facts) -> Scope:
    """The units that run the programme; named as the unit where there is one, so that figures are the same."""
    units = facts.programme.effort_units
    return Scope.of(units[0], None) if len(units) == 1 else Scope("effort", frozenset(units))


def _association(facts: Facts, theory: Theory, link: TheoryLink, name: str, period: Period) -> Association:
    ends = [next(iter(theory.nodes[end].evidence), None) for end in (link.cause, link.effect)]
    cause, effect = ends
    if cause is None or effect is None:
        return Association(cause, effect, without="no_indicator")
    if cause == effect:
        return Association(cause, effect, without="same_indicator")
    one, other = (per_enrolment(facts, end, period).filter(_effort(facts).holds) for end in (cause, effect))
    by_site = not one.height or not other.height
    table = (
        _by_site(facts, cause, effect, period)
        if by_site
        else _by_person(facts, one, other, theory.adjust, period)
    )
    table = table.with_columns(
        (_better_is_more(facts, end) * pl.col(name)).alias(name)
        for name, end in (("cause", cause), ("effect", effect))
    )
    made = _slope(facts, table, () if by_site else tuple(theory.adjust), by_site=by_site)
    if isinstance(made, str):
        return Association(cause, effect, "site" if by_site else "person", without=made)
    slope, held, left_out = made
    levels = tuple(level(facts, end, period, _effort(facts)).id for end in (cause, effect))
    figure = Figure(
        name,
        slope.estimate,
        "number",
        denominator=slope.n_treated,
        excluded={reasons.NOT_MEASURED: left_out} if left_out and not by_site else {},
        low=slope.interval.low,
        high=slope.interval.high,
        p=slope.p,
        method=f"standardised {slope.design}; {slope.se_method}",
        made_from=levels,
        of="places" if by_site else "people",
    )
    return Association(cause, effect, "site" if by_site else "person", figure, held=held)


def _by_person(
    facts: Facts, cause: pl.DataFrame, effect: pl.DataFrame, adjust: Sequence[str], period: Period
) -> pl.DataFrame:
    """An enrolment a row with ``cause`` and ``effect`` (null where one is not measured) and what is adjusted for."""
    keys = ["enrolment", "person", "unit", "site"]
    joined = cause.rename({"value": "cause"}).join(
        effect.rename({"value": "effect"}), on=keys, how="full", coalesce=True, nulls_equal=True
    )
    years = pl.lit(period.first).sub(pl.col("birth_date")).dt.total_days() // 365.25
    persons = facts.persons
    if "birth_date" in persons.columns:
        persons = persons.with_columns(age=years, birth_date=years)
    known = [name for name in adjust if name in persons.columns and persons[name].count()]
    return joined.join(persons.select("person", *known), on="person", how="left").sort("enrolment")


def _by_site(facts: Facts, cause: str, effect: str, period: Period) -> pl.DataFrame:
    """A site of the effort a row with its level of ``cause`` and of ``effect``."""
    sites = facts.sites.filter(pl.col("unit").is_in(facts.programme.effort_units)).select("unit", "site")
    for name, end in (("cause", cause), ("effect", effect)):
        levels = {site: figure.value for site, figure in indicator_by(facts, end, period, by="site").items()}
        told = pl.DataFrame(
            {"site": list(levels), name: list(levels.values())}, schema={"site": pl.String, name: pl.Float64}
        )
        sites = sites.join(told, on="site", how="left")
    return sites.sort("site")


def _better_is_more(facts: Facts, indicator_id: str) -> int:
    return -1 if facts.programme.indicators[indicator_id].better == "lower" else 1


def _slope(
    facts: Facts, table: pl.DataFrame, adjust: Sequence[str], *, by_site: bool
) -> tuple[Effect, tuple[str, ...], int] | str:
    """The standardised slope, what was held and how many rows were left out; or why there is none."""
    held = [name for name in adjust if name in table.columns]
    used = table.drop_nulls(["cause", "effect", *held])
    if used.height < (ENOUGH_SITES if by_site else ENOUGH_PEOPLE):
        return "no_people" if by_site else "few_people"
    if used["cause"].n_unique() < 2 or used["effect"].n_unique() < 2:
        return "no_variation"
    if not by_site and _few_differ(used, facts.programme.disclosure_threshold):
        return "few_in_group"
    ends = [
        ((pl.col(end) - pl.col(end).mean()) / pl.col(end).std()).alias(end) for end in ("cause", "effect")
    ]
    held = [name for name in held if used[name].n_unique() > 1]
    cluster = None
    if not by_site:
        used = used.with_columns(pl.col("site").fill_null(""))
        sites = used["site"].n_unique()
        if sites >= ENOUGH_SITES:
            cluster = "site"
        else:
            held = [*held, *(["site"] if sites > 1 else [])]
            cluster = "person" if used["person"].n_unique() < used.height else None
    try:
        fitted = dose_response(used.with_columns(ends), "effect", "cause", covariates=held, cluster=cluster)
    except ValueError:
        return "not_estimable"
    return fitted.effect, tuple(held), table.height - used.height


def _few_differ(used: pl.DataFrame, threshold: int) -> bool:
    """Whether a yes-or-no end, or two of them crossed, leave so few alike that the slope would tell their number."""
    two = [end for end in ("cause", "effect") if used[end].n_unique() == 2]
    ways = [[end] for end in two] + ([two] if len(two) == 2 else [])
    return any(used.group_by(way).len().filter(pl.col("len") < threshold).height for way in ways)
