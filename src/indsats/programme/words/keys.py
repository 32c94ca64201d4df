"""What the keys of a definition are called in Danish and English, for telling where something stands."""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Text
from .names import read_table

_WORDS = """
about: beskrivelse | description
absorb: med et niveau for hver værdi af | with a level for each value of
activities: udgifter | costs
adjust: justeret for | adjusted for
advice: råd | advice
after: tidligst efter | no earlier than after
among: nævner | denominator
amount: beløb | amount
answer: svarmuligheder | possible answers
answers: svar | answers
arms: udfald af lodtrækningen | arms
ask: spørgsmål | question
asked_of: stilles kun til | asked only of
at: måletidspunkt | time of measurement
at_least: mindst så mange svar | least number of answers
at_least_weeks: mindst så mange uger | least number of weeks
band: gult bånd | yellow band
bands: bånd | bands
baseline: startmåling | baseline
before: tiden før | the time before
before_pension: kun før folkepensionsalderen | only before the pension age
benefit: ydelse | benefit
beside: svar uden for skalaen | answers off the scale
better: retning | direction
block: del | part
blocks: indhold | contents
book: i prisbogen | in the price book
by: opgjort efter | told by
cadence: kadence | cadence
cadences: det, der gentages | what recurs
caliper: største afstand | caliper
caseloads: sagsstammer | caseloads
cause: årsag | cause
check: prøve | check
choices: valgmuligheder | choices
citizen: borgeren | the citizen
classes: klasser | classes
close: så tæt kan den største regnes ud | how closely the largest can be worked out
cluster: klynger | clusters
clusters: antal grupper | number of groups
codes: kodelister | code lists
column: kolonne | column
columns: kolonner | columns
combine: beregning | calculation
combines: rummer rollerne | combines the roles
comparable: kan sammenlignes | comparable
comparator: sammenligning | comparator
conditions: rammevilkår | framework conditions
consequences: gevinster | gains
continuity: samme person gennem | same person through
core: kerneydelse | core service
cost_share: andel af udgiften | share of the cost
counted_in: tælles i | counted in
course: vejen gennem indsatsen | the way through the effort
covariates: baggrund | background
da: dansk | Danish
decimals: decimaler | decimals
default: hvad der står indtil videre | what stands there until then
derive: afledte kolonner | derived columns
design: design | design
disclosure: regler for diskretion | rules of disclosure
disclosure_threshold: grænse for små tal | threshold of small counts
displaced: fortrængt | displaced
document: dokument | document
documents: dokumenter | documents
does: opgave | task
dominance: dominans | dominance
dose: dosis | dose
draws: lodtrækninger | draws
due: frist | deadline
each: hver er | each is
earlier: tidligere udgaver | earlier editions
early: kan besvares før fristen | can be answered before it is due
easy: letlæst ordlyd | easy-read wording
economy: økonomi | economy
edition: udgave | edition
effect: virkning | effect
effect_share: andel af effekten | share of the effect
effects: effekt pr. år | effect by year
effort_starts: indsatsens begyndelse | start of the effort
element: kerneelement | element
elements: kerneelementer | elements
en: engelsk | English
ends: slutter ved | ends with
entry: indgang | entry
entry_rules: regler for registrering | rules of registration
estimate: estimat | estimate
estimates: estimater | estimates
evaluation: evaluering | evaluation
evaluations: evalueringer | evaluations
event: hændelse | event
events: hændelser | events
every: interval | interval
everybody: når det gælder alle eller ingen | when it holds for everybody or nobody
evidence: indikatorer for det | indicators of it
exact: ens på | equal on
exclusions: udelukkelser | exclusions
exit_titles: navne på afgange | names of exits
exits: afgange | exits
explain_within: frist for forklaring | time to explain
external: uden for kommunen | outside the municipality
fades: aftager over | fades over
field: felt | field
fields: felter | fields
file: fil | file
first: første dag | first day
first_day: første dag | first day
flow: retning | direction
folds: dele | folds
follows: kommer efter | comes after
for: gælder | applies to
form: opsætning | layout
forms: skemaer til registrering | registration forms
from_month: fra måned | from month
from_week: fra uge | from week
further: øvrige analyser | further analyses
gap_weeks: huller, der ikke bryder | gaps that do not break
group: målgruppe | target group
groups: målgrupper | target groups
happening: hændelse | happening
head: i dokumentets hoved | at the head of the document
high: øverst | highest
history: forhistorie | history
horizon: horisont | horizon
hours: løntimer | paid hours
hours_share: andel af timerne | share of the hours
how: målemåde | way of measuring
id: id | id
if_no: grunde til nej | reasons for no
in_a_row: i træk | in a row
in_effort: med i indsatsen | in the effort
index: start på ur | start of the clock
indicator: indikator | indicator
indicators: indikatorer | indicators
item: spørgsmål | item
items: spørgsmål | items
keep: tæller med | counts
kind: slags | kind
known_after: kendt efter | known after
labels: svartekster | answer texts
lacks_one_of: mangler et af svarene | lacks one of the answers
ladder: refusionstrappe | reimbursement ladder
largest: så mange af de største bidrag | so many of the largest contributions
last: sidste dag | last day
lasts: varighed | duration
late: i tide efter fristen | in time after it is due
leaves: her går man ud | people leave here
legal_bases: hjemler | legal bases
level: niveau | level
levels: niveauer | levels
licence: licens | licence
lines: linjer | lines
links: forbindelser | links
low: nederst | lowest
main: hovedestimat | main estimate
matching: matchning | matching
means: betydning | meaning
measure: mål | measure
measured: måling | measurement
measures: mål | measure
months: måneder | months
most: højst | at most
moves_with: samme usikkerhed som | same uncertainty as
multiplicity: mange udfald | many outcomes
municipality: kommunen | the municipality
must: regel | rule
new: kun nye ophold | only new stays
nodes: led | nodes
not_applicable_when: ikke relevant når | not applicable when
note: bemærkning | note
numbers: tal i teksten | numbers in the text
of: regnet fra | counted from
on: matches på | matched on
open_days_per_week: åbningsdage om ugen | open days a week
optimiser: hvem der vælger, hvad der ellers skjules | who chooses what else is hidden
options: svar, der kan vælges | answers that can be chosen
organisation: organisering | organisation
organisations: organiseringer | forms of organisation
others: andre | others
outcome: effektmål | outcome
outcomes: udfald | outcomes
overheads: tillæg | overheads
override: stedet kan vælge selv | a site may choose
owner: rettighedshaver | owner
package: pakke | package
paid_by: betales af | paid by
paid_hours: kun i måneder med løntimer | only in months with paid hours
part: del af tallet | part of the number
part_of: del af | part of
participants: deltagere | participants
payer: betaler | payer
per: pr. | per
period: periode | period
phase: fase | phase
phases: faser | phases
population: population | population
positions: årsværk | positions
prefer: rækkefølge | order of preference
price: pris | price
price_year: prisår | price year
prices: priser | prices
programme: id | id
publisher: udgiver | publisher
purpose: formål | purpose
quantity: mængde | quantity
questionnaire: spørgeskema | questionnaire
questionnaires: spørgeskemaer | questionnaires
raters: hvem der svarer | who answers
ratio: antal pr. deltager | number per participant
record_only: kun til sagen | for the record only
references: sammenligningstal | reference levels
region: regionen | the region
reliability: pålidelighed | reliability
reminders: påmindelser | reminders
repeats: gentages | repeats
replace: genbrug | with replacement
reports: rapporter | reports
required: skal udfyldes | must be filled in
requirement: krav | requirement
requirements: krav | requirements
residents: beboere | residents
role: rolle | role
roles: roller | roles
rounding: afrunding til | rounding to
rows: rækker | rows
rules_year: reglernes år | year of the rules
say: besked | message
scale: skala | scale
scenario: scenarie | scenario
scenarios: scenarier | scenarios
score: score | score
scores: scorer | scores
sd: spredning | standard deviation
sections: afsnit | sections
self_support: selvforsørgelse | self-support
sensitivity: følsomhed | sensitivity
service: tilbud | service
services: tilbud | services
set_by: sat af | set by
set_on: sat den | set on
setting: indstilling | setting
settings: indstillinger | settings
share: andel | share
share_of: del af måltallet | part of the target
side: side | side
sides: sider | sides
since: fra | since
site: sted | site
site_treated: steder med indsats | sites with the effort
sites: steder | sites
size: størrelse | size
skipped_by: springes over ved | skipped by
smallest_change: mindste ændring, der mærkes | smallest change people notice
source: kilde | source
split: delt efter uge | split after week
start: begyndelse | start
start_months: måneder til første måling | months to the first measurement
starts: begynder ved | begins with
state: tilstand | state
states: tilstande | states
step: trin | step
steps: trin | steps
strata: balanceres på | balanced on
strength: styrke | strength
strengths: styrker | strengths
summary: kort fortalt | in short
table: tabel | table
tables: tabeller | tables
targets: måltal | targets
template: skabelon | template
templates: skabeloner | templates
text: tekst | text
theories: programteorier | programme theories
theory: programteori | programme theory
through: gennem | through
time_to: tid til | time to
times: ganget med | multiplied by
title: navn | name
to_month: til måned | to month
to_week: til uge | to week
treated: indsatsgruppe | treated group
trend: måned for måned | month by month
type: type | type
typical: typisk | typical
unit: enhed | unit
units: enheder | units
until: til | until
usual: ellers | otherwise
valid: gælder | valid
value: værdi | value
values: værdier | values
version: version | version
visitation: visitation | visitation
wage: løn | pay
wave: runde | wave
waves: runder | waves
weaknesses: svagheder | weaknesses
week: uge | week
weeks: uger | weeks
weeks_on_benefit: uger på ydelse | weeks on benefit
what: hvad | what
when: regel | rule
where: betingelse | condition
whom: for hvem | for whom
window: vindue | window
windows: vinduer | windows
within: senest | within
within_months: inden for måneder | within months
within_weeks: inden for uger | within weeks
wording: ordlyd | wording
worked: er arbejde | is work
year: år | year
yields: viger | gives way
zeros: nuller | zeros
"""


KEYS: Mapping[str, Text] = {name: texts[0] for name, texts in read_table(_WORDS).items()}
"""Every key a definition can have, by its name in the files."""
