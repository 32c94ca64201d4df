"""Words of the page of letters: what a citizen was given, and how a new one is made."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_WORDS = """
letters.title: Breve til borgeren | Letters to the citizen
letters.open: Breve | Letters
letters.lead: Borgerens eget overblik på papir: plan, møder, arbejde og det næste, som det er registreret i denne sag. \
| The citizen's own overview on paper: plan, meetings, work and what comes next, as recorded in this case.
letters.given.title: Det borgeren har fået | What the citizen was given
letters.what: Brev | Letter
letters.when: Givet | Given
letters.by: Af | By
letters.copy: Kopi | Copy
letters.mark: mærke {mark} | mark {mark}
letters.kept: Kopierne er gemt præcis, som de blev givet. De kan ikke ændres eller slettes. Mærket er begyndelsen af \
filens SHA-256. | The copies are kept exactly as they were given. They cannot be changed or deleted. The mark is the \
beginning of the file's SHA-256.
letters.none: Borgeren har ikke fået breve herfra endnu. | The citizen has not been given letters from here yet.
letters.default: Uden noget her står der: {text} | With nothing here it says: {text}
letters.lang: Sprog | Language
letters.lang.da: Dansk | Danish
letters.lang.en: Engelsk | English
letters.form: Fil | File
letters.form.pdf: PDF | PDF
letters.form.word: Word | Word
letters.first: Se brevet igennem, før det gemmes som givet. Noget, der er forkert, rettes i sagen. | Look the letter \
through before it is kept as given. What is wrong is corrected in the case.
letters.look: Se det først | Look at it first
letters.give: Giv og gem | Give and keep
letters.given: Brevet er gemt, som det blev givet. Hent kopien på listen. | The letter is kept as it was given. Get \
the copy from the list.
letters.no_report: Indsatsen har intet brev til borgeren, eller det fortæller om noget, du ikke kan se. Ledere af \
indsatsen kan skrive et i definitionen (about: person). | The programme has no letter to the citizen, or it tells of \
something you cannot see. Those who run the programme can write one in its definition (about: person).
"""

WORDS: dict[str, Text] = table(_WORDS)
