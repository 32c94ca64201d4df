"""What a reader must know about a matching before believing the effect in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..cautions import Caution, caution

UNLIKE = 0.1
"""A standardised difference above this is usually taken as imbalance (Stuart 2010, Statistical Science)."""
FEW_OUTSIDE = 0.05
FEW_LOST = 0.05
MANY = 0.25


def poor_overlap(outside: int, treated: int) -> tuple[Caution, ...]:
    """Treated whose score is lower or higher than that of any control."""
    share = outside / treated
    if share <= FEW_OUTSIDE:
        return ()
    return (
        caution(
            "poor-overlap",
            "grave" if share > MANY else "doubt",
            f"{outside} af {treated} med indsats ({100 * share:.0f} %) har en score uden for kontrolgruppens; "
            "for dem findes ingen, der ligner. Sæt en caliper, eller vælg en anden kontrolgruppe.",
            f"{outside} of {treated} treated ({share:.0%}) have a score outside that of the controls; nobody "
            "like them is there to compare with. Set a caliper or choose other controls.",
        ),
    )


def treated_lost(lost: Mapping[str, int], treated: int) -> tuple[Caution, ...]:
    """Treated without a match: the effect is not about them."""
    count = sum(lost.values())
    if not count:
        return ()
    share = count / treated
    severity = "note" if share <= FEW_LOST else "grave" if share > 2 * MANY else "doubt"
    return (
        caution(
            "treated-lost",
            severity,
            f"{count} af {treated} med indsats ({100 * share:.0f} %) fik ingen match. Effekten gælder kun for resten; "
            "se, hvordan de udeladte adskiller sig.",
            f"{count} of {treated} treated ({share:.0%}) got no match. The effect is about the others only; see "
            "how those left out differ.",
        ),
    )


def remaining_imbalance(unlike: Sequence[tuple[str, float]]) -> tuple[Caution, ...]:
    """Characteristics, with their standardised differences, in which the matched groups still differ."""
    if not unlike:
        return ()
    worst = max(abs(smd) for _, smd in unlike)
    named = ", ".join(f"{name} ({smd:.2f})" for name, smd in unlike)
    named_da = ", ".join(f"{name} ({_comma(smd)})" for name, smd in unlike)
    return (
        caution(
            "imbalance",
            "grave" if worst > MANY else "doubt",
            f"De matchede grupper er stadig forskellige i {named_da}, målt i standardafvigelser. Juster for dem, "
            "sæt en caliper, eller match eksakt.",
            f"The matched groups still differ in {named}, in standard deviations. Adjust for them, set a caliper "
            "or match exactly.",
        ),
    )


def _comma(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")
