"""Words of My day: the queues, their rows, and what is done about them."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
day.title: Min dag | My day
day.queues: Det, der venter | What is waiting
day.show: Vis | Show
day.who: Hvis opgaver | Whose tasks
day.who.mine: Mine | Mine
day.who.all.own: Alle i mine sager | Everybody's in my cases
day.who.all: Alle | Everybody's
day.who.none: Ingen har dem | Nobody's
day.programme: Indsats | Programme
day.programme.all: Alle indsatser | All programmes
day.site: Sted | Site
day.site.all: Alle steder | All sites
day.nobodys: ingen | nobody
day.hints.next: næste | next
day.hints.previous: forrige | previous
day.hints.open: åbn | open
day.hints.do: registrér | register
day.column.when: Hvornår | When
day.column.citizen: Borger | Citizen
day.column.where: Hvor i forløbet | Where in the course
day.column.what: Hvad | What
day.column.whose: Hvem | Who
day.column.last: Sidst mødt | Last met
day.column.do: Gør | Do
day.when.today: i dag | today
day.when.overdue: {n} dage over frist | {n} days overdue
day.when.overdue.one: 1 dag over frist | 1 day overdue
day.when.in: om {n} dage | in {n} days
day.when.in.one: i morgen | tomorrow
day.more: og {n} til | and {n} more
day.since: siden {day} | since {day}
day.ago.today: i dag | today
day.ago.days: for {n} dage siden | {n} days ago
day.ago.days.one: i går | yesterday
day.ago.weeks: for {n} uger siden | {n} weeks ago
day.ago.months: for {n} måneder siden | {n} months ago
day.week: uge {n} | week {n}
day.held.never: ikke endnu | not yet
day.planned: næste {day} | next {day}
day.waiting: opdateres | being updated
day.do.meetings_today: Skriv resultat | Write the result
day.do.meetings_to_move: Find en anden tid | Find another time
day.do.meetings_unanswered: Skriv resultat | Write the result
day.do.meetings_late: Registrér samtale | Register a talk
day.do.no_show: Registrér kontakt | Register contact
day.do.new_to_me: Åbn sagen | Open the case
day.do.unassigned: Fordel | Assign
day.do.no_next_step: Planlæg møde | Plan a meeting
day.do.measurements: Skriv svar | Enter answers
day.do.requirements: Besvar | Answer
day.do.agreements_ending: Ny aftale | New agreement
day.do.hours: Bekræft timer | Confirm hours
day.do.subgoals: Gennemgå | Review
day.do.placement_follow_up: Registrér møde | Register a meeting
day.do.minutes: Notér delt | Note as shared
day.empty: Her er ikke noget at gøre | Nothing to do here
day.empty.text: Der ligger ikke noget i denne kø i dag. | There is nothing in this queue today.
day.clear: Du er ajour | You are up to date
day.clear.text: Intet venter på dig i dag. | Nothing is waiting for you today.
day.clear.cases: Se dine sager | See your cases
day.hand_overs: Sager, du er spurgt om | Cases you are asked about
day.hand_overs.about: En kollega vil give dig en sag. Den er kollegaens, til du har sagt ja. | A colleague wants to give you a case. It is the colleague's until you have said yes.
day.hand_overs.from: Fra | From
day.hand_overs.role: Som | As
day.hand_overs.reason: Hvorfor | Why
day.hand_overs.asked: Spurgt | Asked
day.hand_overs.accept: Sig ja | Say yes
day.hand_overs.decline: Sig nej | Say no
day.hand_overs.open: Svar med en besked | Answer with a message
day.hand_overs.shielded: Beskyttet borger | Protected citizen
day.drafts: Begyndt, ikke gemt | Begun, not saved
day.drafts.about: Det, du har skrevet uden at gemme. Det ligger her i 30 dage. | What you have written without saving. It is kept here for 30 days.
day.drafts.what: Hvad | What
day.drafts.changed: Sidst skrevet | Last written
day.drafts.new: {kind}, ny | {kind}, new
day.drafts.correct: {kind}, rettelse | {kind}, correction
day.drafts.go_on: Skriv videre | Go on writing
day.load: Mine sager | My cases
day.load.cases: {n} sager | {n} cases
day.load.cases.one: 1 sag | 1 case
day.load.weighted: vægtet {weighted} | weighted {weighted}
day.load.of: vægtet {weighted} af {ceiling} | weighted {weighted} of {ceiling}
day.load.over: over loftet | above the ceiling
day.load.none: Du har ingen sager nu. | You have no cases now.
day.beside: Køen | The queue
day.beside.back: Tilbage til køen | Back to the queue
day.beside.previous: Forrige sag | Previous case
day.beside.next: Næste sag | Next case
"""  # noqa: E501 - a text a line

WORDS: dict[str, Text] = table(_SAID)
