"""What the blocks of business cases, scenarios and society say."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.economy import PAYER_WORDS
from indsats.language import LANGUAGES, number, percent
from indsats.programme import Payer, Text

from .words import both

YEAR = both("År", "Year")
PUBLIC = both("Det offentlige i alt", "The public in all")
CUMULATIVE = both("Akkumuleret nutidsværdi", "Cumulative present value")
CITIZEN_BESIDE = both("Borgerens egen økonomi", "The citizen's own money")
RESULT = both("Resultat", "Result")
VALUE = both("Værdi", "Value")
COST_EXTRA = both("Ekstra udgift pr. deltager, kr.", "Extra cost per participant, DKK")
GAIN = both("Gevinst pr. deltager, kr.", "Gain per participant, DKK")
NET = both("Nettoresultat pr. deltager, kr.", "Net result per participant, DKK")
NET_ALL = both("Nettoresultat for alle deltagere, kr.", "Net result for all participants, DKK")
CITIZEN_NET = both(
    "Borgerens egen gevinst pr. deltager, kr. (ikke med i nettoresultatet)",
    "The citizen's own gain per participant, DKK (not in the net result)",
)
PAYBACK = both("Tilbagebetalingstid, år", "Payback time, years")
NEVER = both("ikke nået", "not reached")
FIRST_YEAR = both("i første år", "in the first year")
PAYS_ANYWAY = both("ingen, den er billigere", "none, it is cheaper")
NO_EFFECT_PAYS = both("kan ikke siges", "cannot be told")
PARTICIPANTS = both("Deltagere", "Participants")
SCENARIO = both("Scenarie", "Scenario")
COST_SHORT = both("Ekstra udgift", "Extra cost")
GAIN_SHORT = both("Gevinst", "Gain")
NET_SHORT = both("Netto", "Net")
MUNICIPALITY_SHORT = both("Heraf kommune", "Of which municipality")
CITIZEN_SHORT = both("Borgeren, ved siden af", "The citizen, beside")
PAYBACK_SHORT = both("Betalt tilbage, år", "Paid back, years")
TIMES_SHORT = both("Effekt, der skal til, gange", "Effect needed, times")
VERDICT = both("Hvad kan siges", "What can be said")
INPUT = both("Forudsætning", "Input")
LOW = both("Lav", "Low")
HIGH = both("Høj", "High")
AT_LOW = both("Netto ved lav, kr.", "Net at low, DKK")
AT_HIGH = both("Netto ved høj, kr.", "Net at high, DKK")
EXPECTED = both("Netto forventet, kr.", "Net expected, DKK")
TIPS = both("Vender ved", "Turns at")
MEDIAN = both("Median", "Median")
CHANCE = both("Sandsynlighed for gevinst", "Chance of gain")
PERSPECTIVE = both("Hvem", "Who")
PRESENT_VALUE = both("Nutidsværdi pr. deltager, kr.", "Present value per participant, DKK")
TAXPAYERS = both("Skatteyderne (kommune, region, stat)", "Taxpayers (municipality, region, state)")
IN_PERSPECTIVE: Mapping[str, Text] = {
    "taxpayers": TAXPAYERS,
    "participants": both("Deltagerne", "Participants"),
    "others": both("Øvrige", "Others"),
    "indirect": both("Indirekte: skatteforvridning og nettoafgift", "Indirect: tax distortion and net tax"),
}
EFFORT = both("Indsatsens ekstra udgift", "The effort's extra cost")
SOCIETY_NET = both("Samfundet i alt", "Society in all")
DOUBT = both("Forbehold", "Doubt")
WEIGHT = both("Vægt", "Weight")
PER_PARTICIPANT = both(
    "Kroner pr. deltager. »Effekt, der skal til« er i gange den, der regnes med.",
    "Kroner per participant. “Effect needed” is in times that counted on.",
)
SHORT_NOTE = both(
    "»Sparer« og »koster« står kun, hvor det gælder i hele effektens usikkerhedsinterval. »Effekt ikke påvist«: "
    "intervallet rummer nul. »Usikkert«: intervallet rummer ikke nul, men dets ender giver hver sit svar.",
    "“Saves” and “costs” stand only where it is so in the whole of the effect's interval. “Effect not shown”: the "
    "interval includes zero. “Uncertain”: the interval does not include zero, but its ends disagree.",
)
IN_ALL = both("Det samme for alle deltagere tilsammen", "The same for all participants together")
DOUBTS = both("Forbehold ved regnestykket", "Doubts about the case")
SCENARIOS_NOTE = both(
    "Hvert scenarie er en fremtid, der kan forsvares, og ikke en forudsigelse. Hvad der kan siges, følger af, hvor "
    "sikker effekten er, og ikke af beløbet.",
    "Each scenario is a future that can be defended, and no prediction. What can be said follows from how sure the "
    "effect is, and not from the amount.",
)
TORNADO_NOTE = both(
    "En forudsætning ad gangen; de andre står, hvor de forventes. »Vender ved« er den værdi, hvor nettoresultatet er "
    "nul.",
    "One input at a time; the others stay where they are expected. “Turns at” is the value at which the net is zero.",
)
BUDGET_NOTE = both(
    "Budgetøkonomisk: kun de offentlige kassers penge. Skatteforvridning og nettoafgiftsfaktor er ikke med; de "
    "hører til det samfundsøkonomiske regnestykke, som ikke kan lægges sammen med dette.",
    "Budget-economic: the money of public purses alone. Tax distortion and the net tax factor are left out; they "
    "belong to the socio-economic result, which cannot be added to this one.",
)
SOCIETY_NOTE = both(
    "Samfundsøkonomisk: alle parters gevinster og tab. Offentlige ydelser flytter penge og skaber ingen. Tallene kan "
    "ikke lægges sammen med de budgetøkonomiske.",
    "Socio-economic: everybody's gains and losses. Public benefits move money and make none. The numbers cannot be "
    "added to the budget-economic ones.",
)
CASH_DRAWN = both(
    "For hvert år en søjle med, hvad hver offentlig kasse betaler (under nul) eller får (over nul), og en linje "
    "med det akkumulerede nettoresultat i nutidsværdi.",
    "For each year a bar with what each public purse pays (below zero) or gets (above zero), and a line with the "
    "cumulative net result at present value.",
)
TORNADO_DRAWN = both(
    "For hver forudsætning en vandret søjle fra nettoresultatet ved dens lave til ved dens høje værdi; den "
    "bredeste øverst.",
    "For each input a horizontal bar from the net result at its low to that at its high value; the widest on top.",
)
FAN_DRAWN = both(
    "Nettoresultatet lagt sammen år for år: en linje for medianen og bånd, som 50, 80 og 95 procent af udfaldene "
    "ligger i.",
    "The net result added up year by year: a line for the median, and bands that hold 50, 80 and 95 per cent of "
    "outcomes.",
)
CHANCE_DRAWN = both(
    "Hvor sandsynligt det er, at indsatsen er pengene værd, efter hvor meget én enhed af effekten er værd i sig "
    "selv.",
    "How likely the effort is worth the money, by how much one unit of the effect is worth in itself.",
)
SOCIETY_DRAWN = both(
    "En søjle for hvad skatteyderne, deltagerne, øvrige og samfundsøkonomien indirekte får eller taber, for "
    "udgiften og "
    "for resultatet.",
    "A bar for what taxpayers, participants, others and the economy indirectly gain or lose, for the cost and for "
    "the "
    "result.",
)
DRAWS_NOTE = both(
    "10.000 udfald, trukket inden for det, der vides om effekter, omfang og priser. Kvantiler er taget år for år.",
    "10,000 outcomes drawn within what is known of effects, doses and prices. Quantiles are taken year by year.",
)
CEAC_NOTE = both(
    "Ved 0 kr. er det sandsynligheden for, at de offentlige kasser får mere ind, end de giver ud.",
    "At DKK 0 it is the chance that the public purses take in more than they give out.",
)
CHANCE_TOLD = both(
    "I {{chance}} af udfaldene får de offentlige kasser mere ind, end de giver ud.",
    "In {{chance}} of the outcomes the public purses take in more than they give out.",
)
CHANCE_UNPROVEN = both(
    f"{CHANCE_TOLD.da} Det er ingen sandsynlighed for en besparelse: effekten er ikke påvist, og skævhed i "
    "sammenligningen og hvor længe effekten varer, er ikke trukket.",
    f"{CHANCE_TOLD.en} That is no chance of a saving: no effect is shown, and neither bias in the comparison nor how "
    "long the effect lasts is drawn.",
)
"""The same where no effect is shown."""
NOT_KNOWN = both(
    "Effektens usikkerhed kendes ikke, så den varierer ikke i udfaldene: sandsynligheden siger for meget.",
    "How sure the effect is, is not known, so it does not vary in the outcomes: the chance says too much.",
)


def named(title: Text, what_da: str, what_en: str) -> Text:
    """The title of one of several tables of a block."""
    return both(f"{title.da}: {what_da}", f"{title.en}: {what_en}")


def level(year: int, participants: bool = True) -> Text:
    """The price level and basis of amounts."""
    da = "Kroner pr. deltager" if participants else "Kroner"
    en = "Kroner per participant" if participants else "Kroner"
    return both(f"{da} i {year}-priser.", f"{en} at {year} prices.")


def needed_effect(unit: Text) -> Text:
    """The row of the break-even effect."""
    return both(f"Effekt i et år, der skal til: {unit.da}", f"Effect in a year that is needed: {unit.en}")


def found_effect(unit: Text) -> Text:
    """The row of the effect that was counted on."""
    return both(
        f"Effekt i et år, der regnes med: {unit.da}", f"Effect in a year that is counted on: {unit.en}"
    )


def a_unit(unit: Text) -> Text:
    """The row of cost per unit of the effect."""
    return both(
        f"Ekstra udgift pr. enhed effekt ({unit.da}), kr.", f"Extra cost per unit of effect ({unit.en}), DKK"
    )


def cannot(reason_da: str, reason_en: str) -> Text:
    """A case cannot be made in these data."""
    return both(f"Regnestykket kan ikke laves: {reason_da}", f"The case cannot be made: {reason_en}")


def in_definition(what: str) -> Text:
    """What is wrong in a definition is told in English, to those who write it; others hear where to ask."""
    return cannot("beskrivelsen af indsatsens økonomi skal rettes; »indsats economy case« siger hvor.", what)


def missing_prices(titles: list[Text]) -> Text:
    """Prices nobody has given, so that nothing can be computed."""
    texts = {lang: "; ".join(title.in_(lang) for title in titles) for lang in LANGUAGES}
    return cannot(
        f"disse priser findes ikke offentligt og skal oplyses i prices.csv eller prices.xlsx: {texts['da']}.",
        f"these prices are not public and have to be given in prices.csv or prices.xlsx: {texts['en']}.",
    )


def missing_effects(titles: list[Text]) -> Text:
    """Effects that cannot be estimated in these data, or not be shown, so that nothing can be priced."""
    texts = {lang: "; ".join(title.in_(lang) for title in titles) for lang in LANGUAGES}
    return cannot(
        f"effekten kan ikke måles i disse data, eller den bygger på for få personer til at vises: {texts['da']}.",
        f"the effect cannot be estimated in these data, or rests on too few people to be shown: {texts['en']}.",
    )


def too_few(threshold: int) -> Text:
    """So few take part that amounts would tell of single people."""
    return both(
        f"Der er færre end {threshold} deltagere, så beløb om dem vises ikke.",
        f"There are fewer than {threshold} participants, so amounts about them are not shown.",
    )


def net_of(payer: Payer) -> Text:
    """The net result of one purse."""
    of = PAYER_WORDS[payer]
    return both(f"Heraf {of.da.lower()}, kr.", f"Of which {of.en.lower()}, DKK")


def present_values(year: int, years: int) -> Text:
    """What the amounts of a result are."""
    return both(
        f"Nutidsværdi over {years} år i {year}-priser; det første år er ikke tilbagediskonteret.",
        f"Present value over {years} years at {year} prices; the first year is not discounted.",
    )


def input_title(kind: str, title: Text) -> Text:
    """What an input of the tornado is called."""
    names = {"effect": ("Effekt", "Effect"), "price": ("Pris", "Price")}
    da, en = names.get(kind, ("Omfang", "Dose"))
    return both(f"{da}: {title.da}", f"{en}: {title.en}")


def quantile(name: str) -> Text:
    """A quantile's name: ``p2.5`` is 2.5 %."""
    share = float(name.removeprefix("p")) / 100
    decimals = 0 if (share * 100).is_integer() else 1
    return both(percent(share, "da", decimals), percent(share, "en", decimals))


def worth_of(unit: Text) -> Text:
    """The axis of what one unit of the effect is held to be worth."""
    return both(f"Værdi af én mere ({unit.da}), kr.", f"Worth of one more ({unit.en}), DKK")


def factors(net_tax: float, distortion: float, year: int) -> Text:
    """The factors a socio-economic result was made with."""
    da, en = ((number(net_tax, lang, 3), percent(distortion, lang, 0)) for lang in ("da", "en"))
    return both(
        f"Nettoafgiftsfaktor {da[0]} og skatteforvridning {da[1]} efter prisbogen for {year}.",
        f"Net tax factor {en[0]} and tax distortion {en[1]} by the price book for {year}.",
    )


def displaced(share: float) -> Text:
    """A part of the effect is lost by others."""
    return both(
        f"{percent(share, 'da', 0)} af effekten regnes at fortrænge andre, som taber det, deltagerne vinder.",
        f"{percent(share, 'en', 0)} of the effect is taken to displace others, who lose what participants gain.",
    )
