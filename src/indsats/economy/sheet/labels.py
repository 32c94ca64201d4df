"""What the workbook of a business case says, in both languages: sheets, headings and choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from indsats.language import LANGUAGES, Lang
from indsats.programme import Text

from ..lines import Part, Spread

Sheet = Literal[
    "front",
    "result",
    "society",
    "assumptions",
    "discounting",
    "prices",
    "quantities",
    "years",
    "division",
    "flow",
    "present",
    "caveats",
]


Key = TypeVar("Key")


def _texts(pairs: Mapping[Key, tuple[str, str]]) -> dict[Key, Text]:
    return {key: Text(da=da, en=en) for key, (da, en) in pairs.items()}


SHEETS: dict[Sheet, Text] = _texts(
    {
        "front": ("Forside", "Front"),
        "result": ("Resultat", "Result"),
        "society": ("Samfund", "Society"),
        "assumptions": ("Forudsætninger", "Assumptions"),
        "discounting": ("Diskontering", "Discounting"),
        "prices": ("Priser", "Prices"),
        "quantities": ("Mængder", "Quantities"),
        "years": ("Over tid", "Over time"),
        "division": ("Fordeling", "Division"),
        "flow": ("Pengestrøm", "Cash flow"),
        "present": ("Nutidsværdi", "Present value"),
        "caveats": ("Forbehold", "Caveats"),
    }
)

ABOUT: dict[Sheet, Text] = _texts(
    {
        "front": (
            "Hvad indsatsen koster, hvad effekten er værd, og for hvem",
            "What the effort costs, what its effect is worth, and to whom",
        ),
        "result": (
            "Det budgetøkonomiske resultat for kommune, region og stat. Alt på arket er beregnet.",
            "The budget-economic result for municipality, region and state. All of it is computed.",
        ),
        "society": (
            "Det samfundsøkonomiske resultat. Det er en anden opgørelse end den budgetøkonomiske, og de to må "
            "aldrig lægges sammen.",
            "The socio-economic result. It is another account than the budget-economic one, and the two are never "
            "added.",
        ),
        "assumptions": ("Hvad hvert scenarie bygger på.", "What each scenario rests on."),
        "discounting": (
            "Renten mellem et år og det næste. Det første år tæller fuldt.",
            "The rate between one year and the next. The first year counts whole.",
        ),
        "prices": (
            "Hver pris står ét sted og gælder alle scenarier. En ny pris skal være i samme prisniveau.",
            "Each price stands once and holds in all scenarios. A new price must be at the same price level.",
        ),
        "quantities": (
            "Hvad en deltager får, og hvad effekten er. Effekter er pr. deltager om året, før de aftager.",
            "What a participant gets, and what the effect is. Effects are per participant a year, before they fade.",
        ),
        "years": (
            "Hvor meget af mængden der falder i hvert år: udgiften fordelt, og effekten så længe den varer.",
            "How much of the quantity falls in each year: the cost divided, and the effect while it lasts.",
        ),
        "division": (
            "Hvad 1 kr. af mængde × pris er for hver i hvert år: minus er en udgift. Summer til 0 for overførsler. "
            "Omregning mellem enheder, fx fra uger til måneder, er med her.",
            "What 1 krone of quantity × price is to each in each year: minus is an expense. Transfers sum to 0. "
            "Conversion of units, such as weeks to months, is part of it.",
        ),
        "flow": (
            "Kr. pr. deltager i faste priser: mængde × pris × over tid × fordeling. Plus er en gevinst.",
            "DKK per participant in fixed prices: quantity × price × over time × division. Plus is a gain.",
        ),
        "present": (
            "Nutidsværdi pr. deltager i kr., linje for linje, og ved begge ender af effektens usikkerhed.",
            "Present value per participant in DKK, line by line, and at both ends of the effect's interval.",
        ),
        "caveats": (
            "Det, man skal vide for at tro på tallene.",
            "What to know before believing the figures.",
        ),
    }
)

WORDS: dict[str, Text] = _texts(
    {
        "scenario": ("Scenarie", "Scenario"),
        "code": ("Kode", "Code"),
        "title": ("Betegnelse", "Title"),
        "participants": ("Deltagere", "Participants"),
        "price_year": ("Prisniveau", "Price level"),
        "displaced": ("Fortrængning", "Displacement"),
        "yardstick": ("Måles i (kode)", "Told in (code)"),
        "yardstick_unit": ("Måles i", "Told in"),
        "other_title": ("Betegnelse på engelsk", "Title in Danish"),
        "other_unit": ("Enhed på engelsk", "Unit in Danish"),
        "what": ("Hvad", "What"),
        "rate": ("Rente", "Rate"),
        "factor": ("Faktor", "Factor"),
        "year": ("År", "Year"),
        "per": ("Pr.", "Per"),
        "price": ("Pris", "Price"),
        "low": ("Lav", "Low"),
        "high": ("Høj", "High"),
        "spread": ("Lav og høj er", "Low and high are"),
        "stated": ("Opgjort beløb", "Amount stated"),
        "stated_per": ("Opgjort pr.", "Stated per"),
        "stated_year": ("Opgjort i", "Stated in"),
        "origin": ("Hentet fra", "Taken from"),
        "sources": ("Kilder", "Sources"),
        "note": ("Bemærkning", "Note"),
        "price_of": ("Pris-kode", "Price code"),
        "part": ("Art", "Part"),
        "unit": ("Enhed", "Unit"),
        "quantity": ("Mængde", "Quantity"),
        "amount": ("Mængde × pris", "Quantity × price"),
        "of": ("Hører til (kode)", "Belongs to (code)"),
        "price_key": ("Pris (kode)", "Price (code)"),
        "errs_with": ("Usikker sammen med", "Errs with"),
        "moves": ("Er en effekt", "Is an effect"),
        "transfer": ("Er en overførsel", "Is a transfer"),
        "payer": ("For", "To"),
        "present": ("Nutidsværdi", "Present value"),
        "public": ("Det offentlige", "The public purse"),
        "worth": ("Én enhed er værd", "One unit is worth"),
        "cautious": ("Ved den svageste effekt", "At the weakest effect"),
        "hopeful": ("Ved den stærkeste effekt", "At the strongest effect"),
        "zero": ("Rummer nul", "Holds zero"),
        "middle": ("Retning", "Direction"),
        "smallest": ("Værd, når effekten er mindst", "Worth where the effect is smallest"),
        "largest": ("Værd, når effekten er størst", "Worth where the effect is largest"),
        "units": ("Enheder i alt", "Units in all"),
        "caution": ("Forbehold", "Caveat"),
        "severity": ("Vægt", "Weight"),
        "other_caution": ("Forbehold på engelsk", "Caveat in Danish"),
        "yes": ("ja", "yes"),
        "no": ("nej", "no"),
        "synthetic": (
            "SYNTETISKE DATA – tallene er opdigtede og siger intet om virkeligheden",
            "SYNTHETIC DATA – the figures are invented and say nothing about the world",
        ),
        "per_participant": ("Nutidsværdi pr. deltager, kr.", "Present value per participant, DKK"),
        "in_all": ("Nutidsværdi for alle deltagere, kr.", "Present value for all participants, DKK"),
        "cost": ("Udgift ved indsatsen", "Cost of the effort"),
        "gain": ("Gevinst af effekten", "Gain of the effect"),
        "net": ("Netto for det offentlige", "Net to the public purse"),
        "net_municipality": ("Netto for kommunen", "Net to the municipality"),
        "net_region": ("Netto for regionen", "Net to the region"),
        "net_state": ("Netto for staten", "Net to the state"),
        "net_citizen": ("Netto for borgeren", "Net to the citizen"),
        "net_others": ("Netto for andre", "Net to others"),
        "beside": ("Ved siden af, ikke med i netto", "Beside, no part of the net"),
        "needed": ("Hvor stor skal effekten være?", "How large must the effect be?"),
        "effect": ("Effekt, der er regnet med", "Effect counted on"),
        "break_even": ("Effekt, der giver balance", "Effect that breaks even"),
        "times": ("Balance: gange den effekt, der er regnet med", "Break-even: times the effect counted on"),
        "all_units": ("Effekt i alle år", "Effect over all years"),
        "per_unit": ("Udgift pr. enhed af effekten, kr.", "Cost per unit of the effect, DKK"),
        "payback": ("Tjent hjem efter, år", "Paid back after, years"),
        "doubt": ("Hvor sikkert er det?", "How sure is it?"),
        "net_cautious": ("Netto ved den svageste effekt", "Net at the weakest effect"),
        "net_hopeful": ("Netto ved den stærkeste effekt", "Net at the strongest effect"),
        "verdict": ("Hvad der kan siges", "What may be said"),
        "yearly": ("Netto for det offentlige, år for år", "Net to the public purse, year by year"),
        "running": ("Netto for det offentlige, lagt sammen", "Net to the public purse, running sum"),
        "net_tax": ("Nettoafgiftsfaktor", "Net tax factor"),
        "distortion": ("Skatteforvridning", "Tax distortion"),
        "taxpayers": ("Skatteydere", "Taxpayers"),
        "participants_gain": ("Deltagere", "Participants"),
        "others_gain": ("Andre", "Others"),
        "indirect": ("Afledt af skatter og afgifter", "Through taxes and duties"),
        "total": ("Gevinst i alt", "Gain in all"),
        "society_cost": ("Udgift ved indsatsen", "Cost of the effort"),
        "society_net": ("Netto for samfundet", "Net to society"),
        "ratio": ("Gevinst pr. krone udgift", "Gain per krone of cost"),
        "glance": ("Resultatet kort", "The result in brief"),
        "net_all": ("Netto for alle deltagere", "Net for all participants"),
        "how": ("Sådan bruges arket", "How to use it"),
        "how_input": (
            "Felter med ramme og ▸ er til at skrive i. Felter med stiplet ramme følger det første scenarie; skriv "
            "et tal, og scenariet har sit eget.",
            "Cells with a frame and ▸ are for writing in. Cells with a dashed frame follow the first scenario; write "
            "a number, and the scenario has its own.",
        ),
        "how_formula": (
            "Alt andet er formler og ændrer sig med det samme. Arkene er låst uden adgangskode mod at blive "
            "overskrevet ved en fejl. Flyt og slet ikke rækker og kolonner, hvis mappen skal læses ind igen.",
            "All else is formulas and follows at once. Sheets are locked, without a password, against slips. Do not "
            "move or delete rows and columns if the workbook is to be read back.",
        ),
        "how_numbers": (
            "Beløb er nutidsværdi i faste priser i det prisniveau, der står ved scenariet. Minus er en udgift. "
            "Forudsætninger, der ikke er tal i arket (skat, refusionstrappe, indeks), er regnet ind på Fordeling "
            "og Priser.",
            "Amounts are present values in fixed prices of the scenario's price level. Minus is an expense. What is "
            "no number here (tax, the refusionstrappe, indices) is part of Division and Prices.",
        ),
        "how_alone": (
            "Regnestykket kan ikke stå alene: det siger, hvad der følger af forudsætningerne, ikke at de holder.",
            "The case cannot stand alone: it says what follows from the assumptions, not that they hold.",
        ),
        "no_caveats": ("Ingen forbehold er knyttet til beregningen.", "No caveats belong to the case."),
        "applies": ("Gælder", "Holds for"),
        "all": ("alle scenarier", "all scenarios"),
        "page": ("Side", "Page"),
        "sheets": ("Arkene", "The sheets"),
        "not_within": ("nej, ikke inden for årene", "no, not within the years"),
        "how_sure": (
            "Svageste og stærkeste effekt er de ender af effekternes intervaller, der er mindst og mest værd for "
            "det offentlige.",
            "The weakest and strongest effect are the ends of the intervals worth least and most to the public purse.",
        ),
    }
)


PARTS: dict[Part, Text] = _texts(
    {
        "cost": ("udgift", "cost"),
        "usual": ("ellers brugt", "spent otherwise"),
        "grant": ("tilskud", "grant"),
        "consequence": ("effekt", "effect"),
    }
)

SPREADS: dict[Spread, Text] = _texts(
    {
        "exact": ("ikke brugt", "not used"),
        "interval": ("95 %-interval", "95% interval"),
        "range": ("mindst og størst", "smallest and largest"),
    }
)


ORIGINS: dict[str, Text] = _texts(
    {
        "programme": ("indsatsens beskrivelse", "the programme"),
        "book": ("prisbogen", "the price book"),
        "given": ("egen pris", "your own price"),
    }
)


def word(key: str, lang: Lang) -> str:
    """One word or sentence of the workbook."""
    return WORDS[key].in_(lang)


def other(lang: Lang) -> Lang:
    """The language a workbook is not written in."""
    return next(one for one in LANGUAGES if one != lang)


def choice(words: Mapping[Key, Text], shown: str, lang: Lang) -> Key | None:
    """What a word in a cell stands for, whatever its case; None when it stands for nothing."""
    return next((key for key, text in words.items() if text.in_(lang).lower() == shown.strip().lower()), None)
