"""What the tables of targets and deviations say, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from indsats.language import Lang, day, percent
from indsats.programme import Period, Programme, Target, Text, set_in_words
from indsats.steer import Action, DeviationRow, Explanation, Given, Why

from .words import FIXED, FROM_OTHERS, NO_TARGET, both

NOT_MEASURABLE = both("Hvorfor ikke målbart", "Why not measurable")
EXPLANATION = both("Forklaring", "Explanation")
PLAN = both("Handlingsplan", "Action plan")
FROM_OTHER_SITES = both("De øvrige steders niveau", "Level of the other sites")
FROM_ALL = both("Niveauet i det hele", "Level of the whole")
BY_MONTHS = both("Sin relative del af et større mål", "Its relative part of a larger target")
ASKED = both(
    "For hvert mål, der ikke er nået, bedes der om en forklaring og en handlingsplan senest den dag, der står. En plan "
    "fra en tidligere periode står her, til den er gennemført eller opgivet.",
    "For each target that is not met an explanation and an action plan are asked for by the day shown. A plan of an "
    "earlier period stands here until it is done or dropped.",
)

WHY: Mapping[Why, Text] = {
    "no_target": NO_TARGET,
    "before_data": both("Perioden slutter, før data begynder", "The period ends before the data begin"),
    "after_data": both("Perioden begynder efter, at data slutter", "The period begins after the data end"),
    "not_followed": both("Ingen er fulgt længe nok endnu", "Nobody has been followed long enough yet"),
    "nobody": both("Der er ingen at opgøre det for", "There is nobody to tell it for"),
    "no_comparison": both("Målets eget niveau kan ikke opgøres", "The target's own level cannot be told"),
    "no_direction": both("Hverken højere eller lavere er bedre", "Neither higher nor lower is better"),
}
"""Why a level has no light."""

_GIVEN: Mapping[Given, Text] = {
    "in_time": both("Givet", "Given"),
    "late": both("Givet for sent,", "Given late,"),
    "missing": both("Mangler", "Missing"),
    "awaited": both("Afventes", "Awaited"),
    "carried": both("Ingen ny plan", "No new plan"),
}

_PROGRESS = {
    "planned": both("planlagt", "planned"),
    "under_way": both("i gang", "under way"),
    "done": both("gennemført", "done"),
    "dropped": both("opgivet", "dropped"),
}
_OVERDUE = both("fristen er overskredet", "past its deadline")
_CARRIED = both("fra en tidligere periode", "from an earlier period")


def basis(rule: Target | None) -> Text:
    """What a target rests on."""
    if rule is None:
        return NO_TARGET
    if rule.comparator is not None:
        if rule.comparator == "all":
            return FROM_ALL
        return FROM_OTHERS if rule.site is None else FROM_OTHER_SITES
    if rule.share_of is None:
        return FIXED
    if rule.share is None:
        return BY_MONTHS
    decimals = 0 if round(rule.share * 100, 6) % 1 == 0 else 1
    return both(
        f"{percent(rule.share, 'da', decimals)} af et større mål",
        f"{percent(rule.share, 'en', decimals)} of a larger target",
    )


def covers(period: Period) -> Text:
    """The days a table counts."""
    return both(
        f"Opgørelsen dækker {day(period.first, 'da')} til {day(period.last, 'da')}.",
        f"The figures cover {day(period.first, 'en')} to {day(period.last, 'en')}.",
    )


def setters(rules: Sequence[tuple[Text, Target | None]]) -> tuple[Text, ...]:
    """Who set targets and on what day, as far as the definition says, those alike together.

    ``rules`` are the titles of indicators and their targets.
    """
    alike: dict[tuple[str, str], list[Text]] = {}
    for title, rule in rules:
        if rule is not None and (rule.set_by is not None or rule.set_on is not None):
            said = set_in_words(rule)
            alike.setdefault((said.da, said.en), []).append(title)
    return tuple(_set(titles, da, en) for (da, en), titles in alike.items())


def _set(titles: Sequence[Text], da: str, en: str) -> Text:
    one = len(titles) == 1
    return both(
        f"{'Målet' if one else 'Målene'} for {_row(titles, 'da')} er {da}.",
        f"The {'target' if one else 'targets'} of {_row(titles, 'en')} {'is' if one else 'are'} {en}.",
    )


def _row(titles: Sequence[Text], lang: Lang) -> str:
    """``»a«, »b« og »c«``."""
    named = [f"»{title.da}«" if lang == "da" else f"“{title.en}”" for title in titles]
    joint = " og " if lang == "da" else " and "
    return joint.join(([", ".join(named[:-1])] if named[:-1] else []) + named[-1:])


def explanation(programme: Programme, row: DeviationRow) -> Text | None:
    """Whether an explanation came, when, and what it says; none where none is asked for and none was given."""
    if row.explanation is None:
        return _GIVEN[row.explained] if row.explained is not None else None
    state = _GIVEN[row.explained or "in_time"]
    return _explained(programme, row.explanation, state)


def _explained(programme: Programme, told: Explanation, state: Text) -> Text:
    codes = programme.codes_for("deviation_explained.cause")
    code = codes.values.get(told.cause or "") if codes is not None else None
    cause_da, cause_en = (code.title.da, code.title.en) if code is not None else (told.cause, told.cause)
    return both(
        f"{state.da} {day(told.given_on, 'da')}: {f'{cause_da}. ' if cause_da else ''}{told.text}",
        f"{state.en} {day(told.given_on, 'en')}: {f'{cause_en}. ' if cause_en else ''}{told.text}",
    )


def plans(programme: Programme, row: DeviationRow) -> Text | None:
    """The plans with owner, deadline and progress; whether one is missing or came late."""
    told = [_plan(programme, action) for action in row.actions]
    if row.planned is not None and row.planned != "in_time":
        late = both("Kom for sent", "Came late")
        told.insert(0, late if row.planned == "late" else _GIVEN[row.planned])
    if not told:
        return None
    return both("; ".join(one.da for one in told), "; ".join(one.en for one in told))


def _plan(programme: Programme, action: Action) -> Text:
    role = programme.roles.get(action.owner or "")
    owner_da, owner_en = (role.title.da, role.title.en) if role is not None else (action.owner, action.owner)
    da, en = [f"frist {day(action.deadline, 'da')}"], [f"deadline {day(action.deadline, 'en')}"]
    if owner_da and owner_en:
        da.insert(0, f"ansvarlig: {owner_da}")
        en.insert(0, f"owner: {owner_en}")
    said = [_PROGRESS[action.status]]
    said += [_OVERDUE] * action.overdue + [_CARRIED] * action.carried
    da += [one.da for one in said]
    en += [one.en for one in said]
    return both(f"{action.text} ({', '.join(da)})", f"{action.text} ({', '.join(en)})")


def asked_by(said: Text | None, by: date | None) -> Text | None:
    """What was said about a missed target, and the last day for saying it."""
    if said is None or by is None:
        return said
    da, en = said.da.rstrip("."), said.en.rstrip(".")
    return both(f"{da}. Svar senest {day(by, 'da')}.", f"{en}. Answer by {day(by, 'en')}.")
