"""What a reader must know before believing a business case: one catalogue, so that one doubt has one wording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from indsats.evaluate import Caution, caution
from indsats.language import day as in_words
from indsats.language import percent
from indsats.programme import Period, Text

_MANY = 0.5


def beyond_data(followed: int, years: int, share: float | None) -> Caution:
    """The case counts years after the last one the effect was followed in; ``share`` of the gain lies there."""
    part_da = "" if share is None else f" {percent(share, 'da', 0)} af gevinsten ligger der."
    part_en = "" if share is None else f" {percent(share, 'en', 0)} of the gain lies there."
    return caution(
        "beyond-data",
        "doubt",
        f"Effekten er fulgt i {followed} år, og der regnes på {years}. Årene derefter er en antagelse.{part_da}",
        f"The effect was followed for {followed} {'year' if followed == 1 else 'years'} and {years} are counted. The "
        f"years after are assumed.{part_en}",
    )


def effect_unsure() -> Caution:
    """Nothing tells how sure an effect is."""
    return caution(
        "no-uncertainty",
        "grave",
        "Mindst én effekt har intet usikkerhedsinterval. Regnestykket viser kun, hvad der følger, hvis effekten er "
        "som antaget.",
        "At least one effect has no interval. The case only shows what follows if the effect is as assumed.",
    )


def effect_unproven() -> Caution:
    """The interval of the effect holds zero."""
    return caution(
        "effect-unproven",
        "grave",
        "Usikkerhedsintervallet rummer nul, så effekten er ikke påvist. Der kan ikke siges at være en besparelse, "
        "heller ikke hvor beløbet er positivt.",
        "The interval includes zero, so no effect is shown. No saving can be told, not even where the amount is "
        "positive.",
    )


def no_usual() -> Caution:
    """Nothing is said of what participants would have cost without the effort."""
    return caution(
        "no-usual",
        "doubt",
        "Det er ikke sagt, hvad deltagerne ellers ville have fået. Hele udgiften er derfor regnet som ekstra.",
        "What participants would have had otherwise is not said. The whole cost is therefore counted as extra.",
    )


def own_errors(effects: int) -> Caution:
    """Several effects are taken to err independently."""
    return caution(
        "independent-errors",
        "note",
        f"De {effects} effekter, der indgår, regnes at fejle uafhængigt af hinanden.",
        f"The {effects} effects counted are taken to err independently of each other.",
    )


def linear_tax() -> Caution:
    """Taxes are counted at the margin."""
    return caution(
        "linear-tax",
        "note",
        "Skat er regnet lineært: personfradraget er brugt af anden indkomst, og kirkeskat og topskat er ikke med.",
        "Tax is counted in proportion: other income has used the personal allowance; church and top tax are left out.",
    )


def courses_open(share: float, months: int) -> Caution:
    """So large a part had not left when those followed longest were seen last: they will cost more.

    Told in words: beside the number of participants a percentage would be a number of people.
    """
    most = share > _MANY
    return caution(
        "courses-open",
        "grave" if most else "doubt",
        f"{'Over halvdelen' if most else 'En del'} af deltagerne var stadig i forløb {months} måneder efter start, "
        "hvor opgørelsen ender. Hvad de koster siden, er ikke med, så udgiften er for lav.",
        f"{'More than half' if most else 'Some'} of the participants were still enrolled {months} months after the "
        "start, where the count ends. What they cost later is left out, so the cost is too low.",
    )


def other_people(share: float) -> Caution:
    """The effect was estimated in a group of which so large a part are participants; told in words, as above."""
    few = share < 1 - _MANY
    return caution(
        "other-people",
        "grave" if few else "doubt",
        f"Effekten er målt hos andre, end udgiften er regnet for: {'under halvdelen' if few else 'kun en del'} af dem, "
        "den er målt hos, er deltagere. Regnestykket forudsætter, at den er den samme pr. deltager.",
        f"The effect was estimated in others than the cost is counted for: {'less than half' if few else 'only some'} "
        "of those it was estimated in are participants. The case takes it to be the same per participant.",
    )


def effect_not_dated(day: date) -> Caution:
    """The record is seen as it was known earlier; the register behind the effect is not."""
    return caution(
        "effect-as-now",
        "doubt",
        f"Udgiften er set, som den var kendt {in_words(day, 'da')}; effekten bygger på registret, som det er nu.",
        f"The cost is seen as it was known on {in_words(day, 'en')}; the effect rests on the register as it is now.",
    )


def no_effect_claimed() -> Caution:
    """The estimate itself says that it must not be read as an effect."""
    return caution(
        "not-an-effect",
        "grave",
        "Estimatet må efter sine egne forbehold ikke læses som en virkning. Det indgår derfor som en antagelse, uden "
        "usikkerhed.",
        "By its own doubts the estimate must not be read as an effect. It is therefore an assumption here, without "
        "uncertainty.",
    )


def index_ends(last: int, year: int) -> Caution:
    """The price book's years end before one that is asked for."""
    return caution(
        "index-ends",
        "doubt",
        f"Prisbogen går til {last}; for {year} er priser og regler regnet som i {last}.",
        f"The price book ends in {last}; for {year} prices and rules are taken as those of {last}.",
    )


def moved_prices(years: Sequence[int], year: int) -> Caution:
    """Amounts of other price years are told in those of ``year``."""
    return caution(
        "mixed-price-years",
        "note",
        f"Beløb i priser fra {_listed(years, 'og')} er regnet om til {year}-priser med forbrugerprisindekset.",
        f"Amounts in prices of {_listed(years, 'and')} are told in {year} prices by the consumer price index.",
    )


def price_not_valid(title: Text, period: Period, year: int) -> Caution:
    """A price is used for a year that it does not hold for."""
    first, last = period.first.year, period.last.year
    span = str(first) if first == last else f"{first}-{last}"
    return caution(
        "price-not-valid",
        "doubt",
        f"Prisen \u201d{title.da}\u201d gælder {span} og er brugt for {year}.",
        f"The price \u201c{title.en}\u201d holds for {span} and is used for {year}.",
    )


def _listed(years: Sequence[int], last: str) -> str:
    words = [str(year) for year in years]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
