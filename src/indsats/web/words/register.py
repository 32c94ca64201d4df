"""Words of registering and correcting: labels, hints, messages, and why a registration is not accepted."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.programme import Text

from .case import table

_FIELDS = """
occurred_from: Dato | Day
occurred_to: Til | To
site: Sted | Site
service: Tilbud | Service
draw: Lodtrækning | Draw
arm: Hold | Arm
reason: Årsag | Reason
group: Målgruppe | Target group
legal_basis: Lovgrundlag | Legal basis
case_opened: Er sagen åbnet? | Has the case been opened?
role: Rolle | Role
worker: Medarbejder | Worker
goal: Mål | Goal
agreed_by_citizen: Er borgeren enig? | Does the citizen agree?
on_behalf: Hvorfor er der aftalt på borgerens vegne? | Why was it agreed on the citizen's behalf?
subgoal: Delmål | Sub-goal
activity: Aktivitet | Activity
purpose: Hvad skal den føre til? | What is it to lead to?
by: Hvem gør det? | Who does it?
activities_work: Virker aktiviteterne, som de skal? | Do the activities work as they should?
adjust: Skal indholdet justeres? | Is the content to be adjusted?
other_activities: Skal der andre aktiviteter til? | Are other activities needed?
citizen_said: Har borgeren svaret? | Has the citizen answered?
citizen_wish: Borgerens ønske om en anden tid | The citizen's wish for another time
status: Hvor langt er det? | How far is it?
published: Er det lagt ud? | Is it published?
level: Niveau | Level
occupation: Erhverv | Occupation
type: Slags | Kind
outcome: Resultat | Result
place: Sted | Place
participants: Hvem var med, ud over borgeren? | Who took part, beside the citizen?
minutes_shared: Har borgeren fået referatet? | Has the citizen got the minutes?
channel: Hvordan? | How?
reached: Blev borgeren nået? | Was the citizen reached?
topic: Emne | Topic
action: Hvad blev der gjort? | What was done?
summoned: Var borgeren indkaldt? | Was the citizen summoned?
has_case: Har borgeren en sag her? | Has the citizen a case here?
counterpart: Aftalt med | Agreed with
employer: Virksomhed | Company
hours_per_week: Timer om ugen | Hours a week
evidence: Hvor kommer tallet fra? | Where is the number from?
requirement: Krav | Requirement
answer: Svar | Answer
questionnaire: Skema | Questionnaire
rater: Hvem svarer? | Who answers?
wave: Runde | Round
edition: Udgave af skemaet | Edition of the questionnaire
answers: Svar | Answers
step: Hvad skete der? | What happened?
event: Hændelse | Event
value: Udfald | Outcome
visitation.occurred_from: Fra | From
agreement.occurred_from: Fra | From
placement.occurred_from: Fra | From
hours.occurred_from: Fra | From
parallel_effort.occurred_from: Fra | From
activity.occurred_from: Fra | From
pause.occurred_from: Fra | From
assigned.occurred_from: Fra | From
plan.occurred_to: Gælder til | Valid until
enrolled.occurred_from: Første dag | First day
exit.occurred_from: Sidste dag | Last day
exit.reason: Hvorfor slutter forløbet? | Why does the course end?
placement.type: Hvad slags tilbud? | What kind of offer?
hours.type: Hvad slags timer? | What kind of hours?
requirement_answered.reason: Grund, hvis det ikke er opfyldt | Reason, where it is not met
"""

_OWN = """
register.title: Registrér: {kind} | Register: {kind}
register.title.correct: Ret: {kind} | Correct: {kind}
register.title.result: Registrér resultat | Register the result
register.title.withdraw: Tilbagekald registrering | Withdraw a registration
register.menu.title: Registrér | Register
register.menu.about: Vælg, hvad du vil registrere. | Choose what you want to register.
register.menu.none: Der er ikke noget, du kan registrere på sagen. | There is nothing you can register on the \
case.
register.choose.show: Vis felterne | Show the fields
register.choose.about: Vælg først, så kommer felterne. | Choose first, then the fields come.
register.not_stated: Ikke oplyst | Not stated
register.not_answered: Ikke besvaret | Not answered
register.more: Flere oplysninger | More information
register.save: Gem | Save
register.save.anyway: Gem alligevel | Save anyway
register.cancel: Fortryd | Cancel
register.withdraw: Tilbagekald … | Withdraw …
register.withdraw.do: Tilbagekald | Withdraw
register.withdraw.about: Brug det, hvis det aldrig er sket, eller hvis det er skrevet på en forkert borger. \
Registreringen forsvinder fra sagen, men kan stadig ses under tilbagekaldte. | Use this if it never happened, \
or was written about the wrong citizen. The registration leaves the case, but can still be seen among the \
withdrawn.
register.withdraw.reason: Begrundelse | Reason
register.withdraw.reason.missing: Skriv, hvorfor registreringen skal tilbagekaldes. | Write why the \
registration is to be withdrawn.
register.number.hint: Brug komma, for eksempel 12,5 | Use a point, such as 12.5
register.suggested.hint: Skriv selv, eller vælg et, der er brugt før. | Write your own, or choose one used \
before.
register.only_if: Besvares kun, hvis svaret på »{item}« er {answers}. | To be answered only if the answer to \
“{item}” is {answers}.
register.edition.now: Den nuværende | The present one
register.edition.by_day: Efter datoen | By the day
register.above: {worker} har {now} sager og et loft på {ceiling}. Giv sagen under Fordeling, hvor der \
spørges, hvorfor loftet overskrides, eller vælg en anden. | {worker} has {now} cases and a ceiling of \
{ceiling}. Give the case under Assignment, which asks why the ceiling is passed, or choose another.
register.edition.other: Datoen hører til en anden udgave af skemaet, så spørgsmålene er skiftet. Se dem \
igennem, og gem igen. | The day belongs to another edition of the questionnaire, so the questions have \
changed. Look them through, and save again.
register.saved: {what} | {what}
register.corrected: Rettelse af {what} | Correction of {what}
register.withdrawn: {what} er tilbagekaldt | {what} is withdrawn
register.unchanged: Du har ikke ændret noget, så der er ikke gemt en ny udgave. | You changed nothing, so no \
new version was saved.
register.stale: Nogen har registreret på sagen, siden du åbnede siden | Somebody has registered on the case \
since you opened the page
register.stale.about: Se, om det ændrer noget ved det, du vil gemme. Dine felter står, som du skrev dem. | \
See whether it changes what you want to save. Your fields are as you wrote them.
register.stale.by: {what}, registreret {day} kl. {time} af {by} | {what}, registered {day} at {time} by {by}
register.stale.busy: Sagen blev ændret flere gange, mens der blev gemt. Prøv igen; dine felter står, som du \
skrev dem. | The case was changed several times while saving. Try again; your fields are as you wrote them.
register.newer: {by} har rettet det samme kl. {time} den {day} | {by} corrected the same at {time} on {day}
register.newer.about: Felter, du ikke selv har ændret, har fået den nye værdi. Hvor I begge har skrevet, står \
dit; ret det, eller gem alligevel. | Fields you did not change yourself have taken the new value. Where both \
of you wrote, yours stands; change it, or save anyway.
register.newer.field: Felt | Field
register.newer.then: Da du åbnede | When you opened
register.newer.now: Nu | Now
register.newer.yours: Dit | Yours
register.newer.both: begge har ændret det | both have changed it
register.gone: {by} har tilbagekaldt registreringen kl. {time} den {day} | {by} withdrew the registration at \
{time} on {day}
register.gone.about: Den kan ikke rettes mere. Er det alligevel sket, kan du gemme dine felter som en ny \
registrering. | It can no longer be corrected. If it did happen after all, you can save your fields as a new \
registration.
register.gone.reason: Begrundelse: {reason} | Reason: {reason}
register.gone.again: Gem som ny | Save as new
register.draft: Du begyndte på det her {day} kl. {time} og gemte det ikke. | You began this on {day} at \
{time} and did not save it.
register.draft.open: Fortsæt, hvor du slap | Continue where you left off
register.draft.drop: Slet kladden | Delete the draft
register.draft.dropped: Kladden er slettet. | The draft is deleted.
register.draft.kept: Kladde gemt | Draft saved
register.draft.offline: Ingen forbindelse. Det, du skriver, bliver gemt på denne maskine og sendt, når der er \
forbindelse igen. | No connection. What you write is kept on this machine and sent when the connection is back.
register.draft.found: Noget, du skrev uden forbindelse, ligger på denne maskine. | Something you wrote \
without a connection is on this machine.
register.draft.found.open: Hent det ind | Bring it in
register.draft.refused: Kladden kan ikke gemmes lige nu. Gem registreringen, så snart du kan. | The draft \
cannot be saved just now. Save the registration as soon as you can.
register.drafts: Kladder | Drafts
register.errors: Der er noget, der skal rettes | Something has to be corrected
"""

WORDS: dict[str, Text] = {**table(_FIELDS, "register.field."), **table(_OWN)}
"""``register.field.<field>`` and ``register.field.<kind>.<field>``: what a field is called on a form."""

_REFUSED = """
'[^']+' is not filled in: Udfyld »{field}«. | Fill in “{field}”.
the value is not one that: Vælg en af mulighederne i »{field}«. | Choose one of those under “{field}”.
the number is not between (?P<low>\\S+) and (?P<high>\\S+): \
»{field}« skal være mellem {low} og {high}. | “{field}” must be between {low} and {high}.
is not a date: Skriv »{field}« som dag, måned og år. | Write “{field}” as day, month and year.
is not a number: Skriv »{field}« som et tal. | Write “{field}” as a number.
is not a whole number: Skriv »{field}« som et helt tal. | Write “{field}” as a whole number.
is neither yes nor no: Svar ja eller nej til »{field}«. | Answer “{field}” by yes or no.
it ends before it begins: Slutdatoen ligger før startdatoen. | The end lies before the beginning.
it begins after the day it was recorded \\(only: Datoen ligger ude i fremtiden. Vælg en anden dato, eller \
registrér det som planlagt. | The day lies ahead. Choose another day, or register it as planned.
it begins after the day it was recorded: Datoen ligger ude i fremtiden. Registrér det, når det er sket. | The \
day lies ahead. Register it once it has happened.
it ends after the day it was recorded: Slutdatoen ligger ude i fremtiden. Lad den stå tom, til det er slut. | \
The end lies ahead. Leave it empty until it has ended.
there is no such enrolment: Forløbet findes ikke længere. Gå tilbage til sagen, og begynd derfra. | The \
enrolment is no longer there. Go back to the case and begin from there.
facts already recorded point to an enrolment: Der er registreret noget på forløbet, så indskrivningen kan \
ikke ændres på den måde. Ret eller tilbagekald det først. | Something is registered on the enrolment, so it \
cannot be changed like this. Correct or withdraw that first.
the person is already enrolled in the same service: Borgeren er allerede indskrevet i det samme tilbud på det \
tidspunkt. Registrér afslutningen af det forløb først. | The citizen is already enrolled in the same service \
at that time. Register the exit of that course first.
the enrolment begins on more than one row: Forløbet er allerede begyndt. Ret den indskrivning, der er. | The \
course has already begun. Correct the enrolment there is.
the enrolment ends on more than one row: Forløbet er allerede afsluttet. Ret den afslutning, der er. | The \
course has already ended. Correct the exit there is.
the exit lies before the enrolment began: Afslutningen ligger før forløbets første dag. | The exit lies \
before the first day of the course.
it lies more than a year before the enrolment: Datoen ligger mere end et år før forløbet. Se efter, om året \
er rigtigt. | The day lies more than a year before the course. See whether the year is right.
is not in the form for this type: »{field}« hører ikke til den slags. Lad feltet stå tomt. | “{field}” does \
not belong to that kind. Leave it empty.
is not a field of: »{field}« bruges ikke mere. Lad feltet stå tomt. | “{field}” is no longer used. Leave it \
empty.
the event has no outcomes: Hændelsen har ikke noget udfald. Lad feltet stå tomt. | The event has no outcomes. \
Leave the field empty.
the requirement cannot be met partly: Kravet er enten opfyldt eller ikke opfyldt. Svar ja eller nej. | The \
requirement is met or not met. Answer yes or no.
the reason is not one that requirement: Den grund kan ikke bruges til dette krav. Vælg en af de andre. | That \
reason does not go with this requirement. Choose another.
somebody named is not a role: Vælg deltagerne blandt programmets roller. | Choose the participants among the \
programme's roles.
no item of the questionnaire is answered: Svar på mindst ét spørgsmål. | Answer one question at least.
the answer is outside the scale: Svaret er ikke et af dem, skemaet har. Vælg et andet. | The answer is not \
one the questionnaire has. Choose another.
the form of .* was printed without: Den mulighed stod ikke på skemaet. Vælg en anden, eller vælg den udgave, \
der blev besvaret. | That option was not on the form. Choose another, or the edition that was answered.
can only be answered by: Spørgsmålet har ikke den mulighed. Vælg en anden. | The question does not have that \
option. Choose another.
does not answer item: Den, der svarer, bliver ikke spurgt om »{field}«. Lad det stå tomt. | The one who \
answers is not asked about “{field}”. Leave it empty.
is not asked of those who answered: »{field}« skal ikke besvares, når der er svaret sådan ovenfor. Lad det \
stå tomt, eller ret svaret. | “{field}” is not to be answered after the answer above. Leave it empty, or \
correct that answer.
is not asked in: »{field}« er ikke med i den udgave af skemaet. Lad det stå tomt. | “{field}” is not in that \
edition of the questionnaire. Leave it empty.
has no item: »{field}« er ikke med i skemaet. | “{field}” is not in the questionnaire.
is not asked in rounds: Skemaet har ingen runder. Lad feltet stå tomt. | The questionnaire has no rounds. \
Leave the field empty.
the questionnaire is answered about a: Skemaet handler ikke om borgeren. | The questionnaire is not about the \
citizen.
the same rater has answered differently: Den samme har allerede svaret på skemaet den dag, og svarene er \
forskellige. Ret de svar, der er, eller vælg en anden dato. | The same person has answered the questionnaire \
that day already, and differently. Correct those answers, or choose another day.
the site is not known: Stedet findes ikke. Vælg et andet. | The site is not known. Choose another.
the fact has been withdrawn: Registreringen er tilbagekaldt og kan ikke rettes mere. | The registration has \
been withdrawn and can no longer be corrected.
the fact is already in the record: Det er allerede registreret. | It has been registered already.
the enrolment belongs to another person: Forløbet hører til en anden borger. | The enrolment belongs to \
another citizen.
the person number cannot be right: Personnummeret kan ikke være rigtigt. | The person number cannot be right.
"""

REFUSED: Mapping[str, Text] = table(_REFUSED)
"""Why the record refuses a registration, by a pattern of what it says itself; ``field`` is the field's label."""

UNKNOWN_REFUSAL = Text(
    da="»{field}« kan ikke gemmes, som det står. Ret feltet, eller lad det stå tomt.",
    en="“{field}” is not accepted: {what}. {remedy}",
)
"""A refusal nobody has put into words."""

UNKNOWN_REFUSAL_OF_ALL = Text(
    da="Registreringen kan ikke gemmes, som den står. Se datoerne og valgene igennem.",
    en="The registration is not accepted: {what}. {remedy}",
)
"""The same where it is about no single field."""
