"""Words of control: the logs, the table of rights, users and their roles."""

from __future__ import annotations

from indsats.programme import Text

from .case import table

_SAID = """
control.title: Kontrol | Audit
control.reads: Opslag | Reads
control.reads.lead: Hvem har set på hvem. Først vises opslag af nogen, der ikke var ansvarlig for sagen den dag. Det kan være helt i orden; det er dem, der er værd at se på. | Who looked at whom. Reads by somebody who was not responsible for the case that day come first. They may be quite all right; they are the ones worth a look.
control.reads.none: Ingen opslag passer på det valgte. | No reads match the choice.
control.nav: Kontrol | Audit
control.nav.reads: Opslag | Reads
control.nav.sample: Stikprøve | Sample
control.nav.glasses: Brudte glas | Broken glasses
control.nav.searches: Søgninger | Searches
control.nav.insight: Indsigt | Access request
control.nav.rights: Rettigheder | Rights
control.show: Vis | Show
control.filter.maaned: Måned | Month
control.filter.hvem: Medarbejder | Worker
control.filter.alle: Opslag | Reads
control.filter.lister: Vist | Shown
control.everybody: Alle | Everybody
control.unrelated.only: Ikke ansvarlig for sagen | Not responsible for the case
control.every: Alle opslag | All reads
control.alone: Åbnet hver for sig | Opened one by one
control.lists: Også i lister | In lists too
control.related: ansvarlig for sagen | responsible for the case
control.unrelated: ikke ansvarlig for sagen | not responsible for the case
control.column.at: Tidspunkt | Time
control.column.user: Medarbejder | Worker
control.column.role: Rolle | Role
control.column.person: Borger | Citizen
control.column.what: Hvad | What
control.column.programme: Indsats | Programme
control.column.relation: Tilknytning | Relation
control.column.reason: Begrundelse for brudt glas | Reason for a broken glass
control.column.words: Søgte efter | Searched for
control.column.hits: Fundet | Found
control.through: gennem brudt glas | through a broken glass
control.sample: Stikprøve | Sample
control.sample.lead: {n} opslag af {of} i måneden, udtrukket ved lodtrækning. Udtrækket er det samme, hver gang siden åbnes. | {n} reads of the {of} of the month, drawn by chance. The draw is the same each time the page is opened.
control.sample.open: Måneden er ikke slut: der kan komme nye opslag i udtrækket. | The month is not over: new reads may come into the draw.
control.sample.none: Der er ingen opslag i måneden. | There are no reads in the month.
control.glasses: Brudte glas | Broken glasses
control.glasses.lead: Nogen har set en borger, de ellers ikke har adgang til. Se på hver begrundelse, og skriv, hvad du fandt. | Somebody has seen a citizen they otherwise have no access to. Look at each reason, and write what you found.
control.glasses.waiting: Venter på gennemsyn | Waiting for review
control.glasses.waiting.none: Alle er set igennem. | All have been reviewed.
control.glasses.seen: Set igennem | Reviewed
control.glass.other: En borger uden for dit område | A citizen outside your area
control.glass.who: {by} så {person} | {by} saw {person}
control.glass.when: Fra {since} til {until} | From {since} to {until}
control.glass.note: Hvad fandt du? | What did you find?
control.glass.note.hint: Mindst {least} tegn, for eksempel hvem du har talt med. | At least {least} characters, for example whom you talked to.
control.glass.do: Set igennem | Reviewed
control.glass.own: Du har selv brudt glasset. En anden skal se det igennem. | You broke the glass yourself. Somebody else must review it.
control.glass.short: Skriv mindst {least} tegn om, hvad du fandt. | Write at least {least} characters about what you found.
control.glass.done: Gennemsynet er noteret. | The review has been noted.
control.glass.already: En anden har set det igennem i mellemtiden. | Somebody else has reviewed it in the meantime.
control.glass.by: set igennem af {by} {at} | reviewed by {by} {at}
control.searches: Søgninger | Searches
control.searches.lead: Hvad der er søgt efter. CPR-numre er gemt som et mærke, der ikke kan læses: det samme nummer giver det samme mærke. | What has been searched for. CPR numbers are kept as a mark that cannot be read: the same number gives the same mark.
control.searches.none: Der er ingen søgninger i måneden. | There are no searches in the month.
control.insight: Indsigt til en borger | Access request by a citizen
control.insight.lead: En fil til borgeren om, hvem der har set på oplysningerne om dem, hvornår, i hvilken rolle, og hvad de var til. | A file for the citizen about who has looked at the records about them, when, in which role, and what for.
control.insight.names: Med medarbejdernes navne | With the workers' names
control.insight.names.hint: Lad være, hvis hensynet til medarbejderne vejer tungest. | Leave it if consideration for the workers weighs most.
control.insight.do: Hent filen | Get the file
control.insight.nobody: Der er ingen med det nummer i dit område. Se efter, om det er skrevet rigtigt. | There is nobody with that number in your area. Check whether it is written correctly.
control.rights: Rettigheder | Rights
control.rights.lead: Hvem må hvad, og hvor. Det, der ikke står her, må ingen. | Who may do what, and where. What does not stand here, nobody may.
control.rights.act: Må | May
control.rights.what: Hvad | What
control.rights.where: Hvor | Where
control.action.see: se | see
control.action.register: registrere | register
control.action.correct: rette | correct
control.action.withdraw: trække tilbage | withdraw
control.action.answer: svare på | answer
control.action.invite: give borgeren link til | give the citizen the link to
control.action.letter: give borgeren brev i | give the citizen a letter in
control.action.assign: fordele | assign
control.action.hand_over: give videre | hand over
control.action.import: indlæse | bring in
control.action.draw: trække lod om | draw lots for
control.action.merge: lægge sammen | merge
control.action.export: hente ud som fil | get as a file
control.action.glass: bryde glasset til | break the glass to
control.action.protected: vide, at beskyttede er der | know of shielded ones
control.action.steer: styre efter | steer by
control.action.control: føre kontrol med | control
control.action.administer: oprette og give roller | create and give roles
control.scope.self: sig selv | oneself
control.scope.own: egne sager | own cases
control.scope.site: eget sted | own site
control.scope.programme: hele indsatsen | the whole programme
control.and: og | and
control.thing.case: sager | cases
control.thing.mine: sit eget forløb | their own course
control.thing.caseload: fordelingen af sager | the assignment of cases
control.thing.figures: tal | figures
control.thing.batch: lister og lodtrækning | lists and draws
control.thing.person: dobbelte borgere | duplicate citizens
control.thing.log: opslag og søgninger | reads and searches
control.thing.users: brugere | users
control.facts.persons: alle registreringer om borgere | all registrations about citizens
control.facts.persons.but: registreringer om borgere undtagen {kinds} | registrations about citizens except {kinds}
control.facts.sites: alle registreringer om stedet | all registrations about the site
control.facts.sites.but: registreringer om stedet undtagen {kinds} | registrations about the site except {kinds}
control.users: Brugere | Users
control.users.lead: Dem, der kan logge ind, og hvad de må hvor. | Those who can sign in, and what they may do where.
control.users.new: Ny bruger | New user
control.users.none: Ingen brugere passer på det valgte. | No users match the choice.
control.users.name: Navn | Name
control.users.username: Brugernavn | User name
control.users.roles: Roller | Roles
control.users.no_role: ingen rolle | no role
control.users.rolle: Rolle | Role
control.users.every_role: Alle roller | All roles
control.users.lukket: Adgang | Access
control.users.open: Kan logge ind | Can sign in
control.users.closed: Lukket | Closed
control.user.once: Skal vælge sin egen adgangskode | Is to choose their own password
control.user.new.do: Opret | Create
control.user.username: Brugernavn | User name
control.user.username.hint: Det samme, som personen har som medarbejder i registreringerne. Bogstaver, tal, punktum, bindestreg og @. Aldrig et CPR-nummer. | The same as the person has as a worker in the registrations. Letters, digits, full stop, hyphen and @. Never a CPR number.
control.user.username.wrong: Brug to eller flere bogstaver, tal, punktum, bindestreg eller @, og ikke et CPR-nummer. | Use two or more letters, digits, full stops, hyphens or @, and no CPR number.
control.user.username.taken: Der er allerede en bruger med det navn. Vælg et andet. | There is already a user of that name. Choose another.
control.user.name: Navn | Name
control.user.name.hint: Som kolleger og borgere kender personen. | As colleagues and citizens know the person.
control.user.name.missing: Skriv navnet. | Write the name.
control.user.word: Adgangskode, der vises én gang | Password, shown once
control.user.word.text: Giv den til {name} ad en sikker vej. Den vises ikke igen, og {name} skal vælge sin egen, når den er brugt. | Give it to {name} in a safe way. It is not shown again, and {name} must choose their own when it has been used.
control.user.roles: Roller | Roles
control.user.roles.none: Ingen roller endnu: personen kan logge ind og ikke se noget. | No roles yet: the person can sign in and see nothing.
control.user.may: Hvad rollen må | What the role may do
control.user.ceiling: højst {n} sager | at most {n} cases
control.user.end: Afslut | End
control.user.end.what: rollen {role}, {place} | the role {role}, {place}
control.user.own: Din egen adgang skal en anden administrator ændre. | Your own access must be changed by another administrator.
control.user.elsewhere: Brugeren har også roller i indsatser, du ikke har. Det skal en administrator dér gøre. | The user also has roles in programmes you do not have. An administrator there must do it.
control.user.given: Rollen {role} er givet. | The role {role} has been given.
control.user.ended: Rollen {role} er afsluttet. | The role {role} has ended.
control.user.access: Adgang | Access
control.user.off: Luk adgangen | Close the access
control.user.off.text: Personen bliver logget ud med det samme. Roller og historik bliver stående. | The person is signed out at once. Roles and history stay.
control.user.off.done: Adgangen er lukket. | The access is closed.
control.user.on: Åbn adgangen igen | Open the access again
control.user.on.done: Adgangen er åben igen. | The access is open again.
control.user.reset: Lav en ny adgangskode | Make a new password
control.user.reset.text: Den gamle virker ikke længere, og personen bliver logget ud. | The old one no longer works, and the person is signed out.
control.user.changes: Ændringer | Changes
control.user.changes.none: Ingen ændringer er noteret. | No changes have been noted.
control.user.by: af {by} | by {by}
control.change.made: Brugeren oprettet | User created
control.change.given: Fik rollen {role} | Given the role {role}
control.change.ended: Rollen {role} afsluttet | The role {role} ended
control.change.off: Adgangen lukket | Access closed
control.change.on: Adgangen åbnet igen | Access opened again
control.change.word: Ny adgangskode lavet | New password made
control.give: Giv en rolle | Give a role
control.give.do: Giv rollen | Give the role
control.give.programme: Indsats | Programme
control.give.programme.wrong: Vælg en indsats. | Choose a programme.
control.give.role: Rolle | Role
control.give.role.wrong: Vælg en rolle. | Choose a role.
control.give.site: Sted | Site
control.give.site.wrong: Vælg et sted i indsatsen. | Choose a site of the programme.
control.give.site.none: Den rolle gælder hele indsatsen. Vælg alle steder. | That role is for the whole programme. Choose all sites.
control.give.function: Funktion i indsatsen | Function in the programme
control.give.function.hint: Den rolle, personen tildeles sager i. | The role in which the person is assigned cases.
control.give.function.none: Ingen bestemt | None in particular
control.give.function.wrong: Vælg en funktion i indsatsen. | Choose a function of the programme.
control.give.ceiling: Loft over sager | Ceiling of cases
control.give.ceiling.hint: Lad det stå tomt for at bruge indsatsens eget. | Leave it empty to use the programme's own.
control.give.ceiling.wrong: Skriv et tal over 0. | Write a number above 0.
control.give.number: Borgerens CPR-nummer | The citizen's CPR number
control.give.number.hint: Kun til rollen Borger: den, siden skal handle om. | Only for the role Citizen: whom the page is to be about.
control.give.number.wrong: Skriv nummeret på en borger i registret. Er brugeren knyttet til en anden, så opret en ny bruger. | Write the number of a citizen in the record. If the user is linked to another, create a new user.
control.give.already: Personen har allerede rollen. | The person already has the role.
control.what.assignment: fordelingen | the assignment
control.what.batch: indlæst liste | list brought in
control.what.case: sagen | the case
control.what.case-requirements: sagens krav | the requirements of the case
control.what.case-plan: sagens plan | the plan of the case
control.what.case-hours: sagens timer | the hours of the case
control.what.case-measurements: sagens målinger | the measurements of the case
control.what.visits: åben rådgivning | open counselling
control.what.cases: listen over sager | the list of cases
control.what.cases-export: listen over sager, hentet som fil | the list of cases, got as a file
control.what.control: kontrol | audit
control.what.correct: rettelse | correction
control.what.day: Min dag | My day
control.what.draw: lodtrækning | draw
control.what.duplicates: mulige dubletter | possible duplicates
control.what.enrol: indskrivning | enrolment
control.what.figure: sagerne bag et tal | the cases behind a figure
control.what.hand-over: overdragelse | hand-over
control.what.insight: indsigt til borgeren | access request
control.what.intake: visitation | intake
control.what.invite: siden om borgerens link | the page of the citizen's link
control.what.case-letters: breve i sagen | letters of the case
control.what.letter: kopi af brev | copy of a letter
control.what.letter-given: brev givet til borgeren | letter given to the citizen
control.what.letter-looked: udkast til brev | draft of a letter
control.what.link-code: ny kode til borgerens link | new code for the citizen's link
control.what.link-ended: borgerens link stoppet | the citizen's link ended
control.what.link-failed: forkert kode til borgerens link | wrong code for the citizen's link
control.what.link-made: link lavet til borgeren | link made for the citizen
control.what.link-used: borgerens link brugt | the citizen's link used
control.what.merge: sammenlægning | merging
control.what.mine: borgerens egen side | the citizen's own page
control.what.mine-answer: spørgeskema på borgerens egen side | questionnaire on the citizen's own page
control.what.register: registrering | registration
control.what.renew: fornyelse af en aftale | renewal of an agreement
control.what.responsible: hvem var ansvarlig | who was responsible
control.what.search: søgning | search
control.what.withdraw: tilbagetrækning | withdrawal
control.what.other: noget andet | something else
"""  # noqa: E501 - a line for each text

WORDS: dict[str, Text] = table(_SAID)
"""``control.<what>`` by key; ``control.what.<what>`` are the pages the log of reads names."""
