"""What the blocks of business cases, scenarios and society say."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.economy import Verdict
from indsats.language import LANGUAGES, number, percent
from indsats.programme import Payer, Text

from .words import both

PAYER: Mapping[Payer, Text] = {
    "municipality": both("Kommune", "Municipality"),
    "region": both("Region", "Region"),
    "state": both("Stat", "State"),
    "citizen": both("Borger", "Citizen"),
    "others": both("Øvrige", "Others"),
}
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
NO_EFFECT_PAYS = both("ingen", "none")
PARTICIPANTS = both("Deltagere", "Participants")
SCENARIO = both("Scenarie", "Scenario")
TIMES = both("Effekt, der skal til (gange den fundne)", "Effect needed (times that found)")
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
SAID: Mapping[Verdict, Text] = {
    "saves": both(
        "Indsatsen sparer mere, end den koster, også ved den laveste effekt, usikkerheden levner plads til.",
        "The effort saves more than it costs, also at the smallest effect the uncertainty leaves room for.",
    ),
    "costs": both(
        "Indsatsen koster mere, end den giver tilbage, også ved den højeste effekt, usikkerheden levner plads til.",
        "The effort costs more than it returns, also at the largest effect the uncertainty leaves room for.",
    ),
    "depends": both(
        "Der er en effekt, men den er for usikker til at sige, om indsatsen betaler sig.",
        "There is an effect, but it is too uncertain to tell whether the effort pays.",
    ),
    "unproven": both(
        "Ingen effekt er påvist, så der kan ikke loves en besparelse, uanset hvad beløbet viser.",
        "No effect is shown, so no saving can be promised, whatever the amount shows.",
    ),
    "assumed": both(
        "Beløbet gælder kun, hvis effekten er som antaget. Hvor sikker den er, vides ikke.",
        "The amount holds only if the effect is as assumed. How sure it is, is not known.",
    ),
}
"""What may be said of whether an effort pays, by the doubt about its effect."""
SHORT: Mapping[Verdict, Text] = {
    "saves": both("sparer", "saves"),
    "costs": both("koster", "costs"),
    "depends": both("usikkert", "uncertain"),
    "unproven": both("effekt ikke påvist", "effect not shown"),
    "assumed": both("effekt antaget", "effect assumed"),
}
"""The same in a table's cell."""
SHORT_NOTE = both(
    "»Sparer« og »koster« står kun, hvor det gælder i hele effektens usikkerhedsinterval. »Effekt ikke påvist«: "
    "intervallet rummer ingen effekt. »Usikkert«: der er en effekt, men intervallets ender giver hver sit svar.",
    "“Saves” and “costs” stand only where it is so in the whole of the effect's interval. “Effect not shown”: the "
    "interval holds no effect. “Uncertain”: there is an effect, but the ends of the interval disagree.",
)
SEVERITY: Mapping[str, Text] = {
    "grave": both("Alvorligt", "Grave"),
    "doubt": both("Læs med forbehold", "Read with care"),
    "note": both("Godt at vide", "Good to know"),
}
IN_ALL = both("Svarer for alle deltagere tilsammen til", "For all participants together that is")
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
    return both(f"Effekt, der skal til: {unit.da} om året", f"Effect needed: {unit.en} a year")


def found_effect(unit: Text) -> Text:
    """The row of the effect that was counted on."""
    return both(f"Effekt, der regnes med: {unit.da} om året", f"Effect counted on: {unit.en} a year")


def a_unit(unit: Text) -> Text:
    """The row of cost per unit of the effect."""
    return both(
        f"Ekstra udgift pr. enhed effekt ({unit.da}), kr.", f"Extra cost per unit of effect ({unit.en}), DKK"
    )


def cannot(reason_da: str, reason_en: str) -> Text:
    """A case cannot be made in these data."""
    return both(f"Regnestykket kan ikke laves: {reason_da}", f"The case cannot be made: {reason_en}")


def missing_prices(titles: list[Text]) -> Text:
    """Prices nobody has given, so that nothing can be computed."""
    texts = {lang: "; ".join(title.in_(lang) for title in titles) for lang in LANGUAGES}
    return cannot(
        f"disse priser findes ikke offentligt og skal oplyses i prices.csv eller prices.xlsx: {texts['da']}.",
        f"these prices are not public and have to be given in prices.csv or prices.xlsx: {texts['en']}.",
    )


def missing_effects(titles: list[Text]) -> Text:
    """Effects that cannot be estimated in these data, so that nothing can be priced."""
    texts = {lang: "; ".join(title.in_(lang) for title in titles) for lang in LANGUAGES}
    return cannot(
        f"effekten kan ikke måles i disse data: {texts['da']}.",
        f"the effect cannot be estimated in these data: {texts['en']}.",
    )


def net_of(payer: Payer) -> Text:
    """The net result of one purse."""
    of = PAYER[payer]
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


def a_price(amount: float | None) -> Text | None:
    """A price as it stands among other numbers; with øre below a thousand kroner."""
    if amount is None:
        return None
    decimals = 0 if abs(amount) >= 1000 else 2
    return both(number(amount, "da", decimals), number(amount, "en", decimals))


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


def chance(share: float) -> Text:
    """How many of the draws the public gains in."""
    return both(
        f"I {percent(share, 'da', 0)} af udfaldene får de offentlige kasser mere ind, end de giver ud.",
        f"In {percent(share, 'en', 0)} of the outcomes the public purses take in more than they give out.",
    )
