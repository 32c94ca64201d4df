"""What a reader must know about answers that no draw stands behind."""

from __future__ import annotations

from collections.abc import Sequence

from ..cautions import Caution, caution

FEW_SITES = 10
"""Below this many sites a comparison of sites says next to nothing of its own."""

EVENTS_PER_TERM = 10
"""Rule of thumb for logistic regression (Peduzzi et al. 1996, Journal of Clinical Epidemiology 49:1373–1379)."""


def association(what_da: str, what_en: str, covariates: Sequence[str]) -> Caution:
    """Nobody drew who got more: the difference may be due to who they are."""
    held = ", ".join(covariates)
    da = f" ud over {held}, som der er taget højde for" if covariates else ""
    en = f" beyond {held}, which are held constant" if covariates else ""
    return caution(
        "association",
        "doubt",
        f"Tallet er en sammenhæng og ikke i sig selv en effekt: {what_da} kan adskille sig fra andre{da}.",
        f"The number is an association and not by itself an effect: {what_en} may differ from others{en}.",
    )


def ecological(sites: int) -> Caution:
    """The dose belongs to the site: sites are compared, not people."""
    few = sites < FEW_SITES
    few_da = " Med så få steder kan et enkelt sted afgøre resultatet." if few else ""
    few_en = " With so few sites a single one can decide the result." if few else ""
    return caution(
        "ecological",
        "grave" if few else "doubt",
        f"Dosis er den samme for alle på et sted, så det er {sites} steder, der sammenlignes, og ikke borgere. Alt "
        f"andet, der skiller stederne ad, kan ligge bag.{few_da}",
        f"The dose is the same for everybody at a site, so {sites} sites are compared and not people. Anything else "
        f"that sets the sites apart may lie behind.{few_en}",
    )


def few_events(events: int, terms: int) -> Caution:
    """A logistic regression with few events is unstable."""
    return caution(
        "few-events",
        "doubt",
        f"Modellen bruger {terms} led, men kun {events} personer har det sjældneste udfald. Med færre end "
        f"{EVENTS_PER_TERM} pr. led er tallene usikre.",
        f"The model uses {terms} terms, but only {events} people have the rarer outcome. With fewer than "
        f"{EVENTS_PER_TERM} per term the numbers are unstable.",
    )


def exploratory(tests: int) -> Caution:
    """Subgroups are a place where chance finds something."""
    return caution(
        "exploratory-subgroups",
        "note",
        f"Der er sammenlignet i {tests} undergrupper. Er de ikke valgt på forhånd, er fundene kun til at danne "
        "hypoteser; se på testen af forskel mellem undergrupper og på p-værdien justeret for antallet.",
        f"Effects are compared in {tests} subgroups. Unless these were chosen beforehand, findings only suggest "
        "hypotheses; look at the test of difference between subgroups and at the p-value adjusted for their number.",
    )


def subgroups_left_out(levels: Sequence[str]) -> Caution:
    """Some subgroups are too small to estimate anything in."""
    listed = ", ".join(levels)
    return caution(
        "subgroup-too-small",
        "note",
        f"Ingen effekt er beregnet for {listed}: der er færre end to i en af grupperne, eller udfaldet varierer "
        "ikke.",
        f"No effect is estimated for {listed}: a group has fewer than two, or the outcome does not vary.",
    )


def quadrants_short(short: Sequence[str], wanted: int) -> Caution:
    """Fewer people than wanted could be chosen in some quadrants."""
    danish = {
        "expected success": "forventet succes",
        "unexpected success": "uventet succes",
        "expected failure": "forventet manglende succes",
        "unexpected failure": "uventet manglende succes",
    }
    return caution(
        "too-few-to-choose",
        "note",
        f"Der er færre end {wanted} at vælge imellem i: {', '.join(danish[name] for name in short)}. Alle dér er "
        "valgt.",
        f"There are fewer than {wanted} to choose from in: {', '.join(short)}. Everybody there is chosen.",
    )
