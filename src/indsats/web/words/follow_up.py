"""Words of a follow-up plan and of renewing: the form's part, the days it gives, and what a renewal starts from."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_WORDS = """
follow_up.title: Plan for opfølgning | Follow-up plan
follow_up.about: Møderne bliver planlagt, når du gemmer. Vælg hvad slags møde og den første dag, eller lad felterne \
stå tomme, hvis der ikke skal laves en plan. | The meetings are planned when you save. Choose the kind of meeting \
and the first day, or leave the fields empty if no plan is to be made.
follow_up.type: Hvad slags møde? | What kind of meeting?
follow_up.first: Første opfølgning | First follow-up
follow_up.first.hint: Planen går til aftalens sidste dag. | The plan runs to the last day of the agreement.
follow_up.weeks: Uger mellem møderne | Weeks between meetings
follow_up.show: Vis dagene | Show the days
follow_up.days: Møderne i planen | The meetings of the plan
follow_up.days.about: Dagene er ikke gemt endnu. | The days have not been saved yet.
follow_up.days.n: {n} møder | {n} meetings
follow_up.days.n.one: Ét møde | One meeting
follow_up.agenda: Dagsorden: {title} | Agenda: {title}
follow_up.moved: {day}, i stedet for {meant} ({why}) | {day}, instead of {meant} ({why})
follow_up.done: {n} opfølgninger er planlagt fra {first} til {last}. | {n} follow-ups are planned from {first} to \
{last}.
follow_up.done.one: Én opfølgning er planlagt {first}. | One follow-up is planned on {first}.
follow_up.done.moved: {n} af dem er flyttet fra en fridag. | {n} of them were moved off a day off.
follow_up.done.moved.one: Én af dem er flyttet fra en fridag. | One of them was moved off a day off.
follow_up.type.missing: Vælg, hvad slags møde opfølgningen er, eller slet den første dag. | Choose what kind of \
meeting the follow-up is, or clear the first day.
follow_up.first.missing: Skriv dagen for den første opfølgning, eller lad planens andre felter stå, som de stod. | \
Write the day of the first follow-up, or leave the other fields of the plan as they stood.
follow_up.first.past: Den første opfølgning kan ikke ligge før i dag. Vælg en senere dag. | The first follow-up \
cannot lie before today. Choose a later day.
follow_up.first.early: Den første opfølgning ligger før aftalens første dag. Vælg en senere dag. | The first \
follow-up lies before the first day of the agreement. Choose a later day.
follow_up.first.late: Den første opfølgning ligger efter aftalens sidste dag. Vælg en tidligere dag. | The first \
follow-up lies after the last day of the agreement. Choose an earlier day.
follow_up.weeks.wrong: Skriv et helt antal uger fra 1 til {most}. | Write a whole number of weeks from 1 to {most}.
follow_up.end.missing: Skriv aftalens sidste dag: planen for opfølgning går dertil. | Write the last day of the \
agreement: the follow-up plan runs until then.
follow_up.many: Det giver {n} møder, og en plan kan højst have {most}. Vælg flere uger mellem møderne, eller ret \
aftalens sidste dag. | That gives {n} meetings, and a plan may have at most {most}. Choose more weeks between \
them, or correct the last day of the agreement.
follow_up.not_offered: Det kan ikke vælges her. Vælg noget fra listen. | That cannot be chosen here. Choose from the \
list.
follow_up.renew.about: Fornyer: {what}. Den gamle bliver stående, som den er. | Renews: {what}. The old one stays as \
it is.
follow_up.renew.as_before: Som i den gamle. | As in the old one.
follow_up.renew.from: Dagen efter den gamle slutter. | The day after the old one ends.
follow_up.renew.today: I dag: den gamle er slut. | Today: the old one has ended.
follow_up.renew.to: Lige så længe som den gamle. | As long as the old one.
follow_up.dates: Opfølgninger | Follow-ups
follow_up.held: holdt | held
follow_up.next: næste | next
follow_up.today: i dag | today
follow_up.planned: planlagt | planned
follow_up.late: mangler resultat | result missing
follow_up.no_show: udeblevet | no-show
follow_up.cancelled: aflyst | cancelled
follow_up.moved_to: flyttet | moved
follow_up.result: Registrér resultat | Register the result
follow_up.earlier: Tidligere ({n}) | Earlier ({n})
follow_up.later: Senere ({n}) | Later ({n})
"""

WORDS: dict[str, Text] = table(_WORDS)
"""``follow_up.<field>``: what a field of the plan is called."""
