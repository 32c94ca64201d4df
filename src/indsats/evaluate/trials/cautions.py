"""What a reader of a trial or of a plain test must know."""

from __future__ import annotations

from ..cautions import Caution, caution

WEAK = 10.0
"""Below this F of the first stage the ratio is unstable (Staiger & Stock 1997, Econometrica 65:557–586)."""


def weak_instrument(statistic: float) -> Caution:
    """Being drawn changes little in who receives the treatment."""
    return caution(
        "weak-instrument",
        "grave" if statistic < WEAK / 2 else "doubt",
        f"Lodtrækningen har kun lidt betydning for, hvem der fik indsatsen (F = {statistic:.1f}, mindst "
        f"{WEAK:.0f} er ønskeligt). Effekten for dem, der følger lodtrækningen, er derfor meget usikker; brug "
        "intervallet efter Anderson og Rubin eller effekten af at være udtrukket.",
        f"Being drawn matters little for who received the treatment (F = {statistic:.1f}, at least {WEAK:.0f} is "
        "desirable). The effect among those who follow the draw is therefore very uncertain; use the interval "
        "after Anderson and Rubin, or the effect of being drawn.",
    )


def stratum_without_comparison(strata: int, rows: int) -> Caution:
    """Strata in which only one of the groups is left give no comparison."""
    return caution(
        "stratum-without-comparison",
        "doubt",
        f"{strata} strata med {rows} rækker har kun den ene gruppe tilbage og er udeladt. Resultatet gælder de "
        "øvrige strata.",
        f"{strata} strata with {rows} rows have only one of the groups left and are left out. The result is about "
        "the other strata.",
    )


def few_for_balance(rows: int, tested: int) -> Caution:
    """The joint test of balance approximates badly with few rows for many characteristics."""
    return caution(
        "few-rows",
        "doubt",
        f"Den samlede test bruger {tested} kendetegn på {rows} personer. Med så få er dens p-værdi kun omtrentlig.",
        f"The joint test uses {tested} characteristics on {rows} people. With so few its p-value is only "
        "approximate.",
    )


def nobody_moved() -> Caution:
    """Everybody measured twice is in the same class both times."""
    return caution(
        "nobody-moved",
        "note",
        "Ingen har skiftet klasse, så der er ingen bevægelse at teste.",
        "Nobody has changed class, so there is no movement to test.",
    )


def outside_classes(outside: int, total: int) -> Caution:
    """Some left the classes that exist at both times; tests of movement are about those who stayed."""
    return caution(
        "outside-classes",
        "note",
        f"{outside} af {total} står før eller efter i en klasse, som kun findes på det ene tidspunkt (fx job). De er "
        "med i tabellen, men ikke i testene af bevægelse mellem klasserne.",
        f"{outside} of {total} are before or after in a class that exists at only one of the two times (such as "
        "job). They are in the table but not in the tests of movement between the classes.",
    )


def few_movers(movers: int) -> Caution:
    """Tests of movement are approximate when few move."""
    return caution(
        "few-movers",
        "doubt",
        f"Kun {movers} har skiftet klasse. Testene af bevægelse er da kun omtrentlige.",
        f"Only {movers} have changed class. The tests of movement are then only approximate.",
    )
