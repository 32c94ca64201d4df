"""Sites beside one another: each one's level, its distance to the others, and a rank that says how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from indsats.evaluate import newcombe_interval, proportion_test
from indsats.figure import Figure
from indsats.figure import Unit as Measure
from indsats.programme import Period

from .comparable import comparable
from .indicators import indicator_by
from .intervals import Z95
from .ranks import effective_sizes, outer_quarters, rank_sets, ranks, share_errors

if TYPE_CHECKING:
    from indsats.record import Facts

NO_VALUE: Final = "no_value"
FEW: Final = "few_persons"
_POINTS: tuple[Measure, ...] = ("share", "monthly", "change")


@dataclass(frozen=True, slots=True)
class Standing:
    """One site among the others; ``rank`` and the chances are none where it is not ranked, ``reason`` says why.

    ``rank`` has as ``low`` and ``high`` the ranks the site may have (95 %). ``to_others``, ``to_cluster``: its level
    less that of all other ranked sites together, and of those of its cluster. ``to_quarter``: its level less the one
    that the best quarter of the ranked sites reach; none where no direction is better.
    """

    site: str
    level: Figure
    cluster: str | None
    rank: Figure | None
    rank_in_cluster: Figure | None
    best_quarter: Figure | None
    worst_quarter: Figure | None
    to_others: Figure | None
    to_cluster: Figure | None
    to_quarter: Figure | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The sites in the order of the table of sites; ``total`` is the level of all that are ranked together.

    ``clusters`` holds the level of those in each cluster, ``ranked`` how many sites were ranked. ``alike`` has the p
    of the hypothesis that all ranked sites have the same level; none where nothing says how uncertain a level is.
    """

    indicator: str
    rows: tuple[Standing, ...]
    total: Figure
    clusters: Mapping[str, Figure]
    ranked: int
    alike: Figure | None


def benchmark(
    facts: Facts,
    indicator_id: str,
    period: Period,
    *,
    least: int | None = None,
    levels: Mapping[str, Figure] | None = None,
    cluster_of: Mapping[str, str] | None = None,
) -> Benchmark:
    """The sites of the effort beside one another by one indicator in ``period``.

    A site is ranked when its denominator, and for a share its numerator and what is left, are 0 or at least ``least``
    (the programme's disclosure threshold when left out) and the denominator is not 0. Ranks are those of
    ``rank_sets``, 1 the best by the indicator's ``better``; with ``neither`` there are none. Sites that are not
    ranked are no part of the others: a level with them in it would tell of few people.

    The level of others is never that of the site itself: for shares, rates and means the sum of numerators over that
    of denominators, for counts and what has no parts the mean of the sites. Distances between shares have Newcombe's
    interval and the z test, with as many people as the levels' own intervals are worth; others the normal one. Where
    a level has no interval because it is no sample, distances and ranks have none. ``levels`` and ``cluster_of``
    stand in for what the facts say. Raises KeyError for an unknown indicator, and ValueError where there is no site.
    """
    found = _levels(facts, indicator_id, period) if levels is None else dict(levels)
    if not found:
        raise ValueError(
            "no site in the data belongs to a unit that runs the effort: there is nothing to compare"
        )
    clusters = (
        comparable(facts, min(period.last, facts.last_day)).cluster_of if cluster_of is None else cluster_of
    )
    fewest = facts.programme.disclosure_threshold if least is None else least
    stem = f"{indicator_id}/{{}}/{period.first}..{period.last}"
    told = [one for one in found.values() if one.value is not None]
    made = _Sites(found, stem, adds_up=all(_adds_up(one) for one in told), least=fewest)
    reasons = {site: why for site, figure in found.items() if (why := _not_ranked(figure, fewest))}
    ranked = [site for site in found if site not in reasons]
    better = facts.programme.indicators[indicator_id].better
    members = {name: [site for site in ranked if clusters.get(site) == name] for name in clusters.values()}
    places, quarters, within = {}, {}, {}
    if better != "neither":
        places, quarters = made.placed(ranked, better, "rank"), made.quarters(ranked, better)
        for group in members.values():
            within |= made.placed(group, better, "cluster-rank")
    total = made.together(ranked, "all")
    of_cluster = {
        name: made.together(group, f"cluster.{name}") for name, group in sorted(members.items()) if group
    }

    def standing(site: str) -> Standing:
        cluster = clusters.get(site)
        best, worst, to_quarter = quarters.get(site, (None, None, None))
        to_cluster = None
        if cluster in of_cluster:
            to_cluster = made.apart(site, members[cluster], "cluster", of_cluster[cluster])
        return Standing(
            site,
            found[site],
            cluster,
            places.get(site),
            within.get(site),
            best,
            worst,
            made.apart(site, ranked, "others", total),
            to_cluster,
            to_quarter,
            reasons.get(site),
        )

    rows = tuple(standing(site) for site in found)
    return Benchmark(indicator_id, rows, total, of_cluster, len(ranked), made.alike(ranked))


