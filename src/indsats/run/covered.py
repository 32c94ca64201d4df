"""The report of how often intervals hold the truth in simulated worlds."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from indsats.figure import Figure
from indsats.report import Cell, Column, Document, Paragraph, Section, Table
from indsats.simulate import BAND, REFUSALS

from .words import both

NAMES = {
    "cox, split": "Cox, delt",
    "cox, split, clustered": "Cox, delt, klynget",
    "cox": "Cox",
    "restricted mean": "Middelventetid",
    "pairs by propensity, adjusted": "Par på tilbøjelighed, justeret",
    "twins by prognosis, adjusted": "Tvillinger på prognose, justeret",
    "Mahalanobis pairs, adjusted": "Par på kendetegn (Mahalanobis), justeret",
    "inverse probability, treated": "Invers sandsynlighed, deltagere",
    "inverse probability, all": "Invers sandsynlighed, alle",
    "entropy balancing": "Entropibalance",
    "overlap weights": "Overlapvægte",
    "regression": "Regression",
    "standardisation": "Standardisering",
    "doubly robust, all": "Dobbelt robust, alle",
    "doubly robust, treated": "Dobbelt robust, deltagere",
    "did, clustered": "Forskel i forskelle, klynget",
    "did, 208 weeks absorbed": "Forskel i forskelle, 208 uger absorberet",
    "did, wild bootstrap": "Forskel i forskelle, bootstrap over klynger",
    "group-time effects": "Forskudt start, gruppe gange tid",
    "intention to treat, strata": "Som trukket, i lag",
    "intention to treat, adjusted": "Som trukket, justeret",
    "intention to treat, clusters": "Som trukket, steder",
    "compliers' effect": "Virkning for dem, der følger lodtrækningen",
    "difference in shares": "Forskel i andele",
}
WORLDS = {
    "rate 1.0 in weeks 1-8 and 1.68 after": "rate 1,0 i uge 1-8 og 1,68 derefter",
    "no effect": "ingen virkning",
    "rate 1.0 in weeks 1-8 and 1.68 after, 100 sites alike within": (
        "rate 1,0 i uge 1-8 og 1,68 derefter, 100 steder med ensartede borgere"
    ),
    "no effect, 100 sites alike within": "ingen virkning, 100 steder med ensartede borgere",
    "proportional, rate 1.4": "proportional, rate 1,4",
    "confounded": "skæv udvælgelse",
    "confounded, no effect": "skæv udvælgelse, ingen virkning",
    "confounded, effect rising with age": "skæv udvælgelse, virkning der stiger med alderen",
    "60 sites, 30 treated": "60 steder, 30 med indsats",
    "60 sites, no effect": "60 steder, ingen virkning",
    "12 sites, 5 treated": "12 steder, 5 med indsats",
    "12 sites, no effect": "12 steder, ingen virkning",
    "staggered starts": "forskudt start",
    "staggered, no effect": "forskudt start, ingen virkning",
    "drawn within strata": "trukket i lag",
    "drawn, no effect": "trukket i lag, ingen virkning",
    "drawn within strata, 60 % take up": "trukket i lag, 60 % tager imod",
    "drawn, no effect, 60 % take up": "trukket, ingen virkning, 60 % tager imod",
    "60 sites drawn": "60 steder trukket",
    "60 sites drawn, no effect": "60 steder trukket, ingen virkning",
    "shares 0.20 and 0.28": "andele 0,20 og 0,28",
    "shares alike": "ens andele",
}


def coverage_document(found: pl.DataFrame, runs: int, seed: int) -> Document:
    """A report of the table that ``simulate.coverage`` made: what was tried, in which world, and what it held."""
    within, claims = found.filter("within").height, found.height
    low, high, few = (f"{100 * share:.0f}" for share in (*BAND, REFUSALS))
    table = Table(
        "coverage",
        both("Dækning af 95 %-intervaller", "Coverage of 95% intervals"),
        (
            Column("estimator", both("Estimator", "Estimator")),
            Column("world", both("Verden", "World")),
            Column("part", both("Led", "Part")),
            Column("truth", both("Sandhed", "Truth"), "number", 3),
            Column("bias", both("Skævhed", "Bias"), "number", 3),
            Column("sd", both("Spredning", "Standard deviation"), "number", 3),
            Column("se", both("Gennemsnitlig standardfejl", "Mean standard error"), "number", 3),
            Column("coverage", both("Dækning", "Coverage"), "number", 3),
            Column("failed", both("Afviste gennemløb", "Refused runs"), "number", 0),
            Column("within", both("Vurdering", "Verdict")),
        ),
        tuple(_rows(found)),
        (
            both(
                f"Dækning mellem {low} og {high} % regnes for rigtig, når estimatoren afviser højst {few} % af "
                "gennemløbene. Parentesen er dækningens eget 95 %-interval ved så mange gennemløb. Afviste gennemløb "
                "er ikke med i de andre tal.",
                f"Coverage between {low} and {high}% is taken to be right where the estimator refuses at most {few}% "
                "of the runs. In brackets the coverage's own 95% interval with so many runs. Refused runs are not in "
                "the other numbers.",
            ),
        ),
    )
    said = Paragraph(
        both(
            f"{within} af {claims} intervaller dækker, som de siger, over {runs} uafhængige gennemløb (frø {seed}). "
            "Verdenerne er simulerede, så sandheden er kendt.",
            f"{within} of {claims} intervals cover as they say, over {runs} independent runs (seed {seed}). The worlds "
            "are simulated, so the truth is known.",
        )
    )
    return Document(
        title=both("Holder intervallerne, hvad de siger?", "Do the intervals hold what they say?"),
        programme="coverage",
        version=1,
        period=None,
        sections=(
            Section(both("Estimatorer mod kendt sandhed", "Estimators against a known truth"), (said, table)),
        ),
        threshold=0,
        synthetic=True,
    )


def _rows(found: pl.DataFrame) -> Iterator[tuple[Cell, ...]]:
    for row in found.iter_rows(named=True):
        stem = f"coverage/{row['estimator']}/{row['world']}/{row['part']}"
        held = Figure(
            stem, row["coverage"], "number", low=row["lower"], high=row["upper"], method=f"{row['runs']} runs"
        )
        verdict = both("holder", "holds") if row["within"] else both("holder ikke", "does not hold")
        yield (
            both(NAMES[row["estimator"]], row["estimator"]),
            both(WORLDS[row["world"]], row["world"]),
            row["part"],
            row["truth"],
            row["bias"],
            row["sd"],
            row["mean_se"],
            held,
            row["failed"],
            verdict,
        )
