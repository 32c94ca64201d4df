"""What the fixed words of the schema are called in Danish and English, such as ``higher`` or ``fidelity``."""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Text
from .names import read_table

_WORDS = """
missing: det første trin, der mangler | the first missing step
caseload: sager pr. medarbejder | cases per worker
higher: højere er bedre | higher is better
lower: lavere er bedre | lower is better
neither: ingen retning er bedre | no direction is better
days: dage | days
weeks: uger | weeks
months: måneder | months
years: år | years
number: tal | number
text: tekst | text
bool: ja eller nej | yes or no
date: dato | date
choice: valg fra en liste | choice from a list
yes_no: ja eller nej | yes or no
yes_partly_no: ja, delvist eller nej | yes, partly or no
within: inden for en frist | within a deadline
every: hver gang | every time
each: for hver | for each
person: borgeren | the citizen
site: stedet | the site
unit: enheden | the unit
sum: sum | sum
mean: gennemsnit | mean
first: første måling | first measurement
last: sidste måling | last measurement
participants: andel af deltagere | share of participants
requirements: andel af krav | share of requirements
answered: efter svarene | by the answers
measured: efter datoerne | by the dated facts
either: efter datoerne, ellers svarene | by the dated facts, else the answers
person_month: måned, en borger er indskrevet | month a citizen is enrolled
open_day: åbningsdag | open day
count: antal | count
share: andel | share
rate: rate | rate
timeliness: rettidighed | timeliness
stock: beholdning | stock
reached: andel, der når det | share that reach it
between: tid imellem | time between
consecutive: måneder i træk | months in a row
change: ændring | change
fulfilment: opfyldelse | fulfilment
score: score | score
answer: andel af svar | share of answers
others: de øvrige enheder | the other units
activity: aktivitet | activity
mechanism: virkemiddel | mechanism
step: trin | step
immediate_result: umiddelbart resultat | immediate result
subgoal: delmål | sub-goal
result: resultat | result
supported: bekræftet | supported
partly: delvist bekræftet | partly supported
not_shown: ikke vist | not shown
not_examined: ikke undersøgt | not examined
randomised: lodtrækning | random draw
matched: matchning | matching
regression: regression | regression
difference-in-differences: forskel i forskelle | difference in differences
did: forskel i forskelle | difference in differences
cox: Cox-regression | Cox regression
restricted-mean: middeltid inden for en horisont | mean time within a horizon
weighting: vægtning | weighting
doubly-robust: dobbelt robust | doubly robust
trial: lodtrækning | randomised trial
dose: dosis | dose
mahalanobis: kendetegnene selv | the characteristics themselves
entropy: entropibalance | entropy balancing
overlap: overlap | overlap
subclass: underklasser | subclasses
treated: dem, der fik indsatsen | the treated
all: alle | everybody
e-value: E-værdi | E-value
tipping-point: vippepunkt | tipping point
hidden-bias: skjult skævhed i par | hidden bias in pairs
leave-one-out: én udeladt ad gangen | one left out at a time
negative-controls: udfald uden virkning | outcomes without an effect
placebo: placebo | placebo
wild-bootstrap: bootstrap over klynger | bootstrap over clusters
randomisation: randomiseringstest | randomisation test
subgroups: undergrupper | subgroups
holm: Holm | Holm
benjamini-hochberg: Benjamini-Hochberg | Benjamini-Hochberg
prognosis: forventet udfald | expected outcome
propensity: sandsynlighed for at være med | probability of taking part
latest_start: seneste startdato | latest start
earliest_start: tidligste startdato | earliest start
latest_end: seneste slutdato | latest end
group_order: målgruppernes rækkefølge | order of the groups
start: begyndelsen | the beginning
end: slutningen | the end
uninterrupted: uafbrudt | uninterrupted
stays: antal ophold | number of stays
cost: udgift | cost
benefit: gevinst | benefit
grant: tilskud | grant
once: én gang | once
year: om året | a year
month: om måneden | a month
week: om ugen | a week
hour: i timen | an hour
participant: pr. deltager | per participant
meeting: pr. møde | per meeting
placement: pr. placering | per placement
course: pr. forløb | per course
progression: progression | progression
wellbeing: trivsel | wellbeing
fidelity: fidelitet | fidelity
survey: erfaringer | experience
checklist: tjekliste | checklist
one: én af dem | one of them
side: side for side | by side
class: klasse for klasse | by class
dont_know: ved ikke | don't know
not_relevant: ikke relevant | not relevant
declined: vil ikke svare | would rather not say
transfer: offentlig ydelse | public benefit
earnings: løn | pay
municipality: kommunen | the municipality
region: regionen | the region
state: staten | the state
citizen: borgeren | the citizen
ladder: refusionstrappen | the reimbursement ladder
start_up: opstart | start-up
running: drift | running
time: tid | time
hours: timer | hours
fixed: fast | fixed
estimated: fra en evaluering | from an evaluation
entered: skrevet ind | entered
hours_a_week: timer om ugen | hours a week
units: antal | number
cautious: forsigtigt | cautious
expected: som fundet | as found
hopeful: håbefuldt | hopeful
assigned: alle visiterede | everybody assigned
enrolled: alle indskrevne | everybody enrolled
case: sag til et udvalg | item for a committee
letter: brev | letter
report: rapport | report
programme: hele programmet | the whole programme
numerator: tæller | numerator
denominator: nævner | denominator
value: værdi | value
hide: vises ikke | not shown
show: vises | shown
own: eget valg | own choice
tauargus: tau-ARGUS | tau-ARGUS
measurements: målinger | measurements
meetings: samtaler | meetings
next: det næste skridt | the next step
plan: plan | plan
work: arbejde | work
"""

LITERALS: Mapping[str, Text] = {name: texts[0] for name, texts in read_table(_WORDS).items()}
"""Fixed words of the schema that a reader meets when one is changed for another."""
