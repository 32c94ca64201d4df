"""What the kinds of facts, their fields and their fixed values are called in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..base import Text


class Kind(NamedTuple):
    """A kind of fact: one of them with its article, and several."""

    one: Text
    many: Text


def _kind(da: str, en: str, many_da: str, many_en: str) -> Kind:
    return Kind(Text(da=da, en=en), Text(da=many_da, en=many_en))


def _text(da: str, en: str) -> Text:
    return Text(da=da, en=en)


KINDS: Mapping[str, Kind] = {
    "drawn": _kind("en lodtrækning", "a draw", "lodtrækninger", "draws"),
    "excluded": _kind("en udeladelse", "an exclusion", "udeladelser", "exclusions"),
    "visitation": _kind("en visitation", "a visitation", "visitationer", "visitations"),
    "enrolled": _kind("en indskrivning", "an enrolment", "indskrivninger", "enrolments"),
    "assigned": _kind(
        "en tildeling af en medarbejder", "an assignment of a worker", "tildelinger", "assignments of workers"
    ),
    "plan": _kind("en plan", "a plan", "planer", "plans"),
    "subgoal_reviewed": _kind(
        "en gennemgang af et delmål",
        "a review of a sub-goal",
        "gennemgange af delmål",
        "reviews of sub-goals",
    ),
    "cv": _kind("et cv", "a CV", "cv'er", "CVs"),
    "job_goal": _kind("et jobmål", "a job goal", "jobmål", "job goals"),
    "meeting": _kind("et møde", "a meeting", "møder", "meetings"),
    "contact_attempt": _kind(
        "et forsøg på kontakt", "an attempt at contact", "forsøg på kontakt", "attempts at contact"
    ),
    "walk_in": _kind(
        "et besøg uden aftale",
        "a visit without appointment",
        "besøg uden aftale",
        "visits without appointment",
    ),
    "agreement": _kind("en aftale", "an agreement", "aftaler", "agreements"),
    "placement": _kind("en placering", "a placement", "placeringer", "placements"),
    "hours": _kind("en periode med timer", "a period of hours", "perioder med timer", "periods of hours"),
    "parallel_effort": _kind(
        "en sideløbende indsats", "a parallel effort", "sideløbende indsatser", "parallel efforts"
    ),
    "pause": _kind("en pause", "a pause", "pauser", "pauses"),
    "requirement_answered": _kind(
        "et svar på et minimumskrav",
        "an answer to a minimum requirement",
        "svar på minimumskrav",
        "answers to minimum requirements",
    ),
    "questionnaire_answered": _kind(
        "et besvaret spørgeskema",
        "an answered questionnaire",
        "besvarede spørgeskemaer",
        "answered questionnaires",
    ),
    "event": _kind("en hændelse", "an event", "hændelser", "events"),
    "exit": _kind("en afgang", "an exit", "afgange", "exits"),
    "site_answered": _kind(
        "et svar fra et sted", "an answer from a site", "svar fra steder", "answers from sites"
    ),
    "site_setting": _kind(
        "et steds egen indstilling",
        "a site's own setting",
        "steders egne indstillinger",
        "sites' own settings",
    ),
}

FIELDS: Mapping[str, Text] = {
    "occurred_from": _text("startdato", "start date"),
    "occurred_to": _text("slutdato", "end date"),
    "site": _text("sted", "site"),
    "unit": _text("enhed", "unit"),
    "service": _text("tilbud", "service"),
    "draw": _text("lodtrækning", "draw"),
    "arm": _text("lodtrækningens hold", "arm of the draw"),
    "reason": _text("årsag", "reason"),
    "group": _text("målgruppe", "group"),
    "legal_basis": _text("hjemmel", "legal basis"),
    "case_opened": _text("sag åbnet", "case opened"),
    "role": _text("rolle", "role"),
    "worker": _text("medarbejder", "worker"),
    "goal": _text("mål", "goal"),
    "agreed_by_citizen": _text("aftalt med borgeren", "agreed by the citizen"),
    "subgoal": _text("delmål", "sub-goal"),
    "status": _text("status", "status"),
    "published": _text("lagt ud", "published"),
    "level": _text("niveau", "level"),
    "occupation": _text("erhverv", "occupation"),
    "type": _text("type", "type"),
    "outcome": _text("udfald", "outcome"),
    "place": _text("mødested", "place"),
    "participants": _text("deltagere", "participants"),
    "channel": _text("kontaktmåde", "channel"),
    "reached": _text("borger nået", "citizen reached"),
    "topic": _text("emne", "topic"),
    "action": _text("handling", "action"),
    "summoned": _text("indkaldt", "summoned"),
    "has_case": _text("har en sag", "has a case"),
    "counterpart": _text("modpart", "counterpart"),
    "hours_per_week": _text("timer om ugen", "hours a week"),
    "employer": _text("arbejdsgiver", "employer"),
    "evidence": _text("kilde til timerne", "source of the hours"),
    "requirement": _text("krav", "requirement"),
    "answer": _text("svar", "answer"),
    "questionnaire": _text("spørgeskema", "questionnaire"),
    "rater": _text("hvem der svarer", "who answers"),
    "wave": _text("runde", "wave"),
    "event": _text("hændelse", "event"),
    "value": _text("udfald", "outcome"),
    "respondent": _text("svarperson", "respondent"),
    "setting": _text("indstilling", "setting"),
    "birth_date": _text("fødselsdato", "date of birth"),
    "sex": _text("køn", "sex"),
    "origin": _text("herkomst", "origin"),
    "civil_status": _text("civilstand", "civil status"),
    "education": _text("uddannelse", "education"),
    "area": _text("bopælsområde", "area of residence"),
    "age": _text("alder", "age"),
    "index_date": _text("indeksdato", "index date"),
}
"""Fields every programme has. A field means nearly the same in each kind of fact that has it."""

KIND_FIELD: Mapping[str, Text] = {
    "site_setting.value": _text("værdi", "value"),
    "requirement_answered.reason": _text("grund til nej", "reason for no"),
    "drawn.draw": _text("lodtrækning", "draw"),
}
"""Fields that mean something else in one kind of fact, as ``kind.field``."""

YES_NO: Mapping[str, tuple[Text, Text]] = {
    "case_opened": (
        _text("sagen er åbnet", "the case is open"),
        _text("sagen er ikke åbnet", "the case is not open"),
    ),
    "agreed_by_citizen": (
        _text("borgeren er enig", "the citizen agrees"),
        _text("borgeren er ikke enig", "the citizen does not agree"),
    ),
    "published": (
        _text("det er lagt ud", "it is published"),
        _text("det er ikke lagt ud", "it is not published"),
    ),
    "reached": (
        _text("borgeren blev nået", "the citizen was reached"),
        _text("borgeren blev ikke nået", "the citizen was not reached"),
    ),
    "summoned": (
        _text("borgeren var indkaldt", "the citizen was summoned"),
        _text("borgeren var ikke indkaldt", "the citizen was not summoned"),
    ),
    "has_case": (
        _text("borgeren har en sag", "the citizen has a case"),
        _text("borgeren har ingen sag", "the citizen has no case"),
    ),
}
"""True-or-false fields, said when they hold and when they do not."""

VALUES: Mapping[str, Mapping[str, Text]] = {
    "meeting.outcome": {
        "planned": _text("planlagt", "planned"),
        "held": _text("afholdt", "held"),
        "no_show": _text("udeblivelse", "no-show"),
        "cancelled": _text("afbud", "cancelled"),
        "moved": _text("flyttet", "moved"),
    },
    "requirement_answered.answer": {
        "yes": _text("ja", "yes"),
        "partly": _text("delvist", "partly"),
        "no": _text("nej", "no"),
        "not_applicable": _text("ikke relevant", "not applicable"),
    },
    "subgoal_reviewed.status": {
        "not_started": _text("ikke begyndt", "not started"),
        "under_way": _text("i gang", "under way"),
        "reached": _text("nået", "reached"),
        "dropped": _text("opgivet", "dropped"),
    },
    "job_goal.level": {
        "A": _text("A (nu)", "A (now)"),
        "B": _text("B (med en indsats)", "B (with an effort)"),
        "C": _text("C (på længere sigt)", "C (in the long run)"),
    },
    "hours.type": {
        "ordinary": _text("ordinære timer", "ordinary hours"),
        "subsidised": _text("timer med løntilskud", "subsidised hours"),
        "flex": _text("timer i fleksjob", "flex-job hours"),
        "education": _text("timer i ordinær uddannelse", "hours in ordinary education"),
        "unpaid": _text("ulønnede timer", "unpaid hours"),
    },
    "hours.evidence": {
        "payslip": _text("lønseddel", "payslip"),
        "register": _text("register", "register"),
        "employer": _text("oplyst af arbejdsgiveren", "told by the employer"),
        "citizen": _text("oplyst af borgeren", "told by the citizen"),
        "estimate": _text("skøn", "estimate"),
    },
}
"""Values that are the same in every programme, as ``kind.field``."""

MEANINGS: Mapping[str, Text] = {
    "job": _text("i job", "in a job"),
    "education": _text("i uddannelse", "in education"),
    "self_support": _text("selvforsørgende", "self-supporting"),
    "job_ready": _text("jobparat", "job-ready"),
    "flex": _text("i fleksjob", "in a flex job"),
    "resource": _text("i ressourceforløb", "in a resource programme"),
    "sick": _text("på sygedagpenge", "on sickness benefit"),
    "pension": _text("på førtidspension", "on disability pension"),
    "old_age": _text("på folkepension", "on state pension"),
    "moved": _text("fraflyttet", "moved away"),
    "dead": _text("død", "dead"),
    "parent": _text("på barsel", "on parental leave"),
    "completed": _text("forløb gennemført", "course completed"),
    "practice": _text("praktik", "traineeship"),
    "subsidy": _text("løntilskud", "wage subsidy"),
    "other": _text("andet", "other"),
}
"""What codes stand for in the words all programmes share."""
