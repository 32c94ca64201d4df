"""Composes sites beside one another with ranks that tell how sure they are, and the check for reclassification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from indsats.figure import Figure
from indsats.programme import BenchmarkBlock, Period, ReclassifiedBlock, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Group, Reading, Table
from indsats.steer import (
    Benchmark,
    Comparability,
    Levels,
    Reclassified,
    Standing,
    benchmark,
    comparable,
    period_before,
    reclassified,
)

from . import benchmark_words as said
from . import words
from .progression import slug
from .steering import places_of


def benchmark_blocks(facts: Facts, block: BenchmarkBlock, period: Period) -> Iterator[Block]:
    """For each indicator ranks, their drawing and distances; how sure the order is; and the clusters.

    Rows stand in the order of the sites, because an order by level would tell of those that may not be shown.
    """
    sites = dict(places_of(facts, "site", effort=True))
    found = [benchmark(facts, name, period) for name in block.indicators] if sites else []
    clusters = comparable(facts, min(period.last, facts.last_day))
    for one in found:
        yield from _ranked(facts, block.title, one, sites, clusters)
    if found:
        yield _how_sure(facts, block, found)
    if clusters.means:
        yield _clusters(facts, clusters)


def _ranked(
    facts: Facts, title: Text, found: Benchmark, sites: Mapping[str, Text], clusters: Comparability
) -> Iterator[Block]:
    asked = facts.programme.indicators[found.indicator]
    named = words.joined(title, asked.title)
    name = f"benchmark-{slug(found.indicator)}"
    grouped, directed = bool(found.clusters), asked.better != "neither"
    columns = [
        Column("place", words.SITE),
        Column("level", said.LEVEL),
        *([Column("rank", said.RANK)] if directed else []),
        *([Column("cluster", said.CLUSTER)] if grouped else []),
        *([Column("rank-in-cluster", said.RANK_IN_CLUSTER)] if grouped and directed else []),
        Column("to-others", said.TO_OTHERS),
    ]
    why = {one.site: one.reason for one in clusters.sites}
    rows: list[tuple[Cell, ...]] = []
    for row in found.rows:
        rank = row.rank if row.rank is not None else said.NOT_RANKED.get(row.reason or "")
        cluster = said.cluster(row.cluster) if row.cluster else said.NO_CLUSTER.get(why.get(row.site) or "")
        cells: list[Cell] = [sites[row.site], row.level]
        cells += [rank] if directed else []
        cells += [cluster] if grouped else []
        cells += [row.rank_in_cluster] if grouped and directed else []
        rows.append((*cells, row.to_others))
    rows.append((said.ALL_SITES, found.total, *[None] * (len(columns) - 2)))
    notes = [said.DISTANCE_NOTE] if not directed else [said.RANK_NOTE[asked.better], said.DISTANCE_NOTE]
    yield Table(
        name,
        named,
        tuple(columns),
        tuple(rows),
        notes=tuple(notes),
        total_row=-1,
        groups=tuple(_sums(found)),
    )
    if directed and found.ranked > 1:
        yield Chart(
            f"{name}-chart",
            named,
            name,
            "ranks",
            {"label": "place", "value": "level", "rank": "rank", "apart": "to-others"},
            said.DRAWN,
            x_title=asked.title,
        )
        yield _distances(named, name, found, sites)


def _distances(named: Text, name: str, found: Benchmark, sites: Mapping[str, Text]) -> Table:
    """How far each ranked site is from its cluster and the best quarter, and how likely it is to be in an outer one."""
    grouped = bool(found.clusters)

    def cells(row: Standing) -> tuple[Cell, ...]:
        near: tuple[Cell, ...] = (row.to_cluster,) if grouped else ()
        return (sites[row.site], *near, row.to_quarter, row.best_quarter, row.worst_quarter)

    columns = (
        Column("place", words.SITE),
        *((Column("to-cluster", said.TO_CLUSTER),) if grouped else ()),
        Column("to-quarter", said.TO_QUARTER),
        Column("best-quarter", said.BEST_QUARTER, "share", 0),
        Column("worst-quarter", said.WORST_QUARTER, "share", 0),
    )
    rows = tuple(cells(row) for row in found.rows if row.rank is not None)
    title = words.joined(named, said.DISTANCES)
    groups = tuple(Group(total.id, _members(found, cluster)) for cluster, total in found.clusters.items())
    if not grouped:
        return Table(f"{name}-distances", title, columns, rows, notes=(said.QUARTER_NOTE,))
    # What a cluster shows together is the sum of its sites: it stands below, so that it is judged with them.
    below = tuple(
        (words.joined(said.CLUSTER, said.cluster(cluster)), total, *[None] * (len(columns) - 2))
        for cluster, total in found.clusters.items()
    )
    return Table(
        f"{name}-distances",
        title,
        columns,
        rows + below,
        notes=(said.CLUSTER_LEVEL_NOTE, said.QUARTER_NOTE),
        groups=groups,
    )


def _members(found: Benchmark, cluster: str) -> tuple[str, ...]:
    return tuple(row.level.id for row in found.rows if row.cluster == cluster and row.reason is None)


def _sums(found: Benchmark) -> Iterator[Group]:
    """All ranked sites are the clusters and those without one; with those not ranked they are the whole programme."""
    ranked = [row for row in found.rows if row.reason is None]
    few = tuple(row.level.id for row in found.rows if row.reason is not None)
    alone = tuple(row.level.id for row in ranked if row.cluster is None)
    yield Group(found.total.id, tuple(row.level.id for row in ranked))
    yield Group(found.total.id, (*(total.id for total in found.clusters.values()), *alone))
    whole = f"indicator/{found.indicator}/all/{found.total.id.rpartition('/')[2]}"
    yield Group(whole, (found.total.id, *few))


def _how_sure(facts: Facts, block: BenchmarkBlock, found: Sequence[Benchmark]) -> Table:
    """Whether the sites differ by more than chance, and how many may be the best; hidden with any level it rests on."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        title = facts.programme.indicators[one.indicator].title
        count = Figure.count(f"ranked/{one.total.id}", one.ranked, of="places")
        rows.append((title, count, one.alike, _order_in_words(one)))
    return Table(
        f"benchmark-order-{slug(found[0].indicator)}",
        words.joined(block.title, said.HOW_SURE),
        (
            Column("indicator", words.INDICATOR),
            Column("ranked", said.COMPARED, "count"),
            Column("alike", said.ALIKE_P),
            Column("reading", said.READING),
        ),
        tuple(rows),
        notes=(said.ALIKE_NOTE,),
    )


