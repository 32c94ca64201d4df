"""What weighting and doubly robust estimates say about themselves that a reader must know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indsats.language import LANGUAGES, number, percent

from ..cautions import Caution, Severity, caution
from ..inputs import Flags, Floats
from ..matching import effective_size
from ..results import Estimand

EDGE = 0.02
"""A chance of treatment below this or above one minus this leaves hardly anybody to compare with."""
FEW = 20
"""In groups smaller than this, errors that rest on residuals (HC0) are a tenth too small or more."""
RARE = 0.01
"""Share of rows without comparable others above which it is worth saying; the ends always have a few."""


def overlap(score: Floats, treated: Flags, estimand: Estimand) -> tuple[Caution, ...]:
    """A share of those the effect is meant for have hardly any counterpart.

    Counted are rows whose chance of treatment lies outside the range of the other group's, or so near 1
    (treated) or 0 (controls) that the other group is next to absent there.
    """
    low, high = score[~treated].min(), score[~treated].max()
    treated_alone = treated & ((score < low) | (score > high) | (score > 1 - EDGE))
    low, high = score[treated].min(), score[treated].max()
    control_alone = ~treated & ((score < low) | (score > high) | (score < EDGE))
    meant = {"ATT": treated, "ATC": ~treated}.get(estimand, np.ones(len(score), dtype=bool))
    share = float(((treated_alone | control_alone) & meant).sum() / meant.sum())
    if share < RARE or estimand == "ATO":
        return ()
    severity: Severity = "note" if share < 0.05 else "doubt" if share < 0.25 else "grave"
    who_da, who_en = {
        "ATT": ("dem med indsats", "the treated"),
        "ATC": ("dem uden indsats", "the controls"),
    }.get(estimand, ("alle", "all"))
    return (
        caution(
            "poor-overlap",
            severity,
            f"{percent(share, 'da', 0)} af {who_da} har ingen eller næsten ingen i den anden gruppe, der ligner dem. "
            "For dem bygger effekten på modellen og ikke på en sammenligning.",
            f"{percent(share, 'en', 0)} of {who_en} have nobody, or hardly anybody, like them in the other group. "
            "For them the effect rests on the model and not on a comparison.",
        ),
    )


def extreme_weights(weights: Floats, treated: Flags) -> tuple[Caution, ...]:
    """A few rows carry a group: its effective size is under half its rows, or one row has over a tenth."""
    cautions = []
    for group, da, en in ((treated, "med indsats", "treated"), (~treated, "uden indsats", "controls")):
        w = weights[group]
        effective, largest = effective_size(w), float(w.max() / w.sum())
        even = 1 / len(w)
        if effective >= len(w) / 2 and largest <= max(0.1, 2 * even):
            continue
        cautions.append(
            caution(
                "extreme-weights",
                "doubt",
                f"Vægtene er skæve: de {number(len(w), 'da')} {da} tæller som {number(effective, 'da')}, og en enkelt "
                f"person bærer {percent(largest, 'da', 0)} af gruppens vægt.",
                f"The weights are uneven: the {number(len(w), 'en')} {en} count as {number(effective, 'en')}, and a "
                f"single person carries {percent(largest, 'en', 0)} of the group's weight.",
            )
        )
    return tuple(cautions)


def few_rows(treated: int, controls: int) -> tuple[Caution, ...]:
    """A group so small that errors from its residuals are too small; no caution when neither is."""
    if min(treated, controls) >= FEW:
        return ()
    few, da, en = min((treated, "med", "treated"), (controls, "uden", "controls"))
    return (
        caution(
            "few-rows",
            "doubt",
            f"Der er kun {few} {da} indsats. Med så få bliver intervaller let for smalle.",
            f"There are only {few} {en}. With so few, intervals easily become too narrow.",
        ),
    )


def imbalance(unlike: Sequence[tuple[str, float]]) -> tuple[Caution, ...]:
    """Characteristics, with their standardised differences, in which the weighted groups still differ."""
    if not unlike:
        return ()
    da, en = ("; ".join(f"{name} {number(smd, lang, 2)}" for name, smd in unlike) for lang in LANGUAGES)
    return (
        caution(
            "imbalance",
            "grave" if max(abs(smd) for _, smd in unlike) > 0.25 else "doubt",
            f"De vægtede grupper er stadig forskellige, i standardafvigelser: {da}. Juster for dem, eller vælg "
            "entropivægte.",
            f"The weighted groups still differ, in standard deviations: {en}. Adjust for them or choose entropy "
            "balancing.",
        ),
    )


def trimmed(treated: int, controls: int, total: int, reach: tuple[float, float]) -> tuple[Caution, ...]:
    """Rows of ``total`` with a chance of treatment outside ``reach`` were left out; no caution when none were."""
    if not treated + controls:
        return ()
    low, high = (f"{edge:g}" for edge in reach)
    comma = f"{low} til {high}".replace(".", ",")
    return (
        caution(
            "trimmed",
            "note" if treated + controls < 0.05 * total else "doubt",
            f"{number(treated, 'da')} med og {number(controls, 'da')} uden indsats er udeladt, fordi deres beregnede "
            f"sandsynlighed for indsats er uden for {comma}. Effekten gælder dem, der er tilbage.",
            f"{number(treated, 'en')} treated and {number(controls, 'en')} controls are left out because their "
            f"estimated chance of treatment is outside {low} to {high}. The effect is that in those who remain.",
        ),
    )


def same_outcome(*, treated: bool, everybody: bool) -> Caution:
    """In one group nobody or everybody has the outcome: its model predicts the same for all."""
    group_da, group_en = ("med", "the treated") if treated else ("uden", "the controls")
    who_da, who_en = ("Alle", "All") if everybody else ("Ingen", "None")
    return caution(
        "same-outcome-in-group",
        "doubt",
        f"{who_da} {group_da} indsats har udfaldet. Gruppen kan ikke justeres, og usikkerheden er for lille.",
        f"{who_en} of {group_en} have the outcome. That group cannot be adjusted, and the uncertainty is too small.",
    )
