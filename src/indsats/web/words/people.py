"""Words of finding people: the search, the list of cases, and breaking the glass."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
people.search: Søg | Search
people.search.title: Find en borger | Find a citizen
people.search.label: Navn, CPR-nummer, fødselsdato eller forløb | Name, CPR number, date of birth or enrolment
people.search.hint: Begyndelsen af navnet er nok, for eksempel »and ba«. Fødselsdatoen skrives som 010350. | The beginning of the name is enough, such as “and ba”. Write the date of birth as 010350.
people.search.do: Søg | Search
people.search.found: Fandt {n} forløb | Found {n} courses
people.search.found.one: Fandt ét forløb | Found one course
people.search.more: Der er flere. Her er de første {most}. Skriv mere af navnet, eller brug fødselsdatoen. | There are more. These are the first {most}. Write more of the name, or use the date of birth.
people.search.none: Ingen fundet | Nobody found
people.search.none.text: Der er ingen blandt dem, du må se. Se efter, om navnet eller nummeret er skrevet rigtigt. | There is nobody among those you may see. Check whether the name or number is written correctly.
people.search.unclear: Skriv mindst to bogstaver af navnet, en fødselsdato på seks cifre eller hele nummeret. | Write at least two letters of the name, a date of birth of six digits or the whole number.
people.search.glass: Er det nødvendigt at se en borger, du ikke har adgang til? | Do you need to see a citizen you have no access to?
people.search.create: Opret en ny borger | Create a new citizen
people.cases: Sager | Cases
people.cases.none: Ingen sager passer på det valgte. | No cases match the choice.
people.cases.clear: Vis alle | Show all
people.show: Vis | Show
people.mine: Mine | Mine
people.column.citizen: Borger | Citizen
people.column.name: Navn | Name
people.column.born: Født | Born
people.column.programme: Indsats | Programme
people.column.service: Tilbud | Service
people.column.site: Sted | Site
people.column.state: Tilstand | State
people.column.where: Hvor i forløbet | Where in the course
people.column.phase: Fase | Phase
people.column.start: Start | Start
people.column.end: Slut | End
people.column.held: Seneste møde | Last meeting
people.column.next: Næste møde | Next meeting
people.others: og {n} til | and {n} more
people.column.responsible: Ansvarlig | Responsible
people.nobody: ingen | nobody
people.waiting: opdateres | being updated
people.filter.programme: Indsats | Programme
people.filter.sted: Sted | Site
people.filter.hvem: Ansvarlig | Responsible
people.filter.tilstand: Tilstand | State
people.filter.fase: Fase | Phase
people.filter.koe: Venter på | Waiting for
people.filter.orden: Orden | Order
people.all.programme: Alle indsatser | All programmes
people.all.sted: Alle steder | All sites
people.all.hvem: Alle | Everybody
people.all.tilstand: Ikke afsluttede | Not ended
people.all.fase: Alle faser | All phases
people.all.koe: Alt | Anything
people.sort.navn: Navn | Name
people.sort.start: Nyeste først | Newest first
people.sort.holdt: Længst siden møde | Longest since a meeting
people.export: Hent som fil | Get as a file
people.export.title: For mange sager til én fil | Too many cases for one file
people.export.many: Der er mere end {n} sager. Vælg et sted, en ansvarlig eller en tilstand, og hent listen igen. | There are more than {n} cases. Choose a site, somebody responsible or a state, and get the list again.
people.export.back: Tilbage til listen | Back to the list
people.glass.title: Bryd glasset | Break the glass
people.glass.lead: Her kan du se en borger, du ellers ikke har adgang til, når arbejdet kræver det nu. | Here you can see a citizen you otherwise have no access to, when the work needs it now.
people.glass.follows.1: Adgangen varer i {hours} timer og gælder kun denne borger. | The access lasts {hours} hours and is for this citizen only.
people.glass.follows.2: Alt, hvad du ser, bliver noteret sammen med din begrundelse. | Everything you see is noted together with your reason.
people.glass.follows.3: En leder ser på hver gang, nogen har brudt glasset. | A manager looks at every time somebody has broken the glass.
people.glass.number: Borgerens CPR-nummer | The citizen's CPR number
people.glass.cause: Hvorfor? | Why?
people.glass.cause.emergency: Der er fare for borgeren eller andre | The citizen or others are in danger
people.glass.cause.standing_in: Jeg står i stedet for en kollega på et andet sted | I stand in for a colleague at another site
people.glass.cause.moved: Borgeren er på vej til vores sted | The citizen is moving to our site
people.glass.cause.enquiry: Borgeren har selv henvendt sig til mig | The citizen has turned to me
people.glass.cause.other: Andet | Something else
people.glass.reason: Begrundelse | Reason
people.glass.reason.hint: Mindst {least} tegn: hvad skal du gøre, og hvorfor kan det ikke vente? | At least {least} characters: what are you going to do, and why can it not wait?
people.glass.do: Bryd glasset | Break the glass
people.glass.no_number: Skriv hele nummeret. | Write the whole number.
people.glass.no_cause: Vælg, hvorfor det er nødvendigt. | Choose why it is necessary.
people.glass.short: Skriv mindst {least} tegn, så en anden kan forstå hvorfor. | Write at least {least} characters, so that somebody else can understand why.
people.glass.nobody: Der er ingen med det nummer i dine indsatser. Se efter, om det er skrevet rigtigt. | There is nobody with that number in your programmes. Check whether it is written correctly.
people.glass.already: Du har allerede adgang til borgeren; glasset er ikke brudt. | You already have access to the citizen; no glass was broken.
people.glass.open: Glasset er brudt. Luk siden, når du er færdig. | The glass is broken. Close the page when you are done.
people.glass.banner: Åbnet gennem brudt glas. | Opened through a broken glass.
people.glass.banner.text: {name}, indtil {until}. Alt, hvad du ser, bliver noteret. | {name}, until {until}. Everything you see is noted.
"""  # noqa: E501 - a line for each text

WORDS: dict[str, Text] = table(_SAID)
"""``people.<what>`` by key."""
