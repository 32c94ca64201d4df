"""Words of assignment: who has how many cases, who gets the next, hand-overs, and who was responsible when."""

from __future__ import annotations

from indsats.programme import Text

_SAID = """
assignment.title: Fordeling | Assignment
assignment.lead: Sager uden ansvarlig, de ældste først, og hvor meget hver medarbejder har nu. | Cases without anybody responsible, the oldest first, and how much each worker has now.
assignment.programme: Indsats | Programme
assignment.site: Sted | Site
assignment.all_sites: Alle steder | All sites
assignment.role: Rolle | Role
assignment.show: Vis | Show
assignment.unassigned: Uden ansvarlig | Unassigned
assignment.unassigned.none: Alle sager har en ansvarlig. | Every case has somebody responsible.
assignment.choose: Vælg {name} | Choose {name}
assignment.citizen: Borger | Citizen
assignment.state: Tilstand | State
assignment.since: Har ventet siden | Has waited since
assignment.waited: {n} dage | {n} days
assignment.waited.one: 1 dag | 1 day
assignment.begins: begynder {day} | begins {day}
assignment.worker: Medarbejder | Worker
assignment.to: Giv de valgte sager til | Give the chosen cases to
assignment.override: Hvorfor over loftet? | Why above the ceiling?
assignment.override.hint: Skal kun skrives, når medarbejderen får flere sager, end loftet tillader. Det gemmes sammen med tildelingen. Skriv intet om borgeren. | Only to be written when the worker gets more cases than the ceiling allows. It is kept with the assignment. Write nothing about the citizen.
assignment.give: Tildel | Assign
assignment.given: {n} sager er givet til {worker}. | {n} cases were given to {worker}.
assignment.given.one: Sagen er givet til {worker}. | The case was given to {worker}.
assignment.none_chosen: Vælg mindst én sag. | Choose at least one case.
assignment.no_worker: Vælg en medarbejder. | Choose a worker.
assignment.unfit: Medarbejderen kan ikke få sager i den rolle her. Vælg en anden. | The worker cannot have cases in that role here. Choose another.
assignment.above: {worker} har {now} sager og et loft på {ceiling}. Skriv, hvorfor der gives flere, eller vælg en anden. | {worker} has {now} cases and a ceiling of {ceiling}. Write why more are given, or choose another.
assignment.taken: Sagen om {name} er netop givet til {worker} af {by}. Intet er ændret. Se listen igen, før du tildeler. | The case of {name} has just been given to {worker} by {by}. Nothing was changed. Look at the list again before you assign.
assignment.refused: Tildelingen blev ikke taget imod, fordi sagens oplysninger ikke tillader den. Intet er ændret. | The assignment was not accepted because the case does not allow it. Nothing was changed.
assignment.loads: Sager pr. medarbejder | Cases by worker
assignment.loads.note: En aktiv sag tæller 1, en sag på pause ½ og en, der ikke er begyndt, ¼. | An active case counts 1, one on pause ½ and one that has not begun ¼.
assignment.loads.none: Ingen medarbejdere kan få sager her endnu. | No worker can have cases here yet.
assignment.cases: Sager | Cases
assignment.weighted: Vægtet | Weighted
assignment.ceiling: Loft | Ceiling
assignment.of: {now} af {ceiling} | {now} of {ceiling}
assignment.no_ceiling: {now}, intet loft | {now}, no ceiling
assignment.typical: typisk {typical} | typically {typical}
assignment.over: over loftet | above the ceiling
assignment.full: loftet er nået | the ceiling is reached
assignment.inactive: er stoppet | has left
assignment.move: Flyt sager | Move cases
assignment.move.of: Flyt sager fra {name} | Move cases from {name}
assignment.held: Se sager | See cases
assignment.open_asks: Overdragelser, der venter på svar | Hand-overs waiting for an answer
assignment.asked_of: fra {giver} til {taker} | from {giver} to {taker}
assignment.see: Se | See
assignment.hand_over: Overdrag sag | Hand over a case
assignment.hand_over.lead: Den, du vælger, får spørgsmålet på Min dag. Du har ansvaret, til der er svaret ja. | The one you choose gets the question on My day. You are responsible until they say yes.
assignment.hand_over.taker: Til | To
assignment.hand_over.reason: Hvorfor overdrages sagen? | Why is the case handed over?
assignment.hand_over.reason.hint: Den nye ansvarlige ser det, du skriver. | Whoever takes over sees what you write.
assignment.hand_over.ask: Spørg | Ask
assignment.hand_over.done: {taker} er spurgt. Du har ansvaret, til der er svaret ja. | {taker} has been asked. You are responsible until they say yes.
assignment.hand_over.nobody: Ingen har ansvaret for sagen i den rolle. En tovholder kan tildele den. | Nobody is responsible for the case in that role. A coordinator can assign it.
assignment.hand_over.others: Ingen andre kan få sager i den rolle. | Nobody else can have cases in that role.
assignment.reason.missing: Skriv hvorfor. | Write why.
assignment.from: Fra | From
assignment.asked_on: Spurgt | Asked
assignment.answer.title: Vil du overtage sagen? | Will you take over the case?
assignment.answer.text: Dit svar | Your answer
assignment.answer.hint: Den, der spurgte, ser det. | Whoever asked sees it.
assignment.answer.yes: Ja, jeg overtager | Yes, I take over
assignment.answer.no: Nej | No
assignment.answer.load: Du har {now} sager nu. | You have {now} cases now.
assignment.answer.load.of: Du har {now} sager nu og et loft på {ceiling}. | You have {now} cases now and a ceiling of {ceiling}.
assignment.answer.accepted: Du har nu ansvaret for sagen. | You are now responsible for the case.
assignment.answer.declined: Du har sagt nej. {giver} har stadig ansvaret. | You have said no. {giver} is still responsible.
assignment.answer.gone: Spørgsmålet er allerede besvaret, eller sagen er givet til en anden. | The question has been answered already, or the case was given to another.
assignment.answer.above: Du kommer over dit loft. Skriv hvorfor, hvis du alligevel overtager sagen. | You pass your ceiling. Write why if you take over the case all the same.
assignment.answer.shielded: Beskyttet borger | Protected citizen
assignment.take_back: Tag spørgsmålet tilbage | Take the question back
assignment.answer.taken_back: Spørgsmålet er taget tilbage. | The question was taken back.
assignment.bulk.title: Flyt sager fra en medarbejder | Move cases from a worker
assignment.bulk.lead: Når en medarbejder stopper, er på orlov eller har for mange sager. Alle valgte flyttes på én gang, eller ingen. | When a worker leaves, is away or has too many cases. All that are chosen move at once, or none.
assignment.bulk.to: Til | To
assignment.bulk.to.hint: Vælg én eller flere. Flere får sagerne fordelt jævnt under deres loft. | Choose one or several. Several get the cases spread evenly below their ceilings.
assignment.bulk.reason: Hvorfor flyttes sagerne? | Why are the cases moved?
assignment.bulk.reason.hint: Gemmes på hver sag. | Kept with each case.
assignment.bulk.preview: Se fordelingen først | See how it would be
assignment.bulk.none: {name} har ingen sager i den rolle, som du kan flytte. | {name} has no cases in that role that you can move.
assignment.bulk.plan: Sådan bliver det | This is how it would be
assignment.bulk.plan.lead: Intet er flyttet endnu. | Nothing has been moved yet.
assignment.bulk.gets: Får | Gets
assignment.bulk.after: Har så | Will have
assignment.bulk.new: Ny ansvarlig | Newly responsible
assignment.bulk.left: Ingen plads under loftet | No room below the ceiling
assignment.bulk.left.text: {n} sager kan ikke gives uden at gå over et loft. De bliver, hvor de er, medmindre du skriver hvorfor og ser fordelingen igen. | {n} cases cannot be given without passing a ceiling. They stay where they are unless you write why and look at it again.
assignment.bulk.confirm: Flyt {n} sager | Move {n} cases
assignment.bulk.confirm.one: Flyt 1 sag | Move 1 case
assignment.bulk.back: Ret valget | Change the choice
assignment.bulk.done: {n} sager er flyttet. | {n} cases were moved.
assignment.bulk.done.one: 1 sag er flyttet. | 1 case was moved.
assignment.bulk.no_taker: Vælg mindst én, der skal have sagerne. | Choose at least one who is to have the cases.
assignment.who.title: Hvem havde ansvaret? | Who was responsible?
assignment.who.lead: Ansvar på en bestemt dag, som det er registreret i dag. | Responsibility on a given day, as it is registered today.
assignment.who.day: Dag | Day
assignment.who.worker: Medarbejder | Worker
assignment.who.find: Find | Find
assignment.who.none: Ingen havde ansvar den dag. | Nobody was responsible on that day.
assignment.who.of_case: Sagen om {name} | The case of {name}
assignment.who.from: Fra | From
assignment.who.until: Til | To
assignment.who.still: stadig | still
assignment.who.choose: Vælg en medarbejder, eller gå hertil fra en sag. | Choose a worker, or come here from a case.
assignment.who.more: Kun de første {n} vises. | Only the first {n} are shown.
assignment.who.bad_day: Skriv en dag, som 2026-11-22. | Write a day, such as 2026-11-22.
"""  # noqa: E501 - a text a line


def _texts(said: str) -> dict[str, Text]:
    found = {}
    for line in said.strip().splitlines():
        key, _, both = line.partition(": ")
        da, _, en = both.partition(" | ")
        found[key] = Text(da=da, en=en)
    return found


WORDS = _texts(_SAID)