def _order_in_words(found: Benchmark) -> Cell:
    if found.alike is None:
        return said.UNKNOWN_ERROR if found.ranked > 1 else said.TOO_FEW_SITES
    ranks = [row.rank for row in found.rows if row.rank is not None]
    first = sum(rank.low == 1 for rank in ranks)
    apart = [row.to_others for row in found.rows if row.rank is not None and row.to_others is not None]
    differ = sum((one.low or 0) > 0 or (one.high or 0) < 0 for one in apart if one.low is not None)
    told = said.order(found.alike.value or 0.0, found.ranked, first if ranks else None, differ)
    return Reading(da=told.da, en=told.en, of=found.alike.id)


def _clusters(facts: Facts, clusters: Comparability) -> Table:
    """The clusters by their sites' people: the share of them under each framework condition."""
    asked = facts.programme.comparable
    conditions = asked.conditions if asked is not None else {}
    count: dict[str, int] = {}
    for one in clusters.sites:
        if one.cluster is not None:
            count[one.cluster] = count.get(one.cluster, 0) + 1
    rows = tuple(
        (
            said.cluster(name),
            Figure.count(f"cluster/{name}/sites", count[name], of="places"),
            *(shares.get(condition) for condition in conditions),
        )
        for name, shares in clusters.means.items()
    )
    computed = any(one.cluster is not None and not one.given for one in clusters.sites)
    notes = [said.CLUSTERS_NOTE] if computed else [said.GIVEN_NOTE]
    if clusters.silhouette is not None:
        notes.append(said.silhouette(clusters.silhouette))
    return Table(
        "benchmark-clusters",
        said.CLUSTERS,
        (
            Column("cluster", said.CLUSTER),
            Column("sites", said.SITES, "count"),
            *(Column(slug(name), one.title, "share") for name, one in conditions.items()),
        ),
        rows,
        notes=tuple(notes),
    )


