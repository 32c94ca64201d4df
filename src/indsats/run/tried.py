"""What is said of a sensitivity check and of a doubt: sentences chosen by the numbers, claiming no more than they."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from indsats.evaluate import Effect, TippingPoint
from indsats.language import number
from indsats.programme import Text

LEVEL = 0.05
"""Where a p-value counts as small, in every reading here."""


def _t(da: str, en: str) -> Text:
    return Text(da=da, en=en)


CHECKS: Mapping[str, Text] = {
    "e-value": _t("E-værdi", "E-value"),
    "tipping-point": _t("Vippepunkt", "Tipping point"),
    "hidden-bias": _t("Skjult skævhed i par (Γ)", "Hidden bias in pairs (Γ)"),
    "leave-one-out": _t("Én udeladt ad gangen", "One left out at a time"),
    "negative-controls": _t("Kontroludfald", "Control outcomes"),
    "placebo": _t("Placebo i tiden før", "Placebo in the time before"),
    "wild-bootstrap": _t("Bootstrap over klynger (p)", "Bootstrap over clusters (p)"),
    "randomisation": _t("Randomiseringstest (p)", "Randomisation test (p)"),
}

NOT_TRIED = _t("Kan ikke prøves i disse data.", "Cannot be tried in these data.")

SEVERITY: Mapping[Literal["note", "doubt", "grave"], Text] = {
    "note": _t("Godt at vide", "Good to know"),
    "doubt": _t("Læs med forbehold", "Read with care"),
    "grave": _t("Må ikke læses som en virkning", "Not to be read as an effect"),
}


def e_value(limit: float | None) -> Text:
    """An E-value, with the one of its interval."""
    if limit is None or limit <= 1:
        return _t(
            "Intervallet rummer også, at der ingen virkning er, så der skal ingen skjult årsag til.",
            "The interval includes no effect at all, so no hidden cause is needed.",
        )
    return _t(
        "Så stærkt (som relativ risiko) skulle en skjult årsag hænge sammen med både indsats og udfald for at "
        f"bortforklare virkningen; for intervallets nærmeste ende er det {number(limit, 'da', 2)}.",
        "So strongly (as a risk ratio) would a hidden cause have to go with both treatment and outcome to explain the "
        f"effect away; for the nearest end of the interval it is {number(limit, 'en', 2)}.",
    )


def tipping(point: TippingPoint, *, shares: bool) -> Text:
    """The product of imbalance and strength that takes the estimate to zero."""
    if point.product_limit <= 0:
        return _t(
            "Intervallet rummer også nul, så der skal ingen skjult årsag til.",
            "The interval includes zero, so no hidden cause is needed.",
        )
    unit = _t("point", "points") if shares else _t("udfaldets enhed", "the unit of the outcome")
    return _t(
        "En skjult årsag vælter estimatet, når dens skævhed mellem grupperne gange dens styrke "
        f"(i {unit.da}) når tallet.",
        "A hidden cause overturns the estimate when its imbalance times its strength "
        f"(in {unit.en}) reaches the number.",
    )


def hidden_bias(gamma: float | None) -> Text:
    """How unequal chances within pairs may be."""
    if gamma is None:
        return _t(
            "Testen finder ingen forskel, heller ikke uden skjult skævhed.",
            "The test finds no difference, even without hidden bias.",
        )
    return _t(
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
        return _t(da + "Det afgør konklusionen.", en + "It decides the conclusion.")
    if turns:
        return _t(
            da + "Fortegnet kan skifte, men estimatet er usikkert i forvejen.",
            en + "The sign can turn, but the estimate is uncertain already.",
        )
    return _t(da + "Ingen enkelt afgør konklusionen.", en + "No single one decides the conclusion.")


def one_control(effect: Effect) -> Text:
    """What a single outcome without effect shows."""
    if effect.p < LEVEL:
        return _t(
            "Grupperne er forskellige på et udfald, indsatsen ikke kan have ændret: estimatet er nok skævt.",
            "The groups differ on an outcome the effort cannot have changed: the estimate is probably biased.",
        )
    return _t(
        "Ingen sikker forskel på et udfald, indsatsen ikke kan have ændret.",
        "No certain difference on an outcome the effort cannot have changed.",
    )


def calibrated(effect: Effect) -> Text:
    """An estimate with the bias of the control outcomes taken out."""
    holds = effect.interval.low <= 0 <= effect.interval.high
    return _t(
        "Estimatet, når skævheden i kontroludfaldene er trukket fra; intervallet rummer "
        + ("nul." if holds else "ikke nul."),
        "The estimate with the bias of the control outcomes taken out; the interval holds "
        + ("zero." if holds else "no zero."),
    )


def placebo(effect: Effect) -> Text:
    """What a start moved back finds."""
    if effect.p < LEVEL:
        return _t(
            "Der er en forskel allerede før indsatsen: udviklingen var ikke ens.",
            "There is a difference already before the effort: the trends were not alike.",
        )
    return _t("Ingen sikker forskel før indsatsen.", "No certain difference before the effort.")


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
        return _t(f"{da} statistisk sikker.", f"{en} statistically certain.")
    return _t(f"{da} ikke statistisk sikker.", f"{en} not statistically certain.")
