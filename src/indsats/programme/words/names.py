"""What the kinds of facts, their fields and their fixed values are called in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..base import Text


class Kind(NamedTuple):
    """A kind of fact: one of them with its article, and several."""

    one: Text
    many: Text


def read_table(words: str) -> dict[str, list[Text]]:
    """A table with a line for each name, ``name: Danish | English`` and so on in pairs."""
    found: dict[str, list[Text]] = {}
    for line in words.strip().split("\n"):
        name, _, rest = line.partition(": ")
        said = rest.split(" | ")
        found[name] = [Text(da=da, en=en) for da, en in zip(said[::2], said[1::2], strict=True)]
    return found


def _first(words: str) -> dict[str, Text]:
    return {name: texts[0] for name, texts in read_table(words).items()}


_KINDS = """
drawn: en lodtrækning | a draw | lodtrækninger | draws
excluded: en udeladelse | an exclusion | udeladelser | exclusions
visitation: en visitation | a visitation | visitationer | visitations
enrolled: en indskrivning | an enrolment | indskrivninger | enrolments
assigned: en tildeling af en medarbejder | an assignment of a worker | tildelinger | assignments of workers
plan: en plan | a plan | planer | plans
activity: en aktivitet i planen | an activity of the plan | aktiviteter i planen | activities of the plan
subgoal_reviewed: en gennemgang af et delmål | a review of a sub-goal | gennemgange af delmål | reviews of sub-goals
cv: et cv | a CV | cv'er | CVs
job_goal: et jobmål | a job goal | jobmål | job goals
meeting: et møde | a meeting | møder | meetings
contact_attempt: et forsøg på kontakt | an attempt at contact | forsøg på kontakt | attempts at contact
walk_in: et besøg uden aftale | a visit without appointment | besøg uden aftale | visits without appointment
agreement: en aftale | an agreement | aftaler | agreements
placement: en placering | a placement | placeringer | placements
hours: en periode med timer | a period of hours | perioder med timer | periods of hours
parallel_effort: en sideløbende indsats | a parallel effort | sideløbende indsatser | parallel efforts
pause: en pause | a pause | pauser | pauses
requirement_answered: et svar på et krav | an answer to a requirement | svar på krav | answers to requirements
questionnaire_answered: et besvaret skema | an answered questionnaire | besvarede skemaer | answered questionnaires
questionnaire_asked: en skemahenvendelse | a questionnaire approach | skemahenvendelser | questionnaire approaches
event: en hændelse | an event | hændelser | events
exit: en afgang | an exit | afgange | exits
site_answered: et svar fra et sted | an answer from a site | svar fra steder | answers from sites
site_asked: en henvendelse til et sted | an approach to a site | henvendelser til steder | approaches to sites
site_setting: et steds egen indstilling | a site's own setting | steders egne indstillinger | sites' own settings
deviation_explained: en forklaring på en afvigelse | an explanation | forklaringer på afvigelser | explanations
action_planned: en handlingsplan | an action plan | handlingsplaner | action plans
"""
KINDS: Mapping[str, Kind] = {name: Kind(one, many) for name, (one, many) in read_table(_KINDS).items()}

_FIELDS = """
occurred_from: startdato | start date
occurred_to: slutdato | end date
site: sted | site
unit: enhed | unit
service: tilbud | service
draw: lodtrækning | draw
arm: lodtrækningens hold | arm of the draw
reason: årsag | reason
group: målgruppe | group
legal_basis: hjemmel | legal basis
case_opened: sag åbnet | case opened
role: rolle | role
worker: medarbejder | worker
goal: mål | goal
agreed_by_citizen: aftalt med borgeren | agreed by the citizen
on_behalf: grund til at aftale på borgerens vegne | reason for agreeing on the citizen's behalf
activity: aktivitet | activity
purpose: formål | purpose
by: hvem der gør det | who does it
activities_work: aktiviteterne virker | activities work
adjust: indholdet justeres | content is adjusted
other_activities: andre aktiviteter | other activities
citizen_said: borgerens svar på aftalen | the citizen's answer to the appointment
citizen_wish: borgerens ønske om tid | the citizen's wish for a time
subgoal: delmål | sub-goal
status: status | status
published: lagt ud | published
level: niveau | level
occupation: erhverv | occupation
type: type | type
outcome: udfald | outcome
place: mødested | place
participants: deltagere | participants
minutes_shared: referat delt | minutes shared
channel: kontaktmåde | channel
reached: borger nået | citizen reached
topic: emne | topic
action: handling | action
summoned: indkaldt | summoned
has_case: har en sag | has a case
counterpart: modpart | counterpart
hours_per_week: timer om ugen | hours a week
employer: arbejdsgiver | employer
evidence: kilde til timerne | source of the hours
requirement: krav | requirement
answer: svar | answer
questionnaire: spørgeskema | questionnaire
rater: hvem der svarer | who answers
wave: runde | wave
edition: udgave | edition
step: skridt | step
event: hændelse | event
value: udfald | outcome
respondent: svarperson | respondent
setting: indstilling | setting
indicator: indikator | indicator
cause: årsag | cause
explanation: forklaring | explanation
owner: ansvarlig | owner
birth_date: fødselsdato | date of birth
sex: køn | sex
origin: herkomst | origin
civil_status: civilstand | civil status
education: uddannelse | education
area: bopælsområde | area of residence
age: alder | age
index_date: indeksdato | index date
"""
FIELDS: Mapping[str, Text] = _first(_FIELDS)
"""Fields every programme has. A field means nearly the same in each kind of fact that has it."""

_KIND_FIELD = """
site_setting.value: værdi | value
requirement_answered.reason: grund til nej | reason for no
"""
KIND_FIELD: Mapping[str, Text] = _first(_KIND_FIELD)
"""Fields that mean something else in one kind of fact, as ``kind.field``."""

_YES_NO = """
case_opened: sagen er åbnet | the case is open | sagen er ikke åbnet | the case is not open
agreed_by_citizen: borgeren er enig | the citizen agrees | borgeren er ikke enig | the citizen does not agree
activities_work: aktiviteterne virker | the activities work | aktiviteterne virker ikke | the activities do not work
adjust: indholdet skal justeres | the content is to be adjusted | indholdet skal ikke justeres | the content is kept
other_activities: der skal andre aktiviteter til | others are needed | der skal ikke andre til | no others are needed
minutes_shared: borgeren har referatet | the citizen has minutes | borgeren har ikke referatet | the citizen has none
published: det er lagt ud | it is published | det er ikke lagt ud | it is not published
reached: borgeren blev nået | the citizen was reached | borgeren blev ikke nået | the citizen was not reached
summoned: borgeren var indkaldt | the citizen was summoned | borgeren var ikke indkaldt | the citizen was not summoned
has_case: borgeren har en sag | the citizen has a case | borgeren har ingen sag | the citizen has no case
"""
YES_NO: Mapping[str, list[Text]] = read_table(_YES_NO)
"""True-or-false fields, said when they hold and when they do not."""

_VALUES = """
meeting.citizen_said coming: kommer | is coming
meeting.citizen_said move: vil gerne flytte | asks to move
activity.status planned: planlagt | planned
activity.status under_way: i gang | under way
activity.status done: gennemført | done
activity.status dropped: opgivet | dropped
meeting.outcome planned: planlagt | planned
meeting.outcome held: afholdt | held
meeting.outcome no_show: udeblivelse | no-show
meeting.outcome cancelled: afbud | cancelled
meeting.outcome moved: flyttet | moved
requirement_answered.answer yes: ja | yes
requirement_answered.answer partly: delvist | partly
requirement_answered.answer no: nej | no
requirement_answered.answer not_applicable: ikke relevant | not applicable
subgoal_reviewed.status not_started: ikke begyndt | not started
subgoal_reviewed.status under_way: i gang | under way
subgoal_reviewed.status reached: nået | reached
subgoal_reviewed.status dropped: opgivet | dropped
job_goal.level A: A (nu) | A (now)
job_goal.level B: B (med en indsats) | B (with an effort)
job_goal.level C: C (på længere sigt) | C (in the long run)
questionnaire_asked.step invited: inviteret | invited
questionnaire_asked.step reminded: påmindet | reminded
questionnaire_asked.step declined: afslået | declined
questionnaire_asked.step not_relevant: ikke relevant | not relevant
questionnaire_asked.step not_reached: ikke nået | not reached
site_asked.step invited: inviteret | invited
site_asked.step reminded: påmindet | reminded
site_asked.step declined: afslået | declined
site_asked.step not_relevant: ikke relevant | not relevant
site_asked.step not_reached: ikke nået | not reached
hours.type ordinary: ordinære timer | ordinary hours
hours.type subsidised: timer med løntilskud | subsidised hours
hours.type flex: timer i fleksjob | flex-job hours
hours.type education: timer i ordinær uddannelse | hours in ordinary education
hours.type unpaid: ulønnede timer | unpaid hours
hours.evidence payslip: lønseddel | payslip
hours.evidence register: register | register
hours.evidence employer: oplyst af arbejdsgiveren | told by the employer
hours.evidence citizen: oplyst af borgeren | told by the citizen
hours.evidence estimate: skøn | estimate
action_planned.status planned: planlagt | planned
action_planned.status under_way: i gang | under way
action_planned.status done: gennemført | done
action_planned.status dropped: opgivet | dropped
"""


def _by_place(words: str) -> dict[str, dict[str, Text]]:
    found: dict[str, dict[str, Text]] = {}
    for name, text in _first(words).items():
        place, _, value = name.partition(" ")
        found.setdefault(place, {})[value] = text
    return found


VALUES: Mapping[str, Mapping[str, Text]] = _by_place(_VALUES)
"""Values that are the same in every programme, as ``kind.field``."""

_MEANINGS = """
job: i job | in a job
education: i uddannelse | in education
self_support: selvforsørgende | self-supporting
job_ready: jobparat | job-ready
flex: i fleksjob | in a flex job
resource: i ressourceforløb | in a resource programme
sick: på sygedagpenge | on sickness benefit
pension: på førtidspension | on disability pension
old_age: på folkepension | on state pension
moved: fraflyttet | moved away
dead: død | dead
parent: på barsel | on parental leave
completed: forløb gennemført | course completed
practice: praktik | traineeship
subsidy: løntilskud | wage subsidy
other: andet | other
"""
MEANINGS: Mapping[str, Text] = _first(_MEANINGS)
"""What codes stand for in the words all programmes share."""
