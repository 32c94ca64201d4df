"""Words of the page of one case's measurements."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
measurements.title: Målinger | Measurements
measurements.all: Alle målinger | All measurements
measurements.none: Der er ingen målinger i forløbet, og ingen skal besvares. | There are no measurements in the course, and none is to be answered.
measurements.here: På siden | On this page
measurements.by: Besvares af {raters} | Answered by {raters}
measurements.by.one: Besvares af én af disse: {raters} | Answered by one of these: {raters}
measurements.by.each: Besvares af hver for sig: {raters} | Answered by each of these: {raters}
measurements.or: {others} eller {last} | {others} or {last}
measurements.class: Gruppe efter svarene | Class by the answers
measurements.unanswered: Skemaet er ikke besvaret endnu. | The questionnaire has not been answered yet.
measurements.rater: Besvaret af | Answered by
measurements.start: Ved start | At the start
measurements.now: Nu | Now
measurements.change: Ændring | Change
measurements.day: Dag | Day
measurements.round: Runde | Round
measurements.edition: Udgave | Edition
measurements.value: Score | Score
measurements.band: Niveau | Level
measurements.note: Bemærk | Note
measurements.is_start: start | start
measurements.from_start: Fra start til nu | From start to now
measurements.over_time: Alle målinger, nyeste først | All measurements, newest first
measurements.drawing: Udvikling | Course
measurements.drawn: Scoren fra {first} til {last}, en linje for hver, der har svaret. Tallene står i tabellen ved siden af. | The score from {first} to {last}, a line for each who answered. The numbers stand in the table beside it.
measurements.moved.forward: {change}, fremgang | {change}, progress
measurements.moved.back: {change}, tilbagegang | {change}, decline
measurements.moved.same: {change} | {change}
measurements.reliable.better: Sikker fremgang: mere end måleusikkerheden på {n} | Reliable progress: more than the measurement error of {n}
measurements.reliable.worse: Sikker tilbagegang: mere end måleusikkerheden på {n} | Reliable decline: more than the measurement error of {n}
measurements.reliable.same: Inden for måleusikkerheden på {n} | Within the measurement error of {n}
measurements.noticed.yes: Mærkbart bedre: mindst {n} | Noticeably better: at least {n}
measurements.noticed.no: Ikke mærkbart bedre: det kræver mindst {n} | Not noticeably better: that takes at least {n}
measurements.certain: En ændring er sikker, når den er større end {limit}. Mindre ændringer kan skyldes, at målingen er usikker. | A change is reliable when it is larger than {limit}. Smaller changes may be due to error of measurement.
measurements.certain.unknown: Det vides ikke, hvor pålideligt scoren måler. Derfor siges det ikke, om en ændring er større end måleusikkerheden. | How reliably the score measures is not known. So it is not said whether a change is larger than the error of measurement.
measurements.certain.group: Pålideligheden er {reliability}, men spredningen mellem borgere er ikke angivet. Om ændringen er større end måleusikkerheden, kan derfor kun ses af rapporten for hele gruppen. | The reliability is {reliability}, but the spread between citizens is not given. Whether the change is larger than the error of measurement can therefore only be seen in the report on the whole group.
measurements.range: Skemaet manglede svarmuligheder; med dem alle kunne scoren være fra {low} til {high} | The form lacked answer options; with all of them the score could be from {low} to {high}
measurements.prorated: Regnet ud af {n} af {of} spørgsmål | Worked out from {n} of {of} items
measurements.lacks.too_few_answered: Ingen score: {n} af {of} spørgsmål er besvaret | No score: {n} of {of} items were answered
measurements.lacks.not_asked: Ingen score: for få af spørgsmålene blev stillet | No score: too few of the items were asked
measurements.rounds: Runder | Rounds
measurements.rounds.due: Forventet dag | Expected day
measurements.rounds.window: Kan besvares | Can be answered
measurements.rounds.span: {opens} til {closes} | {opens} to {closes}
measurements.rounds.state: Status | Status
measurements.rounds.register: Registrér svar | Register answers
measurements.rounds.register.about: Registrér svar: {what} | Register answers: {what}
measurements.rounds.approach: Registrér henvendelse eller afslag | Register an approach or a refusal
measurements.rounds.none: Skemaet har ingen faste runder. | The questionnaire has no set rounds.
measurements.round.answered.early: Besvaret {day}, før runden åbnede | Answered {day}, before the round opened
measurements.round.answered.on_time: Besvaret {day}, til tiden | Answered {day}, on time
measurements.round.answered.late: Besvaret {day}, for sent | Answered {day}, late
measurements.round.declined: Har sagt nej til at svare | Declined to answer
measurements.round.not_relevant: Ikke relevant | Not relevant
measurements.round.ended: Forløbet sluttede først | The course ended first
measurements.round.missed: Ikke besvaret; runden er lukket | Not answered; the round is closed
measurements.round.upcoming: Ikke åben endnu; åbner {opens} | Not open yet; opens {opens}
measurements.round.due: Kan besvares nu; frist {due} | Can be answered now; due {due}
measurements.round.late: {n} dage over fristen | {n} days past the deadline
measurements.round.late.one: Én dag over fristen | One day past the deadline
measurements.approaches: Henvendelser | Approaches
measurements.approaches.what: Hvad skete der | What happened
measurements.approaches.whom: Til | To
measurements.items: Svar på hvert spørgsmål | Answers to each question
measurements.items.round: Nyeste runde: {round} | Newest round: {round}
measurements.items.latest: Nyeste svar | Newest answers
measurements.items.question: Spørgsmål | Question
measurements.items.before: Før: {value} | Before: {value}
measurements.items.before.day: Før: {day} | Before: {day}
measurements.items.gap_title: Forskel | Gap
measurements.items.gap: {n}; højest: {who} | {n}; highest: {who}
measurements.items.alike: Ens | The same
measurements.items.days: Svarene er ikke givet samme dag. | The answers were not given on the same day.
measurements.items.forward: fremgang | progress
measurements.items.back: tilbagegang | decline
measurements.items.same: uændret | unchanged
measurements.items.missing: ikke besvaret | not answered
measurements.items.not_asked: ikke spurgt | not asked
measurements.items.answered: besvaret | answered
measurements.items.declined: ville ikke svare | would rather not say
measurements.items.dont_know: ved ikke | do not know
measurements.items.not_relevant: ikke relevant | not relevant
"""  # noqa: E501 - a line for each text

WORDS: dict[str, Text] = table(_SAID)
"""``measurements.<what>`` by key; ``.round.<status>`` and ``.lacks.<reason>`` are those of the measurement room."""
