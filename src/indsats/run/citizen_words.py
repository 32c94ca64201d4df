"""What a citizen's own summary says, in Danish and English: plain words, said to the citizen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from indsats.language import day, number
from indsats.programme import Questionnaire, Text

from .words import both

FROM, TO = both("Fra", "From"), both("Til", "To")
STILL = both("i gang", "under way")
NOTHING = both("–", "–")
DAY, PLACE, WHAT, WHERE = (
    both("Dag", "Day"),
    both("Sted", "Place"),
    both("Hvad", "What"),
    both("Hvor", "Where"),
)
STEP = both("Del af forløbet", "Part of the course")
SUBGOAL, HOW_FAR = both("Delmål", "Sub-goal"), both("Hvor langt du er", "How far you are")
LOOKED_AT = both("Sidst talt om", "Last talked about")
MEETING, OUTCOME = both("Møde", "Meeting"), both("Hvad det blev til", "What came of it")
AGREEMENT, WITH = both("Aftale", "Agreement"), both("Med", "With")
AGREED_ON, HOLDS_UNTIL = both("Lavet", "Made on"), both("Gælder til", "Holds until")
KIND_OF_WORK, HOURS_A_WEEK = both("Slags", "Kind"), both("Timer om ugen", "Hours a week")
QUESTION = both("Spørgsmål", "Question")
STEP_THEN, STEP_LATEST = both("Trin dengang", "Step then"), both("Trin senest", "Latest step")

TABLES: Mapping[str, Text] = {
    "subgoals": both("Dine delmål", "Your sub-goals"),
    "agreements": both("Dine aftaler", "Your agreements"),
    "hours": both("Dine timer på arbejde", "Your hours at work"),
}
"""Titles of the tables that stand beside the one with the part's own title."""

NO_PHASES = both(
    "Der er endnu ikke skrevet noget om, hvor du er i forløbet.",
    "Nothing has been written yet about where you are in the course.",
)
NO_PLAN = both("Du har ikke en plan endnu.", "You have no plan yet.")
NO_SUBGOALS = both("Der er ikke talt om delmål endnu.", "Sub-goals have not been talked about yet.")
NO_MEETINGS = both("Vi har ikke haft møder endnu.", "We have had no meetings yet.")
NONE_AGREED = both("Der er ikke aftalt et næste møde.", "No next meeting has been agreed.")
NO_MEASUREMENTS = both(
    "Der er ingen svar på spørgeskemaer om, hvordan det går.",
    "There are no answers to forms about how things are going.",
)
NO_PLACEMENTS = both(
    "Du har ikke været i praktik, løntilskud eller andre tilbud.",
    "You have not been in a traineeship, wage subsidy or other offers.",
)
NO_HOURS = both("Der er ikke skrevet timer på arbejde ind.", "No hours at work have been entered.")
NOTHING_NEXT = both("Der er ikke aftalt noget med en dato.", "Nothing with a date has been agreed.")
AGREED: Mapping[bool, Text] = {
    True: both("Du har sagt ja til planen.", "You have agreed to the plan."),
    False: both("Du har ikke sagt ja til planen.", "You have not agreed to the plan."),
}
SUBGOAL_STATUS: Mapping[str, Text] = {
    "not_started": both("ikke begyndt", "not begun"),
    "under_way": both("i gang", "under way"),
    "reached": both("nået", "reached"),
    "dropped": both("ikke længere et delmål", "no longer a sub-goal"),
}
MEETING_OUTCOME: Mapping[str, Text] = {
    "held": both("holdt", "held"),
    "no_show": both("vi mødtes ikke", "we did not meet"),
    "cancelled": both("aflyst", "cancelled"),
    "moved": both("flyttet", "moved"),
    "planned": both("ikke skrevet ind", "not entered"),
}
WORK_TYPES: Mapping[str, Text] = {
    "ordinary": both("Almindelig løn", "Ordinary pay"),
    "subsidised": both("Løn med tilskud", "Subsidised pay"),
    "flex": both("Fleksjob", "Flex job"),
    "education": both("Uddannelse", "Education"),
    "unpaid": both("Uden løn", "Unpaid"),
}


def as_recorded(today: date) -> Text:
    """Where the numbers of a citizen are from."""
    return _on(
        "Det, der er skrevet ind om dig til og med {}.", "What has been entered about you up to {}.", today
    )


def begun(start: date, service: Text | None, place: str | None) -> Text:
    """When and where the citizen began."""
    what_da = "" if service is None else f" i »{service.da}«"
    what_en = "" if service is None else f" in “{service.en}”"
    where_da = "" if place is None else f" på stedet {place}"
    where_en = "" if place is None else f" at {place}"
    return both(
        f"Du begyndte{what_da}{where_da} den {day(start, 'da')}.",
        f"You began{what_en}{where_en} on {day(start, 'en')}.",
    )


def ended(end: date) -> Text:
    """When it ended."""
    return _on("Det sluttede den {}.", "It ended on {}.", end)


def helpers(roles: Sequence[Text]) -> Text:
    """Who is responsible today, by role."""
    if not roles:
        return both(
            "Der er ikke skrevet ind, hvem der hjælper dig lige nu.",
            "It has not been entered who helps you at present.",
        )
    da, en = _and([role.da for role in roles], "og"), _and([role.en for role in roles], "and")
    return both(f"De hjælper dig lige nu: {da}.", f"These help you at present: {en}.")


def paused(first: date, last: date | None) -> Text:
    """A pause in which nothing falls due."""
    if last is None:
        return _on("Du har pause fra den {}.", "You have a pause from {}.", first)
    return both(
        f"Pause fra den {day(first, 'da')} til den {day(last, 'da')}.",
        f"Pause from {day(first, 'en')} to {day(last, 'en')}.",
    )


