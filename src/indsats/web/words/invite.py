"""Words of the page where a caseworker gives a citizen their link."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
title: Borgerens egen side | The citizen's own page
of_case: Giv borgeren et link | Give the citizen a link
lead: Borgeren kan se sin plan og sine samtaler, svare på, om de kommer, og udfylde spørgeskemaer. | The citizen can see their plan and meetings, say whether they are coming, and fill in questionnaires.
how: Sådan gør du | How to do it
how.1: Lav et link, og send det til borgeren. Det virker i {days} dage. | Make a link, and send it to the citizen. It works for {days} days.
how.2: Giv borgeren koden ad en anden vej: læs den op i telefonen, eller send den som SMS fra jeres eget system. Send aldrig link og kode sammen. | Give the citizen the code by another way: read it over the telephone, or send it as an SMS from your own system. Never send link and code together.
how.3: Koden virker én gang og i {hours} timer. Efter {most} forkerte koder stopper linket. Borgeren bliver logget ud efter {minutes} minutter uden at gøre noget. | The code works once and for {hours} hours. After {most} wrong codes the link ends. The citizen is signed out after {minutes} minutes of doing nothing.
now: Linket nu | The link now
none: Borgeren har ikke noget link, der virker. | The citizen has no link that works.
made: Lavet {at} af {by}. Virker til {until}. | Made {at} by {by}. Works until {until}.
used: Sidst brugt {at}. | Last used {at}.
unused: Ikke brugt endnu. | Not used yet.
code.there: Der er en kode, der ikke er brugt. Den virker til {until}. | There is a code that has not been used. It works until {until}.
code.none: Der er ingen kode, der virker. Lav en ny, når borgeren skal ind igen. | There is no code that works. Make a new one when the citizen is to get in again.
wrong: {n} forkerte koder er prøvet. | {n} wrong codes have been tried.
wrong.one: Én forkert kode er prøvet. | One wrong code has been tried.
do.link: Lav link og kode | Make link and code
do.again: Lav nyt link og ny kode | Make a new link and code
do.again.about: Det gamle link stopper med det samme, og den, der er logget ind med det, er ude. | The old link ends at once, and whoever is signed in by it is out.
do.code: Lav ny kode | Make a new code
do.end: Stop linket | End the link
shown: Vises kun nu | Shown only now
shown.text: Når du forlader siden, kan hverken link eller kode ses igen. | When you leave the page, neither link nor code can be seen again.
link: Besked med link | Message with the link
code: Kode | Code
code.text: Besked med kode, hvis du sender den | Message with the code, if you send it
message: Her kan du se din plan og dine samtaler: {address} Du får en kode ad en anden vej. Linket virker i {days} dage. Giv det ikke videre. | Here you can see your plan and your meetings: {address} You will get a code by another way. The link works for {days} days. Do not pass it on.
code.message: Din kode er {code}. Den virker én gang og i {hours} timer. | Your code is {code}. It works once and for {hours} hours.
closed: Borgerens adgang er lukket af en administrator. Spørg administratoren, før du laver et link. | The citizen's access has been closed by an administrator. Ask the administrator before you make a link.
gone: Linket virker ikke længere. Lav et nyt. | The link no longer works. Make a new one.
ended: Linket er stoppet. | The link has been ended.
"""  # noqa: E501 - a line for each text

WORDS: dict[str, Text] = table(_SAID, "invite.")
"""``invite.<what>`` by key."""
