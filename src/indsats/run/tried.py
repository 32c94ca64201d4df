"""What is said of a sensitivity check and of a doubt: sentences chosen by the numbers, claiming no more than they."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from indsats.evaluate import Effect, TippingPoint
from indsats.programme import Text

LEVEL = 0.05
"""Where a p-value counts as small, in every reading here."""


def _t(da: str, en: str) -> Text:
    return Text(da=da, en=en)


CHECKS: Mapping[str, Text] = {
    "e-value": _t("E-værdi", "E-value"),
    "tipping-point": _t("Vippepunkt", "Tipping point"),
    "hidden-bias": _t("Skjult skævhed i par (Γ)", "Hidden bias in pairs (Γ)"),
    "leave-one-out": _t("Ét sted udeladt ad gangen", "One site left out at a time"),
    "negative-controls": _t("Udfald uden virkning", "Outcomes without an effect"),
    "placebo": _t("Placebo i tiden før", "Placebo in the time before"),
    "wild-bootstrap": _t("Bootstrap over klynger (p)", "Bootstrap over clusters (p)"),
    "randomisation": _t("Randomiseringstest over steder (p)", "Randomisation test over sites (p)"),
}

NOT_TRIED = _t("Kan ikke prøves i disse data.", "Cannot be tried in these data.")

SEVERITY: Mapping[Literal["note", "doubt", "grave"], Text] = {
    "note": _t("Godt at vide", "Good to know"),
    "doubt": _t("Læs med forbehold", "Read with care"),
    "grave": _t("Må ikke læses som en virkning", "Not to be read as an effect"),
}


def e_value(limit: float | None) -> Text:
    """An E-value, by the one of its interval."""
    if limit is None or limit <= 1:
        return _t(
            "Intervallet rummer allerede ingen virkning, så der skal ingen skjult årsag til.",
            "The interval already holds no effect, so no hidden cause is needed.",
        )
    return _t(
        "Så stærkt (som relativ risiko) skulle en skjult årsag hænge sammen med både indsats og udfald for at "
        "bortforklare virkningen; det laveste tal er for intervallet.",
        "So strongly (as a risk ratio) would a hidden cause have to go with both treatment and outcome to explain the "
        "effect away; the lower number is for the interval.",
    )


def tipping(point: TippingPoint, *, shares: bool) -> Text:
    """The product of imbalance and strength that takes the estimate to zero."""
    if point.product_limit <= 0:
        return _t(
            "Intervallet rummer allerede nul.",
            "The interval already holds zero.",
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
        "Så ulige må chancen for indsats være i et par, før testen ikke længere holder på 5 %.",
        "So unequal may the odds of treatment within a pair be before the test no longer holds at 5%.",
    )


def leave_one_out(*, decided: bool, turns: bool) -> Text:
    """Whether one site decides, or only turns the sign of an estimate that is uncertain anyway."""
    if decided:
        return _t("Ét sted afgør konklusionen.", "One site decides the conclusion.")
    if turns:
        return _t(
            "Fortegnet skifter, når ét sted tages ud, men estimatet er usikkert i forvejen.",
            "The sign turns when one site is taken out, but the estimate is uncertain already.",
        )
    return _t("Intet enkelt sted afgør konklusionen.", "No single site decides the conclusion.")


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
