"""What is said of a sensitivity check and of a doubt: sentences chosen by the numbers, claiming no more than they."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from indsats.evaluate import LEVEL, Effect, TippingPoint
from indsats.language import number
from indsats.programme import Text

from .words import both

CHECKS: Mapping[str, Text] = {
    "e-value": both("E-værdi", "E-value"),
    "tipping-point": both("Vippepunkt", "Tipping point"),
    "hidden-bias": both("Skjult skævhed i par (Γ)", "Hidden bias in pairs (Γ)"),
    "leave-one-out": both("Én udeladt ad gangen", "One left out at a time"),
    "negative-controls": both("Kontroludfald", "Control outcomes"),
    "placebo": both("Placebo i tiden før", "Placebo in the time before"),
    "wild-bootstrap": both("Bootstrap over klynger (p)", "Bootstrap over clusters (p)"),
    "randomisation": both("Randomiseringstest (p)", "Randomisation test (p)"),
}

NOT_TRIED = both("Kan ikke prøves i disse data.", "Cannot be tried in these data.")

SEVERITY: Mapping[Literal["note", "doubt", "grave"], Text] = {
    "note": both("Godt at vide", "Good to know"),
    "doubt": both("Læs med forbehold", "Read with care"),
    "grave": both("Må ikke læses som en virkning", "Not to be read as an effect"),
}


def e_value(limit: float | None) -> Text:
    """An E-value, with the one of its interval."""
    if limit is None or limit <= 1:
        return both(
            "Intervallet rummer også, at der ingen virkning er, så der skal ingen skjult årsag til.",
            "The interval includes no effect at all, so no hidden cause is needed.",
        )
    return both(
        "Så stærkt (som relativ risiko) skulle en skjult årsag hænge sammen med både indsats og udfald for at "
        f"bortforklare virkningen; for intervallets nærmeste ende er det {number(limit, 'da', 2)}.",
        "So strongly (as a risk ratio) would a hidden cause have to go with both treatment and outcome to explain the "
        f"effect away; for the nearest end of the interval it is {number(limit, 'en', 2)}.",
    )


def tipping(point: TippingPoint, *, shares: bool) -> Text:
    """The product of imbalance and strength that takes the estimate to zero."""
    if point.product_limit <= 0:
        return both(
            "Intervallet rummer også nul, så der skal ingen skjult årsag til.",
            "The interval includes zero, so no hidden cause is needed.",
        )
    unit = both("point", "points") if shares else both("udfaldets enhed", "the unit of the outcome")
    return both(
        "En skjult årsag vælter estimatet, når dens skævhed mellem grupperne gange dens styrke "
        f"(i {unit.da}) når tallet.",
        "A hidden cause overturns the estimate when its imbalance times its strength "
        f"(in {unit.en}) reaches the number.",
    )


def hidden_bias(gamma: float | None) -> Text:
    """How unequal chances within pairs may be."""
    if gamma is None:
        return both(
            "Testen finder ingen forskel, heller ikke uden skjult skævhed.",
            "The test finds no difference, even without hidden bias.",
        )
    return both(
        "Så ulige må chancen for indsats være i et par, før den ensidige test ikke længere holder på 5 %.",
        "So unequal may the odds of treatment within a pair be before the one-sided test no longer holds at 5%.",
    )


def leave_one_out(site: str, *, decided: bool, turns: bool) -> Text:
    """What the estimate is without the one that matters most, and whether that one decides."""
    da, en = (
        f"Estimatet uden {site}, som betyder mest. ",
        f"The estimate without {site}, which matters most. ",
    )
    if decided:
        return both(da + "Det afgør konklusionen.", en + "It decides the conclusion.")
    if turns:
        return both(
            da + "Fortegnet kan skifte, men estimatet er usikkert i forvejen.",
            en + "The sign can turn, but the estimate is uncertain already.",
        )
    return both(da + "Ingen enkelt afgør konklusionen.", en + "No single one decides the conclusion.")


def one_control(effect: Effect) -> Text:
    """What a single outcome without effect shows."""
    if effect.p < LEVEL:
        return both(
            "Grupperne er forskellige på et udfald, indsatsen ikke kan have ændret: estimatet er nok skævt.",
            "The groups differ on an outcome the effort cannot have changed: the estimate is probably biased.",
        )
    return both(
        "Ingen sikker forskel på et udfald, indsatsen ikke kan have ændret.",
        "No certain difference on an outcome the effort cannot have changed.",
    )


def calibrated(effect: Effect) -> Text:
    """An estimate with the bias of the control outcomes taken out."""
    holds = effect.interval.low <= 0 <= effect.interval.high
    return both(
        "Estimatet, når skævheden i kontroludfaldene er trukket fra; intervallet rummer "
        + ("nul." if holds else "ikke nul."),
        "The estimate with the bias of the control outcomes taken out; the interval holds "
        + ("zero." if holds else "no zero."),
    )


def placebo(effect: Effect) -> Text:
    """What a start moved back finds."""
    if effect.p < LEVEL:
        return both(
            "Der er en forskel allerede før indsatsen: udviklingen var ikke ens.",
            "There is a difference already before the effort: the trends were not alike.",
        )
    return both("Ingen sikker forskel før indsatsen.", "No certain difference before the effort.")


def bootstrap(effect: Effect) -> Text:
    """A p-value that stands few clusters."""
    return _small(
        effect.p,
        "Med få klynger taget i regning er forskellen",
        "Allowing for few clusters the difference is",
    )


def randomisation(effect: Effect) -> Text:
    """A p-value among assignments."""
    return _small(
        effect.p,
        "Blandt alle måder at fordele indsatsen på er forskellen",
        "Among all the ways to give the effort the difference is",
    )


def _small(p: float, da: str, en: str) -> Text:
    if p < LEVEL:
        return both(f"{da} statistisk sikker.", f"{en} statistically certain.")
    return both(f"{da} ikke statistisk sikker.", f"{en} not statistically certain.")
