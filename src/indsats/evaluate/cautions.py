"""What a reader must know before believing an estimate: one catalogue, so that one doubt has one wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from indsats.programme import Text

Severity = Literal["note", "doubt", "grave"]
"""``note``: good to know. ``doubt``: read the estimate with care. ``grave``: do not use it as an effect."""


@dataclass(frozen=True, slots=True)
class Caution:
    """One doubt about one estimate: ``code`` for machines, ``text`` for readers in both languages."""

    code: str
    severity: Severity
    text: Text


def caution(code: str, severity: Severity, da: str, en: str) -> Caution:
    """A caution from its two wordings."""
    return Caution(code, severity, Text(da=da, en=en))


FEW_CLUSTERS = 50
"""Below this many clusters the cluster-robust error is too small more often than it should be."""


def few_clusters(clusters: int, treated: int | None = None) -> Caution:
    """The error rests on few clusters, or few of them are treated."""
    of_them_da = "" if treated is None else f", heraf {treated} med indsats"
    of_them_en = "" if treated is None else f", {treated} of them treated"
    return caution(
        "few-clusters",
        "doubt",
        f"Usikkerheden bygger på {clusters} klynger{of_them_da}. Med så få bliver intervaller let for smalle; "
        "se også bootstrap og randomiseringstest over steder.",
        f"The uncertainty rests on {clusters} clusters{of_them_en}. With so few, intervals easily become too "
        "narrow; see also the bootstrap and the randomisation test over sites.",
    )


def left_out(excluded: Mapping[str, int], total: int) -> tuple[Caution, ...]:
    """Rows of ``total`` were left out for want of a value; no caution when none were."""
    count = sum(excluded.values())
    if not count:
        return ()
    share = count / total
    reasons = ", ".join(f"{reason.removeprefix('missing ')}: {number}" for reason, number in excluded.items())
    return (
        caution(
            "missing-values",
            "note" if share < 0.05 else "doubt",
            f"{count} af {total} rækker er udeladt, fordi de mangler en værdi ({reasons}).",
            f"{count} of {total} rows are left out for want of a value ({reasons}).",
        ),
    )


def no_variation(who: Literal["nobody", "everybody"]) -> Caution:
    """Nobody or everybody in both groups has the outcome."""
    da = "Ingen" if who == "nobody" else "Alle"
    en = "Nobody" if who == "nobody" else "Everybody"
    return caution(
        "no-variation",
        "doubt",
        f"{da} i de to grupper har udfaldet, så der er intet at teste.",
        f"{en} in either group has the outcome, so there is nothing to test.",
    )


def no_discordant_pairs() -> Caution:
    """The two of every pair have the same outcome."""
    return caution(
        "no-discordant-pairs",
        "doubt",
        "De to i hvert par har samme udfald, så der er intet at teste.",
        "The two of every pair have the same outcome, so there is nothing to test.",
    )


def controls_reused(different: int, pairs: int) -> Caution:
    """The same controls serve in several pairs."""
    return caution(
        "controls-reused",
        "note",
        f"{different} forskellige kontroller indgår i {pairs} par; usikkerheden tager højde for genbruget.",
        f"{different} different controls serve in {pairs} pairs; the uncertainty allows for the reuse.",
    )
