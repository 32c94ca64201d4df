"""What the blocks of prices, costs and a citizen's own gain say."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.economy import PAYER_WORDS
from indsats.language import LANGUAGES, number, percent
from indsats.programme import Payer, Text

from .words import both

PRICE = both("Pris", "Price")
AMOUNT = both("Beløb, kr.", "Amount, DKK")
RANGE = both("Spænd", "Range")
PER = both("Pr.", "Per")
PRICE_YEAR = both("Prisår", "Price year")
PAID_BY = both("Betales af", "Paid by")
SOURCE = both("Kilde", "Source")
LADDER = both("Kommune og stat (trappen)", "Municipality and state (ladder)")
TO_BE_GIVEN = both("Skal oplyses af brugeren", "To be given by the user")
ACTIVITY = both("Aktivitet", "Activity")
PHASE = both("Fase", "Phase")
START_UP = both("Opstart", "Start-up")
RUNNING = both("Drift", "Running")
DOSE = both("Omfang pr. deltager", "Dose per participant")
UNIT_PRICE = both("Pris pr. enhed, kr.", "Unit price, DKK")
COST = both("Udgift pr. deltager, kr.", "Cost per participant, DKK")
USUAL = both("Ellers, kr.", "Otherwise, DKK")
EXTRA = both("Ekstra, kr.", "Extra, DKK")
TOTAL = both("I alt", "Total")
PLACE = both("Sted", "Place")
MONTH = both("Måned", "Month")
MONTHS = both("Måneder i forløb", "Months enrolled")
A_MONTH = both("Pr. måned i forløb, kr.", "Per month enrolled, DKK")
SPENT = both("I alt, kr.", "Total, DKK")
START_UP_SPENT = both("Opstart, kr.", "Start-up, DKK")
RUNNING_SPENT = both("Drift, kr.", "Running, DKK")
NOWHERE = both("Uden sted", "No place")
HOURS = both("Timer om ugen", "Hours a week")
PAY = both("Løn", "Pay")
CONTRIBUTION = both("AM-bidrag", "Labour-market contribution")
BENEFIT_LESS = both("Mindre ydelse", "Less benefit")
MORE_TAX = both("Mere skat", "More tax")
LEFT = both("Tilbage", "Left")
KEPT = both("Andel, der beholdes", "Share kept")
PAID_BY_EMPLOYERS = both("Arbejdsgivere, til borgeren", "Employers, to the citizen")
NO_TIME = both(
    "Borgerens gevinst kan ikke regnes ud: ydelsen og lønnen skal have en pris for en tid.",
    "The citizen's gain cannot be computed: the benefit and the pay need a price for a time.",
)
NOTHING_EXEMPT = both(
    "Der er ikke fundet en regel om fradrag for arbejdsindtægt, så ydelsen er sat ned krone for krone.",
    "No rule on exempt earnings was found, so the benefit is cut krone for krone.",
)
COSTS_NOTE = both(
    "Udgiften er registreret omfang gange pris, ikke tilbagediskonteret. Pr. deltager er den lagt sammen måned "
    "for måned "
    "siden start, hver måned for dem, der er fulgt den til ende; åbne forløb får den derfor ikke til at se lille ud. "
    "Registreringer uden forløb og timer uden antal tæller ikke. »Ellers« er, hvad en deltager ville have kostet uden "
    "indsatsen, for så vidt forløbene er slut.",
    "The cost is the recorded dose times the price, not discounted. Per participant it is added up month by "
    "month since "
    "the start, each month for those followed to its end; open cases therefore do not make it look small. "
    "Registrations "
    "without an enrolment and hours without a number do not count. “Otherwise” is what a participant would have cost "
    "without the effort, as far as courses are over.",
)
ACCOUNTS_NOTE = both(
    "Hvad der er brugt i perioden, efter hvor det blev brugt. Faste udgifter er fordelt efter dage i forløb; en "
    "engangsudgift over alle dage til nu, så en periodes del af den falder, når flere kommer til.",
    "What was spent in the period, by where it was spent. Fixed costs are shared out by days enrolled; what is "
    "spent once "
    "over all days so far, so a period's part of it falls as more people come.",
)
OWN_GAIN_NOTE = both(
    "Beregnet på et helt år med de timer hver uge. Boligstøtte, friplads, transport og ægtefælles ydelse er ikke "
    "med, og "
    "heller ikke kirkeskat. Tallene er et eksempel og ingen afgørelse.",
    "Computed on a whole year with those hours every week. Housing support, day care, transport and a spouse's "
    "benefit "
    "are left out, and so is church tax. The numbers are an example and no decision.",
)


def price_level(year: int) -> Text:
    """The price level of a list of prices."""
    return both(f"Beløb i {year}-priser.", f"Amounts at {year} prices.")


def between(low: float, high: float) -> Text:
    """The smallest and the largest a price may be."""
    ends = a_price(low), a_price(high)
    return both("–".join(end.da for end in ends), "–".join(end.en for end in ends))


def a_price(amount: float) -> Text:
    """A price as it stands among others: with øre where it has any, below a thousand kroner."""
    decimals = 0 if amount >= 1000 or float(amount).is_integer() else 2
    return both(number(amount, "da", decimals), number(amount, "en", decimals))


def shared(shares: Mapping[Payer, float]) -> Text:
    """Who pays, with how much where there are several."""
    if len(shares) == 1:
        return PAYER_WORDS[next(iter(shares))]
    parts = {
        lang: ", ".join(
            f"{PAYER_WORDS[payer].in_(lang)} {percent(share, lang, 0)}" for payer, share in shares.items()
        )
        for lang in LANGUAGES
    }
    return both(parts["da"], parts["en"])


def own_gain_basis(benefit: float, wage: float, year: int) -> Text:
    """The benefit and the pay that a citizen's own gain is told for."""
    return both(
        f"Ydelse {number(benefit, 'da')} kr. om måneden og timeløn {number(wage, 'da', 2)} kr.; beløb i kr. om "
        f"måneden, {year}-priser og -regler.",
        f"Benefit DKK {number(benefit, 'en')} a month and pay DKK {number(wage, 'en', 2)} an hour; amounts in DKK a "
        f"month, prices and rules of {year}.",
    )


def still_in(months: int) -> Text:
    """Not all participants had left when the longest followed were seen last; how many is about few people."""
    return both(
        f"Ikke alle er ude af forløbet {months} måneder efter start; hvad de resterende koster senere, er ikke med.",
        f"Not everybody has left {months} months after the start; what the rest cost later is not in it.",
    )
