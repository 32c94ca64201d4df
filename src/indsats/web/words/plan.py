"""Words of the page of a plan: the goal, sub-goals and activities, and what runs beside each other."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_WORDS = """
plan.title: Plan | Plan
plan.open: Hele planen og kalenderen | The whole plan and the calendar
plan.goal: Slutmål | Final goal
plan.goal.none: Planen har intet slutmål endnu. | The plan has no final goal yet.
plan.none: Der er ingen plan endnu. | There is no plan yet.
plan.make: Lav en plan | Make a plan
plan.change: Ny udgave af planen | New version of the plan
plan.correct: Ret | Correct
plan.version: Aftalt {day}, skrevet af {by} | Agreed {day}, written by {by}
plan.versions: Tidligere udgaver ({n}) | Earlier versions ({n})
plan.agreed.yes: Borgeren er enig | The citizen agrees
plan.agreed.no: Borgeren er ikke enig | The citizen does not agree
plan.agreed.behalf: Aftalt på borgerens vegne | Agreed on the citizen's behalf
plan.agreed.unknown: Det er ikke oplyst, om borgeren er enig | Whether the citizen agrees is not told
plan.because: fordi {why} | because {why}
plan.more: Hvad planen ellers siger | What else the plan says
plan.subgoals: Delmål | Sub-goals
plan.subgoals.none: Planen har ingen delmål endnu. Registrér en aktivitet med det delmål, den fører til, eller en \
gennemgang. | The plan has no sub-goals yet. Register an activity with the sub-goal it leads to, or a review.
plan.subgoal.unreviewed: Ikke gennemgået endnu | Not reviewed yet
plan.subgoal.reviewed: Gennemgået {n} gange, senest {day} | Reviewed {n} times, last {day}
plan.subgoal.reviewed.one: Gennemgået én gang, {day} | Reviewed once, {day}
plan.subgoal.review: Gennemgå | Review
plan.subgoal.add: Føj aktivitet til | Add an activity
plan.subgoal.idle: Ingen aktivitet fører til delmålet. | No activity leads to the sub-goal.
plan.subgoal.over: Nåede og opgivne delmål ({n}) | Sub-goals reached or given up ({n})
plan.activity: Aktivitet | Activity
plan.activity.new: Ny aktivitet | New activity
plan.by: Hvem | Who
plan.when: Hvornår | When
plan.hours: Timer om ugen | Hours a week
plan.status: Hvor langt | How far
plan.yes: Ja | Yes
plan.no: Nej | No
plan.trouble: skal følges op | to be followed up
plan.calendar: Kalender | Calendar
plan.calendar.about: Alt, der løber samtidig, fra {first} til {last}. Stregen er i dag. | All that runs at the \
same time, from {first} to {last}. The line is today.
plan.calendar.none: Der løber ikke noget i perioden. | Nothing runs in the period.
plan.what: Hvad | What
plan.drawing: Tid | Time
plan.span: {first} til {last} | {first} to {last}
plan.span.open: fra {first} | from {first}
plan.source.activity: Aktivitet | Activity
plan.source.parallel_effort: Indsats ved siden af | Effort beside
plan.source.placement: Virksomhedsforløb eller tilbud | Placement or offer
plan.source.course: Andet forløb | Another course
plan.source.pause: Pause | Pause
plan.meetings: Planlagte møder | Planned meetings
plan.meeting: {day}: {what} | {day}: {what}
plan.load: Ugens timer | Hours of the week
plan.load.now: {hours} timer om ugen lige nu | {hours} hours a week at present
plan.load.none: Intet med oplyste timer løber lige nu. | Nothing with hours told runs at present.
plan.load.full: Den stiplede streg er en fuld uge på 37 timer. | The dashed line is a full week of 37 hours.
plan.load.step: {first} til {last}: {hours} timer om ugen | {first} to {last}: {hours} hours a week
plan.load.over: {n} timer mere end en fuld uge | {n} hours more than a full week
plan.load.untold: {n} ting uden oplyste timer | {n} things without hours told
plan.load.untold.one: én ting uden oplyste timer | one thing without hours told
plan.load.steps: Timer om ugen over tid | Hours a week over time
plan.clashes: Det går ikke op | What does not fit
plan.clashes.none: Intet støder sammen. | Nothing clashes.
plan.clash: {day}: {why} | {day}: {why}
plan.clash.meetings: {n} møder samme dag | {n} meetings on the same day
plan.clash.paused: møde i en pause | a meeting in a pause
plan.clash.off: møde på en fridag ({why}) | a meeting on a day off ({why})
plan.clash.full: mere end en fuld uge, til {last} | more than a full week, until {last}
plan.course: i {of} | in {of}
plan.course.same: i et andet forløb her | in another course here
plan.hidden: Din rolle ser ikke dette, og det er ikke med i kalenderen: {what}. | Your role does not see this, and it \
is not in the calendar: {what}.
plan.load.hidden: Vises ikke: din rolle ser ikke alt det, ugens timer regnes ud fra. Du ser ikke: {what}. | Not shown: \
your role does not see all that the hours of the week are worked out from. You do not see: {what}.
plan.register.parallel_effort: Indsats ved siden af | Effort beside
plan.register.meeting: Møde | Meeting
plan.jobs: Jobmål og CV | Job goals and CV
plan.jobs.none: Der er ingen jobmål endnu. | There are no job goals yet.
plan.jobs.goal: {level}: {occupation} | {level}: {occupation}
plan.jobs.since: siden {day} | since {day}
plan.jobs.level: Niveau ikke oplyst | Level not told
plan.cv.published: CV lagt ud {day} | CV published {day}
plan.cv.made: CV lavet {day}, ikke lagt ud | CV made {day}, not published
plan.cv.none: Intet CV endnu | No CV yet
plan.cv.least: Et CV skal mindst indeholde: | A CV is to hold at the least:
plan.cv.lacks: CV'et mangler {n} ting | The CV lacks {n} things
plan.cv.lacks.one: CV'et mangler én ting | The CV lacks one thing
plan.cv.whole: CV'et har det, det mindst skal indeholde | The CV has what it is to hold at the least
plan.register.job_goal: Jobmål | Job goal
plan.register.cv: CV | CV
plan.register: Registrér | Register
"""

WORDS: dict[str, Text] = table(_WORDS)
"""``plan.<what>`` by key."""
