"""Words of the way in for a citizen: the page that asks for the code."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
title: Din side | Your page
lead: Skriv den kode, du har fået. Den har seks tal. | Write the code you were given. It has six digits.
code: Kode | Code
do: Fortsæt | Continue
wrong: Linket og koden passer ikke sammen, eller også er en af dem for gammel. Prøv igen, eller ring til din sagsbehandler, og bed om nye. | The link and the code do not fit together, or one of them is too old. Try again, or call your caseworker and ask for new ones.
wait: Der er prøvet for mange gange herfra. Vent et kvarter, og prøv igen. | Too many tries have been made from here. Wait a quarter of an hour, and try again.
none: Åbn det link, du har fået | Open the link you were given
none.text: Åbn linket en gang til i den besked, det kom i. Du skal bruge en ny kode, hver gang du skal ind. Ring til din sagsbehandler, hvis du mangler link eller kode. | Open the link once more in the message it came in. You need a new code each time you are to get in. Call your caseworker if you are short of link or code.
out: Du er logget ud. | You are signed out.
sign_in: Er du borger? Så har du ikke brugernavn og adgangskode. Åbn det link, du har fået, og bed din sagsbehandler om en ny kode. | Are you a citizen? Then you have no user name and password. Open the link you were given, and ask your caseworker for a new code.
about: Har du lånt telefonen eller computeren, så log ud, når du er færdig. | If you have borrowed the phone or the computer, sign out when you are done.
"""  # noqa: E501 - a line for each text

WORDS: dict[str, Text] = table(_SAID, "link.")
"""``link.<what>`` by key."""
