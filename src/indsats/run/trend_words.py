"""What trends say, in Danish and English."""

from __future__ import annotations

from indsats.programme import Text
from indsats.steer import Signals

from .words import both

WIDENED = both(
    "Grænserne er gjort bredere, fordi månederne gennemgående svinger mere, end antallene kan forklare.",
    "The limits are widened, because months vary more throughout than their numbers explain.",
)
VERDICT = both("Hvad månederne siger", "What the months say")
MONTH = both("Måned", "Month")
CENTRE = both("Midterlinje", "Centre line")
LOW = both("Nedre grænse", "Lower limit")
HIGH = both("Øvre grænse", "Upper limit")
SIGNAL = both("Tegn", "Sign")
OUTSIDE = both("uden for grænserne", "outside the limits")
OUTSIDE_MONTHS = both("Måneder uden for grænserne", "Months outside the limits")
LONGEST_RUN = both("Flest måneder i træk på samme side", "Most months in a row on one side")
CROSSINGS = both("Gange linjen krydses", "Times the line is crossed")
CARRIES_OVER = both(
    "Bedømmes ikke: månederne består for en stor del af de samme personer, så et niveau bliver stående af sig selv.",
    "Not judged: the months hold largely the same persons, so a level stays by itself.",
)
GROWING = both(
    "Bedømmes ikke: de nyeste måneders forløb har haft kortest tid til at nå det.",
    "Not judged: the enrolments of the newest months have had the least time to get there.",
)


def verdict(told: Signals, baseline: int | None) -> Text:
    """What a coordinator is to take from the months, in a sentence."""
    match told.verdict:
        case "shift":
            return _shift(told, baseline)
        case "outlier":
            return _outlier(told.outside)
        case "noise":
            return both(
                "Kun tilfældige udsving: intet tyder på, at niveauet har ændret sig.",
                "Chance variation only: nothing suggests that the level has changed.",
            )
        case "too_few":
            return _too_few(told)


def of_most(seen: int | None, most: int | None) -> Text:
    return both(
        f"{seen} (tilfældet giver sjældent over {most})", f"{seen} (chance rarely gives more than {most})"
    )


def of_least(seen: int | None, least: int | None) -> Text:
    return both(
        f"{seen} (tilfældet giver sjældent under {least})", f"{seen} (chance rarely gives fewer than {least})"
    )


def how_judged(baseline: int | None) -> Text:
    """How months are judged, and which of them set the line."""
    line = both("Midterlinjen er alle månederne tilsammen", "The centre line is all months together")
    if baseline:
        line = both(
            f"Midterlinjen er de første {baseline} måneder tilsammen",
            f"The centre line is the first {baseline} months together",
        )
    return both(
        f"{line.da} (for gennemsnit: månedernes gennemsnit). En enkelt måned afviger, når den ligger uden for "
        "grænserne. Niveauet har flyttet sig, når for mange måneder i træk ligger på samme side af linjen, eller den "
        "krydses for sjældent. Måneder med så små tal, at de kan være skjult, bedømmes ikke hver for sig.",
        f"{line.en} (for means: the mean of the months). A single month deviates when it lies outside the limits. The "
        "level has shifted when too many months in a row lie on one side of the line, or it is crossed too rarely. "
        "Months with numbers so small that they may be hidden are not judged one by one.",
    )


def alt(title: Text, months: int, told: Text | None, *, judged: bool) -> Text:
    """What the drawing shows; ``told`` is the verdict, left out where it might tell of few."""
    da = f"{title.da}, {months} måneder: et punkt for hver måned, midterlinjen og stiplede grænser for det tilfældige."
    en = f"{title.en}, {months} months: a point for each month, the centre line and dashed limits of chance."
    if not judged:
        da = f"{title.da}, {months} måneder: et punkt for hver måned."
        en = f"{title.en}, {months} months: a point for each month."
    if told is None:
        return both(
            f"{da} Tabellen siger, hvad månederne viser.", f"{en} The table says what the months show."
        )
    return both(f"{da} {told.da}", f"{en} {told.en}")


def _shift(told: Signals, baseline: int | None) -> Text:
    since_da, since_en = (" siden de første måneder", " since the first months") if baseline else ("", "")
    if told.direction is None:
        return both(
            "Mere end tilfældige udsving: niveauet bølger op og ned over flere måneder ad gangen.",
            "More than chance: the level swings up and down over several months at a time.",
        )
    da, en = ("højere", "higher") if told.direction == "up" else ("lavere", "lower")
    return both(
        f"Tegn på et skift: niveauet ser ud til at være blevet {da}{since_da}. Så meget sker sjældent ved et tilfælde.",
        f"Signs of a shift: the level seems to have become {en}{since_en}. So much is rarely chance.",
    )


def _outlier(outside: int) -> Text:
    if outside == 1:
        return both(
            "En enkelt måned afviger; ellers er udsvingene tilfældige.",
            "A single month deviates; otherwise the variation is chance.",
        )
    return both(
        f"{outside} enkelte måneder afviger; ellers er udsvingene tilfældige.",
        f"{outside} single months deviate; otherwise the variation is chance.",
    )


def _too_few(told: Signals) -> Text:
    if told.needed:
        one = told.needed == 1
        return both(
            f"For få måneder til at sige noget: der mangler mindst {told.needed} {'måned' if one else 'måneder'} med "
            "tal.",
            f"Too few months to say: at least {told.needed} more {'month' if one else 'months'} with a number "
            f"{'is' if one else 'are'} needed.",
        )
    return both(
        "Kan ikke bedømmes måned for måned: de fleste måneder er ens, som når noget sker sjældent.",
        "Cannot be judged month by month: most months are alike, as when something happens rarely.",
    )