def plan_of(when: date) -> Text:
    """When the plan was last made or changed."""
    return _on("Din plan er fra den {}.", "Your plan is from {}.", when)


def goal(title: Text) -> Text:
    """Where the plan goes."""
    return both(f"Målet er: {title.da}.", f"The goal is: {title.en}.")


JOB_GOALS: Mapping[str | None, Text] = {
    "A": both("Job, du kan søge nu", "Work you can seek now"),
    "B": both("Job, du kan nå med en indsats", "Work you can reach with some effort"),
    "C": both("Job på længere sigt", "Work in the longer run"),
    None: both("Dit jobmål", "Your job goal"),
}
"""What each level of job goal means to the citizen."""


def job_goal(level: str | None, occupation: Text) -> Text:
    """A job goal of one level."""
    meant = JOB_GOALS[level]
    return both(f"{meant.da}: {occupation.da}.", f"{meant.en}: {occupation.en}.")


def activities(titles: Sequence[Text]) -> Text:
    """What goes on today."""
    if not titles:
        return both(
            "Du er ikke skrevet ind til aktiviteter lige nu.",
            "You are not entered for any activities at present.",
        )
    da = "; ".join(dict.fromkeys(title.da for title in titles))
    en = "; ".join(dict.fromkeys(title.en for title in titles))
    return both(f"Lige nu er du skrevet ind til: {da}.", f"At present you are entered for: {en}.")


def meetings(counted: Mapping[str, int]) -> list[Text]:
    """How many meetings came to what; nothing of what there was none of, but held."""
    held, missed = counted["held"], counted["no_show"]
    changed = counted["cancelled"] + counted["moved"]
    told = [both(f"Vi har holdt {_many(held, 'da')}.", f"We have held {_many(held, 'en')}.")]
    if missed:
        told.append(
            both(
                f"Til {_many(missed, 'da')} nåede vi ikke at ses, selv om det var aftalt.",
                f"For {_many(missed, 'en')} we did not get to see each other, though it was agreed.",
            )
        )
    if changed:
        was = ("blev aflyst eller flyttet", "was" if changed == 1 else "were")
        told.append(
            both(f"{_many(changed, 'da')} {was[0]}.", f"{_many(changed, 'en')} {was[1]} cancelled or moved.")
        )
    return told


def next_meeting(when: date, kind: Text, place: Text | None) -> Text:
    """The next meeting that is agreed."""
    da, en = ("", "") if place is None else (f" ({place.da})", f" ({place.en})")
    return both(
        f"Næste møde er den {day(when, 'da')}: {kind.da}{da}.",
        f"The next meeting is on {day(when, 'en')}: {kind.en}{en}.",
    )


def hours(value: float | None) -> Text | None:
    """Hours a week."""
    if value is None:
        return None
    decimals = 0 if float(value).is_integer() else 1
    return both(number(value, "da", decimals), number(value, "en", decimals))


def _ends(da: str, en: str) -> Callable[[Text | None], Text]:
    def told(what: Text | None) -> Text:
        return both(da, en) if what is None else both(f"{da}: {what.da}", f"{en}: {what.en}")

    return told


ENDS: Mapping[str, Callable[[Text | None], Text]] = {
    "plan": _ends("Planen løber til denne dag", "The plan runs to this day"),
    "placement": _ends("Sidste dag", "Last day"),
    "parallel_effort": _ends("Sidste dag", "Last day"),
    "agreement": _ends("Aftalen gælder til denne dag", "The agreement holds until this day"),
    "pause": _ends("Pausen slutter", "The pause ends"),
}
"""What it means that a fact of a kind ends on a day ahead."""


def filled_in(form: Text) -> Text:
    """A form that is to be filled in by a day."""
    return both(
        f"Spørgeskemaet »{form.da}« skal udfyldes senest", f"The form “{form.en}” is to be filled in by then"
    )


def for_citizen(asked: Questionnaire) -> bool:
    """Whether a form is about how the citizen is doing, and not the staff's own work."""
    return asked.about == "person" and asked.purpose in ("progression", "wellbeing")


def then(when: date) -> Text:
    """The heading of the first answers."""
    return _on("Dengang, {}", "Then, {}", when)


def latest(when: date) -> Text:
    """The heading of the newest answers."""
    return _on("Senest, {}", "Latest, {}", when)


def filled_in_by(role: Text | None) -> Text:
    """Who answered; the citizen where no role is told."""
    if role is None:
        return both("Det er dine egne svar.", "These are your own answers.")
    return both(f"Udfyldt af: {role.da}.", f"Filled in by: {role.en}.")


def between(low: Text, high: Text) -> Text:
    """A step without words of its own, between two that have."""
    return both(f"mellem »{low.da}« og »{high.da}«", f"between “{low.en}” and “{high.en}”")


def steps(low: int, high: int) -> Text:
    """What the steps are."""
    return both(f"Trinene går fra {low} til {high}.", f"The steps go from {low} to {high}.")


STEPS_DRAWN = both(
    "For hvert spørgsmål en åben ring for svaret dengang og en fyldt for det seneste. Svarene står i tabellen.",
    "For each question an open ring for the answer then and a filled one for the latest. The answers stand in the "
    "table.",
)


def _on(da: str, en: str, when: date) -> Text:
    return both(da.format(day(when, "da")), en.format(day(when, "en")))


def _many(meetings: int, lang: str) -> str:
    if lang == "da":
        return "1 møde" if meetings == 1 else f"{meetings} møder"
    return "1 meeting" if meetings == 1 else f"{meetings} meetings"


def _and(names: Sequence[str], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