def _levels(facts: Facts, indicator_id: str, period: Period) -> dict[str, Figure]:
    mine = facts.sites.filter(facts.sites["unit"].is_in(facts.programme.effort_units))["site"]
    found = indicator_by(facts, indicator_id, period, "site")
    return {site: found[site] for site in mine}


def _not_ranked(figure: Figure, least: int) -> str | None:
    if figure.value is None:
        return NO_VALUE
    if figure.of == "places":
        return None
    parts = [figure.numerator if figure.unit == "count" else figure.denominator]
    if figure.unit == "share" and figure.numerator is not None and figure.denominator is not None:
        parts += [figure.numerator, figure.denominator - figure.numerator]
    return FEW if any(part is not None and 0 < part < least for part in parts) else None


@dataclass(frozen=True, slots=True)
class _Sites:
    """The levels of sites, and what can be said of several of them.

    ``stem`` has a place for the scope in an id; ``adds_up``: every level is a count, or its numerator over its
    denominator. ``least`` is the fewest people that may be shown.
    """

    of: Mapping[str, Figure]
    stem: str
    adds_up: bool
    least: int

    def errors(self, sites: Sequence[str]) -> list[float] | None:
        """Standard errors; none where one of the levels has no interval."""
        figures = [self.of[site] for site in sites]
        if not figures or any(one.low is None or one.high is None for one in figures):
            return None
        if figures[0].unit == "share":
            worth = [_worth(one) for one in figures]
            return share_errors([n for n, _ in worth], [d for _, d in worth]).tolist()
        return [((one.high or 0.0) - (one.low or 0.0)) / (2 * Z95) for one in figures]

    def placed(self, sites: Sequence[str], better: str, what: str) -> dict[str, Figure]:
        """The rank of each of the sites among them; none for fewer than two."""
        if len(sites) < 2 or better == "neither":
            return {}
        values, errors = self._upwards(sites, better), self.errors(sites)
        plain = ranks(values)
        sets = rank_sets(values, errors) if errors is not None else None
        return {
            site: Figure(
                self._id(what, f"site.{site}"),
                float(plain[at]),
                "number",
                low=float(sets.low[at]) if sets is not None else None,
                high=float(sets.high[at]) if sets is not None else None,
                made_from=self._near(site, sites),
                of=self.of[site].of,
            )
            for at, site in enumerate(sites)
        }

    def _near(self, site: str, sites: Sequence[str]) -> tuple[str, ...]:
        """The levels that a rank would tell of, were they not shown themselves.

        A place missing from the ranks lies between the levels of its neighbours. Their ranks go with its level
        as far as the difference is less than ``least`` of its people, so that it stays as unsure as it should.
        """
        mine = self._value(site)

        def told(other: str) -> bool:
            figure = self.of[other]
            people = 1.0 if figure.unit == "count" else figure.denominator or 1.0
            return other == site or abs(self._value(other) - mine) * people <= self.least

        return tuple(self.of[other].id for other in sites if told(other))

    def quarters(
        self, sites: Sequence[str], better: str
    ) -> dict[str, tuple[Figure | None, Figure | None, Figure]]:
        """The chances of the best and of the worst quarter, and the distance to where the best one begins."""
        if len(sites) < 2:
            return {}
        errors = self.errors(sites)
        chances = outer_quarters(self._upwards(sites, better), errors) if errors is not None else None
        made_from = tuple(self.of[site].id for site in sites)
        ordered = sorted(sites, key=self._value, reverse=better == "higher")
        at_limit = ordered[-(-len(sites) // 4) - 1]
        found: dict[str, tuple[Figure | None, Figure | None, Figure]] = {}
        for at, site in enumerate(sites):
            named = f"site.{site}"
            best, worst = (
                (
                    Figure(self._id(name, named), float(chances[side][at]), "share", made_from=made_from)
                    for side, name in enumerate(("best-quarter", "worst-quarter"))
                )
                if chances is not None
                else (None, None)
            )
            distance = Figure(
                self._id("to-quarter", named),
                self._value(site) - self._value(at_limit),
                _distance_unit(self.of[site].unit),
                made_from=tuple({self.of[site].id: None, **dict.fromkeys(self._near(at_limit, sites))}),
                of=self.of[site].of,
            )
            found[site] = best, worst, distance
        return found

    def alike(self, sites: Sequence[str]) -> Figure | None:
        """Whether the levels differ by more than chance: Cochran's Q on K − 1 degrees of freedom."""
        errors = self.errors(sites)
        if errors is None or len(sites) < 2 or min(errors) <= 0:
            return None
        values, weights = np.array([self._value(site) for site in sites]), 1 / np.square(errors)
        q = float((weights * (values - (weights * values).sum() / weights.sum()) ** 2).sum())
        p = float(scipy.stats.chi2.sf(q, len(sites) - 1))
        made_from = tuple(self.of[site].id for site in sites)
        return Figure(self._id("alike", "all"), p, "p", made_from=made_from)

    def together(self, sites: Sequence[str], scope: str) -> Figure:
        """The level of the sites taken together; no value where none of them has one."""
        shown = [site for site in sites if self.of[site].value is not None]
        name, first = self._id("sites", scope), next(iter(self.of.values()))
        empty = Figure(name, None, first.unit, of=first.of)
        if not shown:
            return empty
        if self.adds_up:
            n = sum(self.of[site].numerator or 0.0 for site in sites)
            if first.unit == "count":
                return replace(empty, value=n, numerator=n)
            d = sum(self.of[site].denominator or 0.0 for site in sites)
            return replace(empty, value=self._level(shown), numerator=n, denominator=d)
        made_from = tuple(self.of[site].id for site in shown)
        return replace(empty, value=self._level(shown), made_from=made_from)

    def apart(self, site: str, sites: Sequence[str], what: str, total: Figure | None) -> Figure | None:
        """The level of a site less that of the other ``sites``; none without a level or without others."""
        mine = self.of[site]
        others = [one for one in sites if one != site and self.of[one].value is not None]
        if mine.value is None or not others or total is None:
            return None
        theirs = self._level(others)
        plain = Figure(
            self._id(f"to-{what}", f"site.{site}"),
            mine.value - theirs,
            _distance_unit(mine.unit),
            made_from=(mine.id, total.id),
            of=mine.of,
        )
        own, errors = self.errors([site]), self.errors(others)
        if own is None or errors is None:
            return plain
        if mine.unit == "share":
            return _between_shares(plain, _worth(mine), [_worth(self.of[one]) for one in others], theirs)
        weights = np.array([self._weight(one) for one in others])
        error = sqrt(own[0] ** 2 + float((np.square(weights * errors)).sum()) / float(weights.sum()) ** 2)
        if error <= 0:
            return plain
        value = mine.value - theirs
        p = 2 * float(scipy.stats.norm.sf(abs(value) / error))
        return replace(plain, low=value - Z95 * error, high=value + Z95 * error, p=p)

    def _upwards(self, sites: Sequence[str], better: str) -> list[float]:
        return [self._value(site) * (1 if better == "higher" else -1) for site in sites]

    def _value(self, site: str) -> float:
        return self.of[site].value or 0.0

    def _weight(self, site: str) -> float:
        figure = self.of[site]
        return (figure.denominator or 0.0) if self.adds_up and figure.unit != "count" else 1.0

    def _level(self, sites: Sequence[str]) -> float:
        weights = np.array([self._weight(site) for site in sites])
        return float((weights * [self._value(site) for site in sites]).sum() / weights.sum())

    def _id(self, what: str, scope: str) -> str:
        return f"{what}/{self.stem.format(scope)}"


def _adds_up(figure: Figure) -> bool:
    if figure.unit == "count":
        return figure.numerator is not None
    if figure.numerator is None or not figure.denominator:
        return False
    ratio = figure.numerator / figure.denominator
    return isclose(figure.value or 0.0, ratio - 1 if figure.unit == "change" else ratio, abs_tol=1e-9)


def _distance_unit(unit: Measure) -> Measure:
    """Between percentages a distance is in percentage points; other units keep their own."""
    return "points" if unit in _POINTS else "number" if unit == "count" else unit


def _worth(figure: Figure) -> tuple[float, float]:
    """Numerator and denominator of a share in independent people, as its interval has them; whole people at most."""
    share, people = figure.value or 0.0, figure.denominator or 0.0
    if figure.low is None or figure.high is None:
        return share * people, people
    size = min(people, float(effective_sizes([share], [figure.low], [figure.high])[0])) if people else 0.0
    return min(share * size, size), size


def _between_shares(
    plain: Figure, mine: tuple[float, float], others: Sequence[tuple[float, float]], theirs: float
) -> Figure:
    size = sum(d for _, d in others)
    hit = min(theirs * size, size)
    bounds = newcombe_interval(*mine, hit, size)
    pooled = (mine[0] + hit) / (mine[1] + size)
    p = proportion_test(*mine, hit, size).p if 1e-12 < pooled < 1 - 1e-12 else None
    return replace(plain, low=bounds.low, high=bounds.high, p=p)
