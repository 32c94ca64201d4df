"""What the data say of the two groups: whether they overlap, can be told apart, come in enough clusters, are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl
import scipy

from indsats.language import number, percent

from ..cautions import FEW_CLUSTERS, Caution, caution, few_clusters, left_out
from ..design import design_matrix, is_categorical, refuse_redundant, standardised
from ..inputs import (
    Flags,
    Floats,
    Frame,
    as_polars,
    chosen,
    codes,
    columns_of,
    complete_rows,
    missing_values,
    numbers,
    two_groups,
)
from ..logit import logit
from ..trials.proportions import proportion_test

Compared = Literal["ATT", "ATE"]
"""Whose likes are looked for: those of the treated, or those of everybody."""

ALONE = 0.05
"""More than this share of people without their like in the other group is worth a warning, …"""
MOSTLY_ALONE = 0.3
"""… and from this share on the estimate is about people nobody can be compared with."""
BINS = 20
PEOPLE_PER_BIN = 10
"""Stretches are so long that groups alike would have this many of each in them: none is then no chance."""
RARER = 10
"""A stretch of the score where the other group is this many times rarer holds hardly anybody to compare with."""

RARE = 0.01

MOST_NAMED = 8

LARGEST_CLUSTER = 1 / 3

MANY_LOST = 0.2
"""At a fifth lost, a difference of 5 points is about where the What Works Clearinghouse (2022, Standards Handbook 5.0)
draws its cautious boundary."""
UNEVENLY_LOST = 0.05
VERY_UNEVENLY_LOST = 0.15
HARMLESS = 0.01
"""A smaller difference in losses does no harm, however sure it is."""


def check_overlap(
    df: Frame, score: str, treatment: str = "treated", *, estimand: Compared = "ATT"
) -> tuple[Caution, ...]:
    """Warns (``poor-overlap``) when many have nobody like themselves in the other group.

    Alone is who has a ``score`` (any scale on which order means something) outside the range of the other
    group, or in a twentieth of all scores where the other group is ten times rarer than one's own, both taken
    as shares of their group. For the ATT treated count, for the ATE controls too. In small groups many fall
    outside a range by chance; there is no warning when as many would in one of a hundred comparisons of
    groups alike, by the beta-binomial law of that number. Raises ``ValueError`` for empty groups.
    """
    df = as_polars(df)
    chosen("estimand", estimand, Compared)
    complete = complete_rows(df, [treatment, score])
    missing = left_out(complete.excluded, df.height)
    flags, values = two_groups(complete.table, treatment), numbers(complete.table, score)
    alone = {"treated": _alone(values, flags)}
    if estimand == "ATE":
        alone["control"] = _alone(values, ~flags)
    worst = max(alone, key=lambda group: alone[group])
    share = alone[worst]
    if share <= ALONE:
        return missing
    da, en = ("med indsats", "treated") if worst == "treated" else ("uden indsats", "control")
    return (
        *missing,
        caution(
            "poor-overlap",
            "grave" if share >= MOSTLY_ALONE else "doubt",
            f"For {percent(share, 'da', 0)} af dem {da} er der næsten ingen i den anden gruppe, der ligner dem. "
            "For dem bygger sammenligningen på et gæt; overvej at tage dem ud, og sig så, hvem svaret gælder.",
            f"For {percent(share, 'en', 0)} of the {en} group there is hardly anybody like them in the other. "
            "For them the comparison rests on a guess; "
            "consider leaving them out, and then say whom the answer is about.",
        ),
    )


def _alone(values: Floats, group: Flags) -> float:
    """The share of ``group`` without their like among the others; 0 when groups alike could show as many."""
    own, other = values[group], values[~group]
    alone = (own < other.min()) | (own > other.max())
    bins = min(BINS, min(len(own), len(other)) // PEOPLE_PER_BIN)
    if bins > 1:
        edges = np.unique(np.quantile(values, np.arange(1, bins) / bins))
        here, there = np.searchsorted(edges, own, side="right"), np.searchsorted(edges, other, side="right")
        mine = np.bincount(here, minlength=len(edges) + 1) / len(own)
        theirs = np.bincount(there, minlength=len(edges) + 1) / len(other)
        alone |= (mine > RARER * theirs)[here]
    # What lies outside the range of n others drawn alike is a Beta(2, n − 1) share of everybody.
    chance = scipy.stats.betabinom.sf(alone.sum() - 1, len(own), 2, max(len(other) - 1, 1e-9))
    return float(alone.mean()) if chance < RARE else 0.0


def check_separation(df: Frame, treatment: str, covariates: Sequence[str]) -> tuple[Caution, ...]:
    """Warns (``separation``) when covariates tell exactly who is treated, one by one or all together.

    A level of a categorical or yes-or-no covariate with people of one group only, a number whose ranges in the
    two groups do not meet, and otherwise a logistic regression of treatment on all of them without a finite
    solution. Raises ``ValueError`` for empty groups, absent columns and redundant ones (named).
    """
    df = as_polars(df)
    covariates = columns_of(covariates, treatment=treatment)
    complete = complete_rows(df, [treatment, *covariates])
    missing = left_out(complete.excluded, df.height)
    table, flags = complete.table, two_groups(complete.table, treatment)
    places: list[str] = []
    concerned = np.zeros(len(flags), dtype=bool)
    for covariate in covariates:
        names, rows = _separating(table, covariate, flags)
        places += names
        concerned |= rows
    if places:
        share = float(concerned.mean())
        listed = ", ".join(places[:MOST_NAMED]) + (" …" if len(places) > MOST_NAMED else "")
        text = (
            f"Her er alle enten med eller alle uden indsats: {listed}. Det er {percent(share, 'da', 0)} af personerne, "
            "og de har ingen at blive sammenlignet med.",
            f"Here all are treated or none is: {listed}. That is {percent(share, 'en', 0)} of the people, and they "
            "have nobody to be compared with.",
        )
        return (*missing, caution("separation", "doubt", *text))
    if not covariates:
        return missing
    design = design_matrix(table, covariates)
    # A redundant column is another fault and is told as such.
    refuse_redundant(design.matrix, design.names, standardised(design.matrix)[0])
    try:
        logit(design.matrix, flags, design.names)
    except ValueError:
        names = ", ".join(covariates)
        text = (
            f"Tilsammen afgør {names} præcist, hvem der får indsatsen. Så kan ingen sammenlignes; brug færre af dem.",
            f"Together {names} tell exactly who is treated. Then nobody can be compared; use fewer of them.",
        )
        return (*missing, caution("separation", "grave", *text))
    return missing


def _separating(table: pl.DataFrame, covariate: str, flags: Flags) -> tuple[list[str], Flags]:
    """The levels, or the number, that one group has for itself, and the rows that concerns."""
    if not is_categorical(table[covariate]):
        values = numbers(table, covariate)
        if not ((values == 0) | (values == 1)).all():
            one, two = values[flags], values[~flags]
            apart = bool(one.max() < two.min() or two.max() < one.min())
            return [covariate] * apart, np.full(len(values), apart)
    indices, labels = codes(table, covariate)
    treated = np.bincount(indices, weights=flags)
    pure = (treated == 0) | (treated == np.bincount(indices))
    return [f"{covariate}={labels[int(level)]}" for level in np.flatnonzero(pure)], pure[indices]


def check_clusters(df: Frame, cluster: str, treatment: str = "treated") -> tuple[Caution, ...]:
    """Warns of few clusters (``few-clusters``), a group that is one cluster only (``one-cluster-group``), and a
    cluster that holds more than a third of everybody (``dominant-cluster``).

    Raises ``ValueError`` for empty groups.
    """
    df = as_polars(df)
    complete = complete_rows(df, [treatment, cluster])
    flags = two_groups(complete.table, treatment)
    indices, labels = codes(complete.table, cluster)
    size = np.bincount(indices)
    with_treated = len(np.unique(indices[flags]))
    with_control = len(np.unique(indices[~flags]))
    cautions = [*left_out(complete.excluded, df.height)]
    if len(size) < FEW_CLUSTERS:
        cautions.append(few_clusters(len(size), with_treated))
    if min(with_treated, with_control) == 1:
        da, en = ("med", "treated") if with_treated == 1 else ("uden", "controls")
        cautions.append(
            caution(
                "one-cluster-group",
                "grave",
                f"Alle {da} indsats hører til det samme sted. Om forskellen skyldes indsatsen eller stedet, "
                "kan ikke afgøres.",
                f"All {en} belong to the same site. Whether the difference comes from the treatment or the site "
                "cannot be told.",
            )
        )
    largest = int(size.argmax())
    share = float(size[largest] / size.sum())
    if len(size) > 2 and share > LARGEST_CLUSTER:
        cautions.append(
            caution(
                "dominant-cluster",
                "doubt",
                f"{labels[largest]} rummer {percent(share, 'da', 0)} af alle. Usikkerheden er regnet, som om "
                "stederne var nogenlunde lige store, og bliver let for lille.",
                f"{labels[largest]} holds {percent(share, 'en', 0)} of everybody. The uncertainty is reckoned as if "
                "sites were of about one size, and easily becomes too small.",
            )
        )
    return tuple(cautions)


def check_attrition(df: Frame, outcome: str, treatment: str = "treated") -> tuple[Caution, ...]:
    """Warns when the outcome is missing for many (``attrition``, a fifth), or for more in one group than in the other
    (``differential-attrition``: by 5 percentage points, or surely so by the z test of two shares and by 1 point).

    Those without a known treatment are left out and counted. Raises ``ValueError`` for empty groups.
    """
    df = as_polars(df)
    complete = complete_rows(df, [treatment])
    if outcome not in complete.table.columns:
        raise ValueError(f"the table has no column '{outcome}'")
    flags, lost = two_groups(complete.table, treatment), missing_values(complete.table[outcome])
    overall = float(lost.mean())
    one, two = float(lost[flags].mean()), float(lost[~flags].mean())
    cautions = [*left_out(complete.excluded, df.height)]
    if overall > MANY_LOST:
        cautions.append(
            caution(
                "attrition",
                "doubt",
                f"Udfaldet mangler for {percent(overall, 'da', 0)}. Svaret gælder de øvrige, som kan være "
                "anderledes.",
                f"The outcome is missing for {percent(overall, 'en', 0)}. The answer is about the others, who "
                "may differ.",
            )
        )
    gap = abs(one - two)
    sure = 0 < overall < 1 and gap > HARMLESS and _surely_apart(lost, flags)
    if gap > UNEVENLY_LOST or sure:
        points = number(100 * gap, "da", 1), number(100 * gap, "en", 1)
        cautions.append(
            caution(
                "differential-attrition",
                "grave" if gap > VERY_UNEVENLY_LOST else "doubt",
                f"Udfaldet mangler for {percent(one, 'da')} med indsats og {percent(two, 'da')} uden, en forskel på "
                f"{points[0]} procentpoint. De tilbageværende i de to grupper kan derfor være forskellige.",
                f"The outcome is missing for {percent(one, 'en')} of the treated and {percent(two, 'en')} of the "
                f"controls, {points[1]} percentage points apart. Those left in the two groups may therefore differ.",
            )
        )
    return tuple(cautions)


def _surely_apart(lost: Flags, flags: Flags) -> bool:
    counts = (lost[flags].sum(), flags.sum(), lost[~flags].sum(), (~flags).sum())
    return proportion_test(*(float(count) for count in counts)).p < 0.05
