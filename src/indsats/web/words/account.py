"""Words of one's own account, the help page, and the citizen's own page."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
account.title: Min konto | My account
account.roles: Det må du | What you may do
account.roles.none: Du har ingen roller endnu. Din administrator kan give dig en. | You have no roles yet. Your administrator can give you one.
account.everywhere: alle steder | all sites
account.whole: Se hele tabellen over rettigheder | See the whole table of rights
account.word: Skift adgangskode | Change password
account.word.once: Vælg din egen adgangskode | Choose your own password
account.word.once.text: Du er logget ind med en adgangskode, en administrator har lavet. Vælg din egen, før du går videre. | You signed in with a password an administrator made. Choose your own before you go on.
account.word.old: Nuværende adgangskode | Present password
account.word.new: Ny adgangskode | New password
account.word.new.hint: Mindst 12 tegn. Gerne flere ord efter hinanden, som ingen andre ville sætte sammen. | At least 12 characters. Several words in a row that nobody else would put together do well.
account.word.again: Ny adgangskode igen | New password again
account.word.do: Skift adgangskode | Change password
account.word.done: Adgangskoden er skiftet. | The password has been changed.
account.word.wrong: Det er ikke din nuværende adgangskode. Prøv igen. | That is not your present password. Try again.
account.word.differ: De to nye adgangskoder er ikke ens. Skriv den samme to gange. | The two new passwords are not the same. Write the same one twice.
account.word.short: Adgangskoden er for kort. Den skal have mindst 12 tegn. | The password is too short. It needs at least 12 characters.
account.word.common: Adgangskoden er så almindelig, at den er let at gætte. Vælg en anden. | The password is so common that it is easy to guess. Choose another.
account.word.missing: Skriv noget her. | Write something here.
account.keys: Genvejstaster | Keyboard shortcuts
account.keys.on: Brug enkelte taster som genveje (j, k, r, n, / og ?) | Use single keys as shortcuts (j, k, r, n, / and ?)
account.keys.hint: Slå dem fra, hvis du bruger talestyring eller kommer til at ramme dem. | Switch them off if you use speech control or hit them by accident.
account.keys.do: Gem valget | Save the choice
account.keys.on.done: Genvejstasterne er slået til. | The keyboard shortcuts are on.
account.keys.off.done: Genvejstasterne er slået fra. | The keyboard shortcuts are off.
account.help: Hjælp | Help
account.help.lead: Det vigtigste på én side. Står svaret her ikke, så spørg din tovholder. | The essentials on one page. If the answer is not here, ask your coordinator.
account.help.queues: Det, der venter på Min dag | What waits on My day
account.help.signs: Tegn og hvad de betyder | Signs and what they mean
account.help.signs.text: Tegn og ord siger det samme. Farven hjælper kun. | Sign and words say the same. The colour only helps.
account.help.roles: Roller | Roles
account.help.facts: Registreringer | Registrations
account.help.facts.1: En registrering siger, hvad der skete, hvornår det skete, og hvem der skrev det hvornår. | A registration says what happened, when it happened, and who wrote it when.
account.help.facts.2: Intet bliver slettet. Retter du noget, bliver den gamle udgave stående og kan ses. | Nothing is deleted. If you correct something, the old version stays and can be seen.
account.help.facts.3: Har en anden skrevet på sagen, mens du skrev, får du det at se, før du gemmer. | If somebody else wrote on the case while you did, you are shown it before you save.
account.help.reads: Opslag bliver noteret | What you read is noted
account.help.reads.text: Hver gang du ser en borger eller søger, bliver det noteret. Lederen ser på stikprøver, og borgeren kan få at vide, hvem der har set på dem. | Every time you see a citizen or search, it is noted. The manager looks at samples, and citizens can be told who has looked at them.
account.mine: Mit forløb | My course
account.mine.hello: Hej {name} | Hello {name}
account.mine.lead: Her kan du se, hvad der er aftalt med dig. | Here you can see what has been agreed with you.
account.mine.next: Din næste samtale | Your next meeting
account.mine.next.none: Der er ingen samtale aftalt. Du må gerne ringe og spørge. | No meeting has been arranged. You are welcome to call and ask.
account.mine.with: med {name} | with {name}
account.mine.at: Sted: {place} | Place: {place}
account.mine.plan: Din plan | Your plan
account.mine.plan.none: Der er ikke lavet en plan endnu. | No plan has been made yet.
account.mine.plan.goal: Dit mål | Your goal
account.mine.plan.since: aftalt {day} | agreed {day}
account.mine.subgoals: Skridt på vejen | Steps on the way
account.mine.subgoal.not_started: ikke begyndt | not begun
account.mine.subgoal.under_way: i gang | under way
account.mine.subgoal.reached: nået | reached
account.mine.subgoal.dropped: ikke længere aktuelt | no longer relevant
account.mine.helps: De hjælper dig | They help you
account.mine.helps.none: Der er ikke valgt en fast medarbejder endnu. | Nobody has been chosen yet.
account.mine.place: Hvor | Where
account.mine.ended: Forløbet sluttede {day}. | The course ended {day}.
account.mine.none: Vi kan ikke finde et forløb til dig. Ring til den, du plejer at tale med. | We cannot find a course for you. Call the person you usually talk to.
account.mine.rights: Du kan få at vide, hvem der har set dine oplysninger. Spørg den, du taler med, om indsigt. | You can be told who has looked at your records. Ask the person you talk to for access.
"""  # noqa: E501 - a line for each text

WORDS: dict[str, Text] = table(_SAID)
"""``account.<what>`` by key."""
