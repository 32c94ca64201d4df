"""Words of the page of hours: the course, what disagrees, what has been agreed, and the citizen's own gain."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_WORDS = """
hours.title: Timer og aftaler | Hours and agreements
hours.open: Timer, aftaler og gevinst | Hours, agreements and gain
hours.count.hours: {n} registreringer af timer | {n} registrations of hours
hours.count.hours.one: Én registrering af timer | One registration of hours
hours.count.agreement: {n} aftaler | {n} agreements
hours.count.agreement.one: Én aftale | One agreement
hours.count.placement: {n} virksomhedsforløb eller tilbud | {n} placements or offers
hours.count.placement.one: Ét virksomhedsforløb eller tilbud | One placement or offer
hours.now: Timer om ugen nu | Hours a week now
hours.now.line: {type}: {hours} | {type}: {hours}
hours.now.none: Der er ingen timer lige nu. | There are no hours at present.
hours.course: Forløbet af timer | The course of hours
hours.course.none: Der er ikke registreret timer for borgeren. | No hours have been registered for the citizen.
hours.register: Registrér timer | Register hours
hours.chart: Timer om ugen efter slags | Hours a week by type
hours.chart.told: {type}: {n} perioder fra {first} til {last} med mellem {lowest} og {highest} timer om ugen. | \
{type}: {n} stretches from {first} to {last} with between {lowest} and {highest} hours a week.
hours.chart.told.one: {type}: én periode fra {first} til {last} med {highest} timer om ugen. | {type}: one \
stretch from {first} to {last} with {highest} hours a week.
hours.chart.unconfirmed: ikke bekræftet af andre end borgeren | not confirmed by others than the citizen
hours.chart.beside: De samme tal står i tabellen herunder. | The same numbers stand in the table below.
hours.chart.gaps: Hvor linjen er brudt, er der ingen timer registreret. | Where the line is broken, no hours have \
been registered.
hours.rule: Timer af samme slags lægges ikke sammen. Dækker flere registreringer de samme dage, tæller den med den \
bedste kilde: lønseddel eller register, så arbejdsgiveren, så borgeren, så et skøn. Har borgeren to job på én gang, \
så registrér timerne i alt. | Hours of the same type are not added up. Where several registrations cover the same \
days, the one with the best source counts: payslip or register, then the employer, then the citizen, then an \
estimate. If the citizen has two jobs at once, register the hours in all.
hours.table: Perioder med timer, nyeste først | Stretches with hours, newest first
hours.type: Slags | Type
hours.a_week: Timer om ugen | Hours a week
hours.from: Fra | From
hours.to: Til | To
hours.goes_on: i gang | under way
hours.evidence: Kilde | Source
hours.evidence.none: Kilde ikke oplyst | Source not told
hours.by: Registreret af | Registered by
hours.do: Ret | Correct
hours.said: {hours} timer om ugen, {type}, fra {first} | {hours} hours a week, {type}, from {first}
hours.source: {hours} timer ({evidence}) | {hours} hours ({evidence})
hours.checked: Stemmer kilderne? | Do the sources agree?
hours.differ: Registreringer, der siger noget forskelligt om de samme dage | Registrations that say different \
things about the same days
hours.differ.n: {n} uenigheder | {n} disagreements
hours.differ.n.one: Én uenighed | One disagreement
hours.differ.none: Ingen registreringer siger noget forskelligt om de samme dage. | No registrations say different \
things about the same days.
hours.differ.days: Dage | Days
hours.differ.counts: Tæller | Counts
hours.differ.other: Tæller ikke | Does not count
hours.differ.difference: Forskel, timer | Difference, hours
hours.differ.mend: Er der tale om to job, så ret den ene til timerne i alt, og træk den anden tilbage. Er den ene \
slut, så ret dens slutdato. | If these are two jobs, correct one to the hours in all, and withdraw the other. If \
one of them is over, correct its last day.
hours.differ.correct.counts: Ret den, der tæller | Correct the one that counts
hours.differ.correct.other: Ret den, der ikke tæller | Correct the one that does not count
hours.word: {n} af {of} dage hviler kun på borgerens ord, et skøn eller en kilde, der ikke er oplyst. | {n} of {of} \
days rest only on the citizen's word, an estimate or a source that is not told.
hours.word.none: Alle dage er bekræftet med lønseddel, register eller af arbejdsgiveren. | All days are confirmed \
by payslip, register or the employer.
hours.word.better: Registrér en bedre kilde | Register a better source
hours.agreed: Aftaler og virksomhedsforløb | Agreements and placements
hours.agreed.none: Ingen aftaler eller virksomhedsforløb er i gang. | No agreements or placements are under way.
hours.agreed.since: fra {first} | from {first}
hours.agreed.span: {first} til {last} | {first} to {last}
hours.agreed.hours: {n} timer om ugen | {n} hours a week
hours.agreed.open: Ingen aftalt slutdato | No agreed end
hours.agreed.today: Slutter i dag | Ends today
hours.agreed.left: {n} dage tilbage | {n} days left
hours.agreed.left.one: Én dag tilbage | One day left
hours.renew.agreement: Forny aftalen | Renew the agreement
hours.renew.placement: Forny forløbet | Renew the placement
hours.register.agreement: Registrér aftale | Register an agreement
hours.register.placement: Registrér forløb | Register a placement
hours.due: Opfølgning | Follow-up
hours.due.none: Ingen opfølgning venter. | No follow-up is waiting.
hours.due.later: Senere ({n}) | Later ({n})
hours.gain: Hvad borgeren får ud af flere timer | What the citizen gains from more hours
hours.gain.about: Regn ud, hvad borgeren har tilbage af lønnen for ordinære timer ved siden af kontanthjælp eller \
en lignende ydelse. Intet af det gemmes. | Work out what the citizen has left of the pay for ordinary hours beside \
cash benefit or a similar benefit. Nothing of it is kept.
hours.gain.timer: Ordinære timer om ugen | Ordinary hours a week
hours.gain.timer.hint: Forslaget er timerne nu. | The proposal is the hours now.
hours.gain.timer.missing: Skriv, hvor mange timer om ugen der skal regnes med. | Write how many hours a week to \
count with.
hours.gain.timeloen: Timeløn før skat | Pay an hour before tax
hours.gain.timeloen.hint: Forslaget er: {title}. Skriv borgerens egen løn, hvis I kender den. | The proposal is: \
{title}. Write the citizen's own pay if you know it.
hours.gain.timeloen.missing: Skriv timelønnen. | Write the pay an hour.
hours.gain.ydelse: Ydelse nu | Benefit now
hours.gain.beloeb: Ydelsen om måneden før skat | The benefit a month before tax
hours.gain.beloeb.hint: Lad feltet stå tomt for at bruge satsen. | Leave it empty to use the rate.
hours.gain.choose: Vælg den ydelse, borgeren får. Andre ydelser har deres egne regler og kan ikke regnes ud her. | \
Choose the benefit the citizen has. Other benefits have rules of their own and cannot be worked out here.
hours.gain.no_number: Skriv et tal, for eksempel 150 eller 150,50. Skriv tusinder uden punktum: 12000. | Write a \
number, such as 150 or 150.50. Write thousands without a comma: 12000.
hours.gain.beyond: Skriv et tal fra {least} til {most}. | Write a number from {least} to {most}.
hours.gain.hours: timer | hours
hours.gain.kroner: kr. | DKK
hours.gain.mend: Ret dette, før det kan regnes ud | Mend this before it can be worked out
hours.gain.work_out: Regn ud | Work out
hours.gain.no_rates: Prisbogen har ikke satserne for {year}, så gevinsten kan ikke regnes ud. | The price book does \
not have the rates of {year}, so the gain cannot be worked out.
hours.gain.headline: Med {hours} timer om ugen til {wage} kr. i timen har borgeren {gain} kr. mere om måneden end \
uden timer: {an_hour} kr. for hver time. | With {hours} hours a week at DKK {wage} an hour the citizen has DKK \
{gain} more a month than without hours: DKK {an_hour} for each hour.
hours.gain.headline.less: Med {hours} timer om ugen til {wage} kr. i timen har borgeren {gain} kr. mindre om \
måneden end uden timer: {an_hour} kr. mindre for hver time. | With {hours} hours a week at DKK {wage} an hour the \
citizen has DKK {gain} less a month than without hours: DKK {an_hour} less for each hour.
hours.gain.more: Det er {more} kr. mere om måneden end med de {hours} timer nu. | That is DKK {more} more a month \
than with the {hours} hours now.
hours.gain.fewer: Det er {more} kr. mindre om måneden end med de {hours} timer nu. | That is DKK {more} less a \
month than with the {hours} hours now.
hours.gain.table: Kroner om måneden | DKK a month
hours.gain.line: Post | Item
hours.gain.with: {hours} timer | {hours} hours
hours.gain.with_now: {hours} timer (nu) | {hours} hours (now)
hours.gain.line.pay: Løn før skat | Pay before tax
hours.gain.line.contribution: AM-bidrag | Labour-market contribution
hours.gain.line.benefit: Mindre i ydelse | Less benefit
hours.gain.line.tax: Mere i skat | More tax
hours.gain.line.left: Tilbage om måneden | Left a month
hours.gain.line.an_hour: Tilbage for hver time | Left for each hour
hours.gain.line.kept: Andel af lønnen | Share of the pay
hours.gain.not_counted: Ikke regnet med: boligstøtte, daginstitution, transport, kontanthjælpsloft, \
225-timersreglen, en ægtefælles ydelse og kirkeskat. Tallene er et eksempel og ingen afgørelse. | Not counted: \
housing support, day care, transport, the cash-benefit ceiling, the 225-hour rule, a spouse's benefit and church \
tax. The numbers are an example and no decision.
hours.gain.rates: Satser og kilder | Rates and sources
hours.gain.rate: Sats | Rate
hours.gain.amount: Beløb | Amount
hours.gain.source: Kilde | Source
hours.gain.source.n: Kilde {n} | Source {n}
hours.gain.holds: {first} til {last} | {first} to {last}
hours.gain.holds.on: fra {first} | from {first}
hours.gain.given: skrevet her | written here
hours.gain.year: i {year} | in {year}
hours.gain.a_month: {amount} kr. om måneden | DKK {amount} a month
hours.gain.an_hour: {amount} kr. i timen | DKK {amount} an hour
hours.gain.a_year: {amount} kr. om året | DKK {amount} a year
hours.gain.at_most: {share}, højst {amount} kr. om året | {share}, at most DKK {amount} a year
hours.gain.rate.labour_market: Arbejdsmarkedsbidrag (AM-bidrag) | Labour-market contribution
hours.gain.rate.municipal: Kommuneskat | Municipal tax
hours.gain.rate.state: Bundskat og sundhedsbidrag | Bottom tax and health contribution
hours.gain.rate.personal: Personfradrag | Personal allowance
hours.gain.rate.employment: Beskæftigelsesfradrag | Employment allowance
hours.gain.taxes_of: Skattesatserne for {year} er ikke i prisbogen; dem for {used} er brugt. | The tax rates of \
{year} are not in the price book; those of {used} are used.
"""

WORDS: dict[str, Text] = table(_WORDS)
"""``hours.gain.<field>``: what a field of the form is called, by its name in the address."""
