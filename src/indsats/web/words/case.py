"""Words of the case page: what facts say in a line, the panels beside the timeline, and the menu of kinds."""

from __future__ import annotations

from indsats.programme import Text

_KINDS = """
drawn: Lodtrækning | Draw
excluded: Udeladelse | Exclusion
visitation: Visitation | Visitation
enrolled: Indskrivning | Enrolment
assigned: Ansvarlig medarbejder | Responsible worker
plan: Plan | Plan
activity: Aktivitet i planen | Activity of the plan
subgoal_reviewed: Delmål | Sub-goal
cv: CV | CV
job_goal: Jobmål | Job goal
meeting: Samtale eller møde | Talk or meeting
contact_attempt: Forsøg på kontakt | Attempt at contact
walk_in: Besøg uden aftale | Visit without appointment
agreement: Aftale | Agreement
placement: Virksomhedsforløb eller tilbud | Placement or offer
hours: Timer | Hours
parallel_effort: Indsats ved siden af | Effort beside
pause: Pause | Pause
requirement_answered: Svar på krav | Answer to a requirement
questionnaire_answered: Besvaret skema | Answered questionnaire
questionnaire_asked: Henvendelse om skema | Approach about a questionnaire
event: Hændelse | Event
exit: Afslutning | Exit
site_answered: Svar fra et sted | Answer from a site
site_asked: Henvendelse til et sted | Approach to a site
site_setting: Stedets egen indstilling | The site's own setting
deviation_explained: Forklaring på en afvigelse | Explanation of a deviation
action_planned: Handlingsplan | Action plan
"""

_SAID = """
drawn: Trukket til {arm} | Drawn to {arm}
excluded: Udeladt: {reason} | Left out: {reason}
visitation: Visiteret til {group} | Assigned to {group}
visitation.none: Visiteret uden målgruppe | Assessed without a target group
enrolled.service: Indskrevet i {service} | Enrolled in {service}
enrolled: Indskrevet | Enrolled
assigned.worker: {worker} er {role} | {worker} is {role}
assigned: Ingen er længere {role} | Nobody is {role} any more
plan.goal: Plan: {goal} | Plan: {goal}
plan: Plan lavet eller ændret | Plan made or changed
activity: {activity}, {status} | {activity}, {status}
subgoal_reviewed: Delmål {status}: {subgoal} | Sub-goal {status}: {subgoal}
cv.published: CV lagt ud | CV published
cv: CV lavet, ikke lagt ud | CV made, not published
job_goal.both: Jobmål {level}: {occupation} | Job goal {level}: {occupation}
job_goal.level: Jobmål {level} | Job goal {level}
job_goal.occupation: Jobmål: {occupation} | Job goal: {occupation}
job_goal: Jobmål | Job goal
meeting: {type}, {outcome} | {type}, {outcome}
contact_attempt.reached: Borgeren blev nået | The citizen was reached
contact_attempt: Forsøg på kontakt, borgeren blev ikke nået | Attempt at contact, the citizen was not reached
walk_in.topic: Besøg uden aftale: {topic} | Visit without appointment: {topic}
walk_in: Besøg uden aftale | Visit without appointment
agreement.with: {type} med {counterpart} | {type} with {counterpart}
agreement: {type} | {type}
placement.at: {type} hos {employer} | {type} at {employer}
placement: {type} | {type}
hours: {hours_per_week} timer om ugen, {type} | {hours_per_week} hours a week, {type}
parallel_effort: {type} | {type}
pause.reason: Pause: {reason} | Pause: {reason}
pause: Pause | Pause
requirement_answered: {requirement}: {answer} | {requirement}: {answer}
questionnaire_answered: {questionnaire} besvaret af {rater} | {questionnaire} answered by {rater}
questionnaire_asked: {questionnaire}: {step} | {questionnaire}: {step}
event.value: {event}: {value} | {event}: {value}
event: {event} | {event}
exit.reason: Forløbet sluttede: {reason} | The course ended: {reason}
exit: Forløbet sluttede | The course ended
"""

