"""What a reader must know before believing a hazard ratio."""

from __future__ import annotations

from collections.abc import Sequence

from ..cautions import Caution, caution

FEW_EVENTS = 10
"""Below this many events per coefficient, hazard ratios and their intervals are unreliable (Peduzzi et al.
1995, Journal of Clinical Epidemiology 48)."""


def few_events(events: int, terms: int) -> Caution:
    """There are few events for the number of coefficients."""
    return caution(
        "few-events",
        "doubt",
        f"Der er {events} hændelser til {terms} led i modellen. Med færre end {FEW_EVENTS} pr. led er tallene "
        "upålidelige; brug færre led.",
        f"There are {events} events for {terms} terms in the model. With fewer than {FEW_EVENTS} per term the "
        "numbers are unreliable; use fewer terms.",
    )


def no_finite_estimate(names: Sequence[str]) -> Caution:
    """The likelihood goes on rising as coefficients go to infinity."""
    listed = ", ".join(names)
    return caution(
        "no-finite-estimate",
        "grave",
        f"Modellen har intet endeligt svar for {listed}: hændelserne falder altid på samme side af leddet (eller "
        "af flere led tilsammen). Brug ikke tallet; udelad leddet, eller slå grupper sammen.",
        f"The model has no finite answer for {listed}: events always fall on the same side of the term (or of "
        "several terms together). Do not use the number; leave the term out or merge groups.",
    )


def not_settled() -> Caution:
    """The search stopped before the top without any single coefficient running off."""
    return caution(
        "no-finite-estimate",
        "grave",
        "Beregningen fandt ikke modellens bedste svar. Brug ikke tallene; prøv med færre led.",
        "The calculation did not find the model's best answer. Do not use the numbers; try fewer terms.",
    )
