"""The words of visits without appointment."""

from __future__ import annotations

from .case import table

_SAID = """
title: Åben rådgivning | Open counselling
lead: Hvem kom forbi, og hvad drejede det sig om? | Who came by, and what was it about?
nowhere: Ingen af dine indsatser har åben rådgivning | None of your programmes has open counselling
nowhere.text: Besøg uden aftale registreres på steder, hvis indsats siger, hvad henvendelser kan dreje sig om. | Visits without appointment are registered at sites of programmes that say what visits can be about.
choose_site: Vælg det sted, der er åbent. | Choose the site that is open.
new: Et besøg | A visit
search: Find borgeren | Find the citizen
search.hint: Navn, CPR-nummer eller fødselsdato, og tryk Enter. | Name, CPR number or date of birth, and press Enter.
search.do: Find | Find
none: Ingen fundet, som du kan registrere på. | Nobody found whom you can register for.
more_than: Der kan være flere. Skriv mere af navnet. | There may be more. Write more of the name.
who: Hvem kom? | Who came?
who.missing: Find borgeren, eller vælg en uden sag. | Find the citizen, or choose somebody without a case.
born: født {day} | born {day}
nameless: En uden sag her | Somebody without a case here
nameless.hint: Får råd og vejledning. Tælles uden navn. | Gets advice and guidance. Counted without a name.
topic: Hvad drejede det sig om? | What was it about?
topic.missing: Vælg, hvad det drejede sig om. | Choose what it was about.
action: Hvad blev gjort? | What was done?
action.none: Ikke oplyst | Not stated
summoned: Var borgeren indkaldt? | Had the citizen been summoned?
summoned.by_day: Ja, hvis der er et møde i dag | Yes, if there is a meeting today
summoned.yes: Ja | Yes
summoned.no: Nej | No
more: Flere oplysninger | Further information
save: Registrér besøget | Register the visit
saved: Besøget er registreret: {name} | The visit has been registered: {name}
now: Mens {name} er her | While {name} is here
now.lead: Det her kan klares med det samme. En samtale må gerne holdes før tid. | This can be done at once. A talk may be held early.
now.none: Der er intet, der venter. | Nothing is waiting.
now.case: Åbn sagen | Open the case
today: I dag | Today
today.none: Ingen har været her endnu i dag. | Nobody has been here yet today.
column.at: Tid | Time
column.who: Hvem | Who
column.topic: Om | About
column.action: Gjort | Done
column.by: Registreret af | Registered by
hidden: Borger uden for dit område | Citizen outside your reach
is_summoned: indkaldt | summoned
undo: Fortryd | Undo
undo.of: Fortryd besøget {at} | Undo the visit at {at}
undo.reason: Fortrudt samme dag | Taken back the same day
undone: Besøget er taget tilbage. | The visit has been taken back.
openings: De sidste fire uger | The last four weeks
openings.lead: Besøg på de dage, nogen kom. | Visits on the days somebody came.
openings.none: Ingen besøg de sidste fire uger. | No visits in the last four weeks.
column.day: Dag | Day
column.n: Besøg | Visits
column.summoned: Indkaldt | Summoned
column.without: Uden sag | Without a case
mean: I gennemsnit {mean} om dagen på {n} dage. | On average {mean} a day over {n} days.
"""  # noqa: E501 - a text a line

WORDS = table(_SAID, "visits.")