_OWN = """
case.title: Sag | Case
case.age: {n} år | aged {n}
case.protected: Beskyttet person | Shielded person
case.protected.about: Kun de ansvarlige kan se, at sagen findes. | Only those responsible can see that the \
case exists.
case.synthetic: Opdigtet person | Invented person
case.glass: Åbnet med begrundelse. Alt, hvad du ser, bliver noteret. | Opened with a reason. All you see is \
noted.
case.state.candidate: Ikke indskrevet | Not enrolled
case.state.upcoming: Begynder {day} | Begins {day}
case.state.active: I gang siden {day} | Under way since {day}
case.state.paused: På pause | Paused
case.state.ended: Afsluttet {day} | Ended {day}
case.since: siden {day} | since {day}
case.week: uge {n} af forløbet | week {n} of the course
case.nobody: Ingen er ansvarlig for sagen. | Nobody is responsible for the case.
case.where: Hvor i forløbet | Where in the course
case.group: Målgruppe | Target group
case.service: Tilbud | Service
case.site: Sted | Site
case.phases: Faser | Phases
case.phase.now: Fase nu | Phase now
case.phase.none: Ikke i nogen fase lige nu. | In no phase at present.
case.next: Næste møde | Next meeting
case.next.none: Intet møde er planlagt | No meeting is planned
case.last: Seneste samtale | Last talk
case.responsible: Ansvarlige | Responsible
case.responsible.before: Tidligere ansvarlige ({n}) | Responsible before ({n})
case.responsible.span: {since} til {until} | {since} to {until}
case.due: Det skal gøres | To be done
case.due.count: {n} ting skal gøres | {n} things to be done
case.due.count.one: Én ting skal gøres | One thing to be done
case.due.none: Intet er forfaldent lige nu. | Nothing is due at present.
case.due.overdue: Frist {day} er overskredet | Deadline {day} has passed
case.due.today: Frist i dag | Due today
case.due.soon: Frist {day} | Due {day}
case.due.open: Kan gøres nu | Can be done now
case.due.asked: Krav, der skal besvares ({n}) | Requirements to be answered ({n})
case.due.register: Registrér | Register
case.later: Senere ({n}) | Later ({n})
case.waiting: Opdateres efter den seneste registrering | Being brought up to date after the latest registration
case.waiting.reload: Genindlæs siden | Reload the page
case.timeline: Forløb | Course
case.timeline.none: Der er ikke registreret noget endnu. | Nothing has been registered yet.
case.timeline.all: Vis alle {n} | Show all {n}
case.timeline.ahead: Forude | Ahead
case.timeline.shown: De {n} nyeste er vist. | The {n} newest are shown.
case.timeline.kind: Vis kun | Show only
case.timeline.every: Alt | Everything
case.late: registreret {day}, {n} dage efter | registered {day}, {n} days after
case.corrected: rettet {day} af {by} | corrected {day} by {by}
case.recorded: registreret {when} af {by} | registered {when} by {by}
case.answers: Svar på {n} krav | Answers to {n} requirements
case.draft: Du har en kladde, der ikke er gemt: {kind} | You have a draft that is not saved: {kind}
case.versions: Vis tidligere udgaver ({n}) | Show earlier versions ({n})
case.version: Udgave {n} | Version {n}
case.withdrawn: Tilbagekaldte registreringer ({n}) | Withdrawn registrations ({n})
case.withdrawn.by: tilbagekaldt {day} af {by} | withdrawn {day} by {by}
case.withdrawn.why: Begrundelse: {reason} | Reason: {reason}
case.all_fields: Vis det hele | Show all of it
case.correct: Ret | Correct
case.correct.about: Ret: {what} | Correct: {what}
case.result: Registrér resultat | Register the result
case.requirements: Krav | Requirements
case.requirements.open: Skal besvares | To be answered
case.requirements.answered: Besvaret | Answered
case.requirements.none: Ingen krav venter på svar. | No requirements wait for an answer.
case.requirements.all: Alle krav og faser | All requirements and phases
case.requirements.why: Grund: {reason} | Reason: {reason}
case.requirements.rest: {n} mere | {n} more
case.requirements.more: {n} besvarede mere | {n} more answered
case.measurements: Målinger | Measurements
case.measurements.none: Ingen skemaer er besvaret. | No questionnaires have been answered.
case.measurements.on: {day}, besvaret af {rater} | {day}, answered by {rater}
case.measurements.question: Spørgsmål | Question
case.measurements.answer: Svar | Answer
case.measurements.before: Før | Before
case.measurements.scale: {low} er lavest, {high} er højest | {low} is lowest, {high} is highest
case.measurements.forward: {n}, fremgang | {n}, progress
case.measurements.back: {n}, tilbagegang | {n}, decline
case.measurements.same: {n} | {n}
case.pauses: Pauser | Pauses
case.span: {first} til {last} | {first} to {last}
case.span.open: fra {first} | from {first}
case.ended: Afslutning | Exit
case.others: Andre forløb | Other courses
case.register.meeting: Registrér samtale | Register a talk
case.register.other: Andet … | Other …
case.all.title: Krav og faser | Requirements and phases
case.all.back: Til sagen | To the case
case.all.requirement: Krav | Requirement
case.all.state: Status | Status
case.all.answer: Svar | Answer
case.all.measured: Efter datoerne | By the dates
case.all.due: Frist | Due
case.all.none: Programmet har ingen krav til dette forløb. | The programme has no requirements for this course.
case.all.no_phase: Gælder hele forløbet | Holds for the whole course
case.all.runs: Faser, borgeren har været i | Phases the citizen has been in
case.all.runs.none: Borgeren har ikke været i nogen fase. | The citizen has not been in any phase.
case.all.skipped: sprunget over | skipped
case.all.from: Fra | From
case.all.to: Til | To
case.all.running: i gang | under way
case.requirement.met: opfyldt | met
case.requirement.not_met: ikke opfyldt | not met
case.requirement.not_answered: ikke besvaret | not answered
case.requirement.not_due: ikke forfaldent | not due
case.requirement.not_applicable: ikke relevant | not applicable
case.requirement.unknown: kan ikke ses af datoerne | cannot be seen from the dates
case.unknown_worker: ikke oplyst | not stated
case.hidden: Noget, du ikke har adgang til at se | Something you may not see
case.yes: ja | yes
case.no: nej | no
case.answered_of: {n} af {of} spørgsmål besvaret | {n} of {of} questions answered
case.until: til {day} | until {day}
"""


def table(words: str, prefix: str = "") -> dict[str, Text]:
    """A table with a line for each text: ``key: Danish | English``; a key may hold colons that no space follows."""
    found: dict[str, Text] = {}
    for line in words.strip().split("\n"):
        key, _, rest = line.partition(": ")
        da, _, en = rest.partition(" | ")
        found[prefix + key] = Text(da=da, en=en)
    return found


WORDS: dict[str, Text] = {**table(_KINDS, "case.kind."), **table(_SAID, "case.said."), **table(_OWN)}
"""``case.kind.<kind>``: what a kind is called in menus; ``case.said.<kind>``: what a fact of it says in a line."""
