"""The estimate again without each site in turn: whether one of them decides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from indsats.language import number

from ..cautions import Caution, caution, left_out
from ..inputs import Frame, as_polars, complete_rows
from ..results import Effect

MOST_NAMED = 8

SCHEMA = {
    "site": pl.String,
    "rows": pl.Int64,
    "estimate": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "p": pl.Float64,
    "change": pl.Float64,
    "problem": pl.String,
}


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """``full`` is the estimate with every site; ``table`` has a row per ``site`` left out.

    ``rows`` counts what the site held; ``estimate``, ``lower``, ``upper`` (95 %) and ``p`` are without it,
    ``change`` that estimate minus the one with all; ``problem`` says why nothing could be estimated without
    the site (the numbers are then null).
    """

    full: Effect
    table: pl.DataFrame
    warnings: tuple[Caution, ...] = ()


def leave_one_out(df: Frame, site: str, estimate: Callable[[pl.DataFrame], Effect]) -> LeaveOneOut:
    """``estimate`` on the table without each value of column ``site`` in turn, in sorted order.

    Says ``one-site-decides`` when leaving one out changes whether the interval holds 0 (a doubt; grave when the
    sign of the estimate turns too), or turns the sign of an estimate as uncertain as before (a note). Rows
    without a site are left out throughout and counted. Raises ``ValueError`` with fewer than two sites, and
    whatever ``estimate`` raises on all of them.
    """
    df = as_polars(df)
    complete = complete_rows(df, [site])
    table = complete.table
    if table[site].dtype == pl.Categorical:
        table = table.with_columns(pl.col(site).cast(pl.String))
    sites = table[site].unique().sort().to_list()
    if len(sites) < 2:
        raise ValueError(f"column '{site}' has one site only ({sites[0]}): there is nothing left without it")
    everything = estimate(table)
    rows: list[dict[str, object]] = []
    decisive: list[tuple[str, Effect]] = []
    for name in sites:
        rest = table.filter(pl.col(site) != name)
        row: dict[str, object] = {"site": str(name), "rows": table.height - rest.height}
        try:
            without = estimate(rest)
        except ValueError as reason:
            rows.append(row | {"problem": str(reason)})
            continue
        low, high = without.interval
        change = without.estimate - everything.estimate
        rows.append(
            row
            | {"estimate": without.estimate, "lower": low, "upper": high, "p": without.p, "change": change}
        )
        if _conclusion(without) != _conclusion(everything) or without.estimate * everything.estimate < 0:
            decisive.append((str(name), without))
    cautions = left_out(complete.excluded, df.height)
    if decisive:
        cautions = (*cautions, _decides(decisive, everything))
    stuck = [str(row["site"]) for row in rows if "problem" in row]
    if stuck:
        cautions = (*cautions, _indispensable(stuck))
    return LeaveOneOut(everything, pl.DataFrame(rows, schema=SCHEMA), cautions)


def _conclusion(effect: Effect) -> int:
    """1 and −1 for an interval above and below 0, 0 for one that holds it."""
    return int(effect.interval.low > 0) - int(effect.interval.high < 0)


def _decides(decisive: list[tuple[str, Effect]], everything: Effect) -> Caution:
    turned = [_conclusion(without) != _conclusion(everything) for _, without in decisive]
    crossed = [without.estimate * everything.estimate < 0 for _, without in decisive]
    both = any(one and other for one, other in zip(turned, crossed, strict=True))
    name, alone = max(decisive, key=lambda one: abs(one[1].estimate - everything.estimate))
    places = _listed([site for site, _ in decisive])
    return caution(
        "one-site-decides",
        "grave" if both else "doubt" if any(turned) else "note",
        f"Svaret skifter, når blot ét sted tages ud ({places}): fortegnet bliver et andet, eller sikkerheden "
        f"kommer eller forsvinder. Mest betyder {name}: uden det er virkningen {number(alone.estimate, 'da', 3)} i "
        f"stedet for {number(everything.estimate, 'da', 3)}.",
        f"The answer changes when a single site is left out ({places}): the sign turns, or certainty comes or "
        f"goes. {name} matters most: without it the effect is {number(alone.estimate, 'en', 3)} instead of "
        f"{number(everything.estimate, 'en', 3)}.",
    )


def _listed(sites: list[str]) -> str:
    return ", ".join(sites[:MOST_NAMED]) + (" …" if len(sites) > MOST_NAMED else "")


def _indispensable(sites: list[str]) -> Caution:
    places = _listed(sites)
    return caution(
        "site-cannot-be-left-out",
        "doubt",
        f"Uden {places} kan der ikke beregnes nogen virkning, så det kan ikke prøves, om stedet afgør den.",
        f"Without {places} no effect can be estimated, so whether that site decides it cannot be tried.",
    )