def reclassified_blocks(facts: Facts, block: ReclassifiedBlock, period: Period) -> Iterator[Block]:
    """The level of a class as reported, with classes held still, and of everybody; and what the change is made of."""
    found = reclassified(facts, block.indicator, block.event, block.value, period)
    event = facts.programme.events[block.event]
    value = event.values[block.value].title
    name = f"reclassified-{slug(block.indicator)}-{slug(block.value)}"
    earlier = period_before(period)
    levels: list[tuple[Text, Levels]] = [
        (said.REPORTED, found.reported),
        (said.STILL, found.still),
        (said.EVERYBODY, found.everybody),
        (said.IN_CLASS, found.in_class),
    ]
    rows: list[tuple[Cell, ...]] = [(title, one.before, one.after, one.change) for title, one in levels]
    rows.append((said.MOVED_IN, *found.moved_in, None))
    rows.append((said.MOVED_OUT, *found.moved_out, None))
    yield Table(
        name,
        words.joined(block.title, value),
        (
            Column("level", said.LEVEL),
            Column("before", said.period(earlier)),
            Column("after", said.period(period)),
            Column("change", said.CHANGE),
        ),
        tuple(rows),
        notes=(said.RECLASSIFIED_NOTE, said.CLASSED_NOTE),
        groups=tuple(_class_sums(found)),
    )
    yield _verdict(found, name, block.title)
    yield Table(
        f"{name}-parts",
        words.joined(block.title, said.PARTS),
        (
            Column("who", said.WHO),
            Column("number", said.ENROLMENTS, "count"),
            Column("before", said.period(earlier)),
            Column("after", said.period(period)),
            Column("added", said.ADDED),
        ),
        tuple((said.WHO_CAME[one.who], one.number, one.before, one.after, one.added) for one in found.parts),
        notes=(said.PARTS_NOTE,),
    )


def _verdict(found: Reclassified, name: str, title: Text) -> Table:
    """What is left of the change with classes held still, and the sentence; hidden with any level they rest on."""
    change, kept = found.reported.change, found.still.change
    tells = found.verdict not in ("few", "unclear", "hidden")
    left = Figure(
        f"class-left/{change.id}",
        kept.value / change.value if tells and kept.value is not None and change.value else None,
        "share",
        made_from=tuple(
            one.id for of in (found.reported, found.still) for one in (of.before, of.after, of.change)
        ),
    )
    told = said.VERDICTS[found.verdict]
    return Table(
        f"{name}-reading",
        words.joined(title, said.VERDICT),
        (
            Column("what", said.CHANGE),
            Column("left", said.LEFT, "share", 0),
            Column("reading", said.READING),
        ),
        ((said.REPORTED, left, Reading(da=told.da, en=told.en, of=left.id)),),
    )


def _class_sums(found: Reclassified) -> Iterator[Group]:
    """Those in the class are its parts; their number is shown beside their levels."""
    parts = {one.who: one for one in found.parts}
    for whole, names, side in (
        (found.reported.before, ("stayed", "moved_out", "gone"), "before"),
        (found.reported.after, ("stayed", "moved_in", "new"), "after"),
    ):
        levels = [getattr(parts[who], side) for who in names]
        yield Group(whole.id, tuple(one.id for one in levels if one is not None))
        for who in names:
            level = getattr(parts[who], side)
            yield Group(level.id, (parts[who].number.id,))
