"""Which sites it is fair to compare: those of the same cluster, given by the definition or found in their people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, ward
from scipy.spatial.distance import pdist, squareform

from indsats.figure import Figure
from indsats.programme import parse_rule, rule_fields, with_rule

from .remembered import remembered

if TYPE_CHECKING:
    from indsats.record import Facts

LEAST_PERSONS: Final = 10
"""With fewer people who tell a condition its share is noise: of 10 it is known to within 30 points."""
TOO_FEW: Final = "too_few_persons"
TOO_FEW_SITES: Final = "too_few_sites"
ALIKE: Final = "conditions_alike"
NO_CONDITIONS: Final = "no_conditions"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SiteCluster:
    """The cluster of a site, whether the definition or the table of sites gives it, and why it has none."""

    site: str
    cluster: str | None
    given: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Comparability:
    """Every site's cluster, and for each cluster the share of its people under each framework condition.

    ``silhouette`` is the mean silhouette of the sites whose cluster was computed, none where none was.
    """

    sites: tuple[SiteCluster, ...]
    means: Mapping[str, Mapping[str, Figure]]
    silhouette: float | None

    @property
    def cluster_of(self) -> dict[str, str]:
        """The cluster of every site that has one."""
        return {one.site: one.cluster for one in self.sites if one.cluster is not None}


def comparable(facts: Facts, until: date | None = None) -> Comparability:
    """The clusters of the effort's sites, by the people enrolled by the day ``until`` (the end of the data).

    A site that names its ``cluster`` keeps it. The others are grouped by the definition's conditions: the share of
    the site's people for whom each holds on the day they first enrolled there; people of whom it is not known are
    left out of that share. Shares are standardised over sites (mean 0, standard deviation 1; a condition that is the
    same everywhere is left out) and sites are joined by Ward's method (1963) into ``clusters`` groups, at most half
    as many as there are sites. Groups computed are called ``group-1`` and so on, the largest first, then by the
    names of their sites. The same facts give the same groups, in whatever order they come.
    """
    day = until or facts.last_day
    return remembered(facts, ("comparable", day), lambda: _comparable(facts, day))


def condition_counts(facts: Facts, until: date) -> pl.DataFrame:
    """How many people each condition holds for: site, condition, n, d (people of whom it is known).

    Sites of the effort only; a person counts once in a site, on the first enrolment there begun by ``until``. Raises
    RuleError for a condition that does not fit the fields of a person.
    """
    asked = facts.programme.comparable
    schema = {"site": pl.String, "condition": pl.String, "n": pl.Int64, "d": pl.Int64}
    if asked is None:
        return pl.DataFrame(schema=schema)
    people = _enrolled(facts, until)
    fields = rule_fields(facts.programme, "person")
    for name, condition in asked.conditions.items():
        people = with_rule(people, f"__{name}", parse_rule(condition.when, fields), "start")
    told = [
        people.group_by("site")
        .agg(
            n=pl.col(f"__{name}").sum().cast(pl.Int64),
            d=pl.col(f"__{name}").is_not_null().sum().cast(pl.Int64),
        )
        .select("site", condition=pl.lit(name), n="n", d="d")
        for name in asked.conditions
    ]
    return pl.concat(told).cast(schema).sort("site", "condition")  # type: ignore[arg-type]


def silhouette(points: Floats, labels: NDArray[np.int64]) -> float:
    """The mean silhouette of points (n × k) in groups ``labels`` (n), Euclidean; alone in a group counts 0.

    Rousseeuw (1987), Journal of Computational and Applied Mathematics 20:53-65. Raises ``ValueError`` for fewer than
    two groups.
    """
    groups = np.unique(labels)
    if len(groups) < 2:
        raise ValueError("a silhouette compares at least two groups")
    distance = squareform(pdist(points))
    member = labels[:, None] == groups[None, :]
    size = member.sum(axis=0)
    mean = (distance @ member) / np.where(member, np.maximum(size - 1, 1), size)
    own = mean[member]
    nearest = np.where(member, np.inf, mean).min(axis=1)
    larger = np.maximum(own, nearest)
    alone = size[np.argmax(member, axis=1)] == 1
    score = np.divide(nearest - own, larger, out=np.zeros(len(own)), where=(larger > 0) & ~alone)
    return float(score.mean())


def _comparable(facts: Facts, until: date) -> Comparability:
    asked = facts.programme.comparable
    mine = facts.sites.filter(pl.col("unit").is_in(facts.programme.effort_units)).sort("site")
    given = (
        dict(mine.drop_nulls("cluster").select("site", "cluster").iter_rows())
        if "cluster" in mine.columns
        else {}
    )
    counts = condition_counts(facts, until)
    rest = [site for site in mine["site"] if site not in given]
    found: dict[str, str] = {}
    reasons: dict[str, str] = {}
    score: float | None = None
    if asked is None:
        reasons = dict.fromkeys(rest, NO_CONDITIONS)
    elif rest:
        known = _known_sites(counts, list(asked.conditions), rest)
        reasons = dict.fromkeys((site for site in rest if site not in known), TOO_FEW)
        number = min(asked.clusters, len(known) // 2)
        points = _standardised(counts, list(asked.conditions), known)
        if number < 2:
            reasons |= dict.fromkeys(known, TOO_FEW_SITES)
        elif points.shape[1] == 0:
            reasons |= dict.fromkeys(known, ALIKE)
        else:
            labels = fcluster(ward(points), number, criterion="maxclust").astype(np.int64)
            found = _named(known, labels)
            score = silhouette(points, labels) if len(set(labels.tolist())) > 1 else None
    sites = tuple(
        SiteCluster(site, given.get(site, found.get(site)), site in given, reasons.get(site))
        for site in mine["site"]
    )
    cluster_of = {one.site: one.cluster for one in sites if one.cluster is not None}
    return Comparability(sites, _means(counts, cluster_of, until), score)


def _enrolled(facts: Facts, until: date) -> pl.DataFrame:
    """The people of each site of the effort with their fields and their age on the day they enrolled there."""
    units = facts.programme.effort_units
    first = (
        facts.enrolments()
        .filter(pl.col("unit").is_in(units) & (pl.col("start") <= until) & pl.col("person").is_not_null())
        .group_by("site", "person")
        .agg(pl.col("start").min())
        .sort("site", "person")
    )
    persons = facts.persons.unique("person", keep="first", maintain_order=True)
    fields = [name for name in rule_fields(facts.programme, "person") if name != "age"]
    lacking = [name for name in fields if name not in persons.columns]
    persons = persons.with_columns(
        pl.lit(None, dtype=pl.Date if name == "birth_date" else pl.String).alias(name) for name in lacking
    ).select("person", *fields)
    born, start = pl.col("birth_date").dt, pl.col("start").dt
    ahead = (start.month() < born.month()) | ((start.month() == born.month()) & (start.day() < born.day()))
    age = start.year().cast(pl.Float64) - born.year() - ahead.cast(pl.Float64)
    rows = first.join(persons, on="person", how="left", maintain_order="left")
    return rows.with_columns(age=age)


def _known_sites(counts: pl.DataFrame, conditions: Sequence[str], rest: Sequence[str]) -> list[str]:
    enough = (
        counts.filter(pl.col("site").is_in(list(rest)))
        .group_by("site")
        .agg(least=pl.col("d").min(), told=pl.col("condition").n_unique())
    )
    enough = enough.filter((pl.col("least") >= LEAST_PERSONS) & (pl.col("told") == len(conditions)))
    return sorted(enough["site"])


def _standardised(counts: pl.DataFrame, conditions: Sequence[str], sites: Sequence[str]) -> Floats:
    """The shares (sites × conditions that differ), standardised over sites."""
    shares = {(site, name): n / d for site, name, n, d in counts.iter_rows() if d}
    points = np.array([[shares[site, name] for name in conditions] for site in sites], dtype=np.float64)
    points = points.reshape(len(sites), len(conditions))
    spread = points.std(axis=0) if len(sites) else np.zeros(len(conditions))
    kept = spread > 1e-12
    return (points[:, kept] - points[:, kept].mean(axis=0)) / spread[kept] if len(sites) else points[:, kept]


def _named(sites: Sequence[str], labels: NDArray[np.int64]) -> dict[str, str]:
    """Names that do not depend on how the method numbers its groups: the largest first, then by their sites."""
    members: dict[int, list[str]] = {}
    for site, label in zip(sites, labels.tolist(), strict=True):
        members.setdefault(label, []).append(site)
    ordered = sorted(members.values(), key=lambda group: (-len(group), group))
    return {site: f"group-{place}" for place, group in enumerate(ordered, start=1) for site in group}


def _means(counts: pl.DataFrame, cluster_of: Mapping[str, str], until: date) -> dict[str, dict[str, Figure]]:
    told: dict[str, dict[str, Figure]] = {name: {} for name in sorted(set(cluster_of.values()))}
    placed = counts.with_columns(
        cluster=pl.col("site").replace_strict(cluster_of, default=None, return_dtype=pl.String)
    )
    sums = placed.drop_nulls("cluster").group_by("cluster", "condition", maintain_order=True)
    for cluster, condition, n, d in sums.agg(pl.col("n").sum(), pl.col("d").sum()).iter_rows():
        told[cluster][condition] = Figure.share(f"condition/{condition}/{cluster}/{until}", n, d)
    return told
