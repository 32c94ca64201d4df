"""The words of visitation and intake: lists, new citizens, enrolment, draws and duplicates."""

from __future__ import annotations

from .case import table

_SAID = """
title: Visitation | Intake
lead: Her kommer borgere ind i indsatsen: enkeltvis, på lister og ved lodtrækning. | Here citizens come into the programme: one by one, on lists and by draw.
programme: Indsats | Programme
site: Sted | Site
all_sites: Alle steder | All sites
group: Målgruppe | Target group
all_groups: Alle målgrupper | All target groups
no_group: Ingen målgruppe endnu | No target group yet
legal_basis: Hjemmel | Legal basis
legal_basis.hint: Vælg en eller flere. | Choose one or several.
service: Tilbud | Service
citizen: Borger | Citizen
show: Vis | Show
back: Tilbage til visitation | Back to intake
waiting: Venter på at begynde | Waiting to begin
waiting.lead: De, der har ventet længst, står først. | Those who have waited longest stand first.
waiting.none: Ingen venter på at begynde her. | Nobody is waiting to begin here.
since: Siden | Since
waited: {n} dage | {n} days
waited.one: 1 dag | 1 day
enrol: Indskriv | Enrol
enrol.of: Indskriv {name} | Enrol {name}
to.list: Indlæs en liste | Bring in a list
to.new: Ny borger | New citizen
to.draw: Træk lod | Draw by lot
to.batches: Indlæste lister | Lists brought in
to.duplicates: Mulige dubletter | Possible duplicates
list.title: Indlæs en liste | Bring in a list
list.lead: Først ser du, hvad listen vil gøre. Intet skrives, før du siger ja, og så skrives det hele på én gang. | First you see what the list would do. Nothing is written until you say yes, and then all of it at once.
list.file: Fil | File
list.file.hint: CSV (UTF-8), Excel eller Parquet. Højst {n} rækker. | CSV (UTF-8), Excel or Parquet. {n} rows at the most.
list.kind: Hvad er der på listen? | What is on the list?
list.kind.by_name: Filens navn siger det | The file's name says it
list.kind.persons: Oplysninger om borgere | What is known of citizens
list.site: Sted for rækker uden | Site for rows without one
list.site.in_list: Stedet står i listen | The site stands in the list
list.show: Se, hvad listen vil gøre | See what the list would do
list.no_file: Vælg en fil. | Choose a file.
list.too_large: Filen er større end 20 MB. Del den op. | The file is larger than 20 MB. Divide it.
list.columns: Hvilke kolonner skal listen have? | Which columns must the list have?
list.columns.text: Første række er overskrifter. Hent en tom liste med de rigtige, og udfyld den. »person« er CPR-nummeret. Navn, fødselsdato og andet om borgeren må gerne stå på samme række; kolonner, du ikke bruger, kan slettes. | The first row holds headings. Fetch an empty list with the right ones and fill it in. “person” is the CPR number. Name, date of birth and more about the citizen may stand on the same row; columns you do not use can be deleted.
list.template: Tom liste: {kind} | Empty list: {kind}
batch.title: Listen »{name}« | The list “{name}”
batch.kind: Indhold | Content
batch.for_site: Rækker uden sted | Rows without a site
batch.preview: Sådan bliver det | This is what it would do
batch.preview.lead: Intet er skrevet endnu. | Nothing has been written yet.
batch.did: Det gjorde listen | What the list did
batch.rows: Rækker i listen | Rows in the list
batch.facts: Nye registreringer | New registrations
batch.already: Findes i forvejen og springes over | There already, left out
batch.new: Borgere, du ikke har i forvejen | Citizens you do not have beforehand
batch.known: Borgere, du har i forvejen | Citizens you have beforehand
batch.filled: Borgere, der får udfyldt oplysninger | Citizens whose details are filled in
batch.problems: Rækker, der skal rettes | Rows to be mended
batch.problems.lead: Listen skrives ikke, før alt er i orden. Ret filen, og indlæs den igen. | The list is not written until all is well. Mend the file and bring it in again.
batch.problems.first: De første {n} af {total} vises. | The first {n} of {total} are shown.
batch.problems.file: Hent alle som CSV | Fetch all as CSV
batch.row: Række | Row
batch.column: Kolonne | Column
batch.value: Står der | It says
batch.wrong: Hvad er galt | What is wrong
batch.remedy: Hvad du kan gøre | What you can do
batch.likely: Måske de samme | Perhaps the same
batch.likely.lead: Født samme dag og med næsten samme navn som en, du har. Se efter, før du siger ja: en borger bør kun findes én gang. | Born the same day and with nearly the same name as somebody you have. Look before you say yes: a citizen should be there once only.
batch.likely.row: Række {n} ligner | Row {n} is like
batch.accept: Skriv det hele | Write all of it
batch.drop: Læg listen væk | Put the list away
batch.nothing: Alt i listen findes i forvejen. | Everything in the list is there already.
batch.accepted: Listen er skrevet: {n} registreringer. | The list is written: {n} registrations.
batch.accepted.one: Listen er skrevet: 1 registrering. | The list is written: 1 registration.
batch.dropped: Listen er lagt væk. Intet er skrevet. | The list is put away. Nothing was written.
batch.state.shown: Vist, ikke skrevet | Shown, not written
batch.state.accepted: Skrevet | Written
batch.state.undone: Fortrudt | Undone
batch.by: Af | By
batch.when: Hvornår | When
batch.done: Skrevet {when} | Written {when}
batch.undone_by: Fortrudt {when} af {by} | Undone {when} by {by}
batch.undo: Fortryd listen | Undo the list
batch.undo.title: Fortryd hele listen? | Undo the whole list?
batch.undo.text: Alle {n} registreringer fra listen kaldes tilbage. De kan stadig ses som tilbagekaldt, med din begrundelse. | All {n} registrations from the list are withdrawn. They can still be seen as withdrawn, with your reason.
batch.undo.text.one: Registreringen fra listen kaldes tilbage. Den kan stadig ses som tilbagekaldt, med din begrundelse. | The registration from the list is withdrawn. It can still be seen as withdrawn, with your reason.
batch.undo.persons: Oplysninger, der blev udfyldt om borgerne, tages ud igen. | What was filled in about the citizens is taken out again.
batch.undo.reason: Hvorfor fortrydes listen? | Why is the list undone?
batch.undo.done: Listen er fortrudt. | The list is undone.
batch.undo.elsewhere: Listen har registreringer på steder, du ikke kan hente lister ind til. Bed en, der kan det, om at fortryde den. | The list has registrations at sites you cannot bring lists in to. Ask somebody who can to undo it.
batch.rested: Listen kan ikke fortrydes | The list cannot be undone
batch.rested.lead: Der er registreret noget siden, som hviler på den. Kald det tilbage først, hvis det også er forkert. | Something was registered since that rests on it. Withdraw that first if it is wrong as well.
batch.rested.hidden: {n} registreringer på sager, du ikke kan se | {n} registrations on cases you cannot see
batch.rested.hidden.one: 1 registrering på en sag, du ikke kan se | 1 registration on a case you cannot see
batch.rested.corrected: rettet siden | corrected since
batch.rested.enrolment: hører til et forløb fra listen | belongs to an enrolment of the list
batch.rested.followed: kom efter | came afterwards
batch.rested.person: handler om en borger fra listen | is about a citizen of the list
batch.decided: Der er allerede taget stilling til listen. | The list has been decided on already.
batch.busy: Andre skriver om de samme borgere lige nu. Prøv igen om lidt. | Others are writing about the same citizens just now. Try again in a moment.
batch.undone: Listen er ikke skrevet, eller den er allerede fortrudt. | The list is not written, or it is undone already.
batch.reason: Skriv hvorfor. | Write why.
batches.title: Indlæste lister | Lists brought in
batches.none: Ingen lister er indlæst endnu. | No lists have been brought in yet.
batches.list: Liste | List
batches.state: Status | State
new.title: Ny borger | New citizen
new.lead: Søg først. Findes borgeren i forvejen, skal forløbet begynde derfra. | Search first. If the citizen is there already, the course begins from there.
new.number: CPR-nummer | CPR number
new.number.hint: Ti cifre, med eller uden bindestreg. | Ten digits, with or without a hyphen.
new.name: Navn | Name
new.search: Søg | Search
new.no_number: Skriv CPR-nummeret med ti cifre. | Write the CPR number with ten digits.
new.no_name: Skriv borgerens navn. | Write the citizen's name.
new.found: Borgeren findes i forvejen | The citizen is there already
new.found.lead: Gå til sagen, og indskriv eller visitér derfra. | Go to the case, and enrol or assess from there.
new.likely: Er det en af dem her? | Is it one of these?
new.likely.lead: Født samme dag og med næsten samme navn. | Born the same day and with nearly the same name.
new.likely.none: Ingen af dem er den samme borger | None of them is the same citizen
new.likely.missing: Se dem igennem, og sæt kryds ved, at ingen af dem er den samme. | Look through them, and tick that none of them is the same.
new.none: Ingen med det nummer. Du kan oprette borgeren. | Nobody with that number. You can create the citizen.
new.expired: Søgningen er for gammel. Søg igen; intet er gemt. | The search is too old. Search again; nothing was saved.
new.create: Opret borgeren | Create the citizen
new.birth: Fødselsdato | Date of birth
new.birth.hint: Følger af nummeret. | Follows from the number.
new.birth.missing: Skriv fødselsdatoen; nummeret siger den ikke. | Write the date of birth; the number does not tell it.
new.protected: Beskyttet: navn og adresse må ikke vises for andre | Protected: name and address must not be shown to others
new.start: Hvad begynder nu? | What begins now?
new.start.visitation: Visitation: borgeren venter på at begynde | Assessment: the citizen waits to begin
new.start.enrolled: Borgeren indskrives nu | The citizen is enrolled now
new.day: Dato | Day
new.no_site: Vælg et sted. | Choose a site.
new.no_service: Vælg et tilbud. | Choose a service.
new.no_day: Skriv en dag, højst i dag. | Write a day, today at the latest.
new.done: {name} er oprettet. | {name} has been created.
new.done.hidden: Borgeren er registreret. Sagen er hos dem, der må se den. | The citizen is registered. The case is with those who may see it.
enrol.title: Indskriv | Enrol
enrol.lead: Et nyt forløb begynder. Forløb må gerne løbe ved siden af hinanden, hvis det er forskellige tilbud. | A new course begins. Courses may run beside one another in different services.
enrol.do: Indskriv | Enrol
enrol.done: {name} er indskrevet. | {name} has been enrolled.
enrol.others: Forløb i forvejen | Courses beforehand
enrol.stale: {n} registreringer er kommet til, siden du åbnede siden. Se sagen igennem, og indskriv igen, hvis det stadig er rigtigt. | {n} registrations have come since you opened the page. Look through the case, and enrol again if it is still right.
enrol.stale.one: En registrering er kommet til, siden du åbnede siden. Se sagen igennem, og indskriv igen, hvis det stadig er rigtigt. | One registration has come since you opened the page. Look through the case, and enrol again if it is still right.
enrol.stale.joined: Borgeren er lagt sammen med en anden, eller skilt igen, siden du åbnede siden. Se sagen igennem først. | The citizen has been joined with another, or parted again, since you opened the page. Look through the case first.
draw.title: Træk lod | Draw by lot
draw.lead: Lodtrækningen kan gentages af enhver med det samme resultat: den følger af, hvem der kan trækkes, og af et tal, der vises og gemmes. | Anybody can repeat the draw with the same result: it follows from who can be drawn, and from a number that is shown and kept.
draw.none: Indsatsen har ingen lodtrækning. | The programme has no draw.
draw.which: Lodtrækning | Draw
draw.pool: Kan trækkes | Can be drawn
draw.out: Holdes udenfor | Left out
draw.drawn: Er trukket før | Drawn before
draw.out.none: Ingen holdes udenfor. | Nobody is left out.
draw.within: Der trækkes for sig inden for {fields}. | The draw is made separately within {fields}.
draw.within.site: sted | site
draw.numbers: Hvor mange til hver? | How many to each?
draw.numbers.hint: Tilsammen {n}. | {n} in all.
draw.numbers.wrong: Skriv hele tal over 0, der tilsammen giver {n}. | Write whole numbers above 0 that make {n} in all.
draw.show: Træk, og se resultatet | Draw, and see the result
draw.nobody: Der er ingen at trække lod imellem. | There is nobody to draw among.
draw.shares: Skriv, hvor mange hver gruppe skal have. | Write how many each arm gets.
draw.changed: De, der kan trækkes, er ikke længere de samme som før. Træk igen. | Those who can be drawn are no longer the same. Draw again.
draw.busy: Andre skriver om de samme borgere lige nu. Prøv igen om lidt. | Others are writing about the same citizens just now. Try again in a moment.
draw.result: Resultat | Result
draw.seed: Lodtrækningens tal | Number of the draw
draw.arm: Gruppe | Arm
draw.count: Antal | Number
draw.share: Andel | Share
draw.balance: Ligner grupperne hinanden? | Are the arms alike?
draw.balance.what: Kendetegn | Characteristic
draw.balance.age: Alder i gennemsnit | Mean age
draw.people: Hvem kom hvorhen? | Who went where?
draw.accept: Gem lodtrækningen | Keep the draw
draw.drop: Læg den væk | Put it away
draw.dropped: Lodtrækningen er lagt væk. Intet er skrevet. | The draw is put away. Nothing was written.
draw.accepted: Lodtrækningen er gemt for {n} borgere. | The draw is kept for {n} citizens.
draw.accepted.one: Lodtrækningen er gemt for 1 borger. | The draw is kept for 1 citizen.
duplicates.title: Mulige dubletter | Possible duplicates
duplicates.lead: Født samme dag, samme køn og næsten samme navn. Den, der ligner mest, står først. | Born the same day, of the same sex and with nearly the same name. Those most alike stand first.
duplicates.none: Ingen ligner hinanden så meget. | Nobody is that much alike.
duplicates.likeness: Lighed | Likeness
duplicates.see: Se dem ved siden af hinanden | See them side by side
duplicates.find: Har du to numre? | Have you two numbers?
duplicates.find.one: Det ene CPR-nummer | The one CPR number
duplicates.find.other: Det andet | The other
duplicates.find.missing: Begge skal findes blandt dem, du kan lægge sammen. | Both must be among those you may join.
duplicates.done: Lagt sammen | Joined
duplicates.done.none: Ingen er lagt sammen. | Nobody has been joined.
duplicates.first: De første {n} vises. | The first {n} are shown.
merge.title: Er det den samme borger? | Is it the same citizen?
merge.lead: Alt, der er registreret om dem, bliver stående og ses samlet under den, der bliver. Det kan fortrydes. | All that is registered about them stays and is seen together under the one that is kept. It can be undone.
merge.number: CPR-nummer | CPR number
merge.birth: Fødselsdato | Date of birth
merge.sex: Køn | Sex
merge.cases: Sager | Cases
merge.facts: Registreringer | Registrations
merge.keep: Hvem skal blive? | Which one is kept?
merge.keep.missing: Vælg, hvem der skal blive. | Choose which one is kept.
merge.why: Hvordan ved du det? | How do you know?
merge.do: Læg dem sammen | Join them
merge.done: De to er nu én. | The two are one now.
merge.undo: Skil dem igen | Part them
merge.undo.title: Skil de to igen? | Part the two?
merge.undo.text: Hver får sine egne registreringer igen. | Each has their own registrations again.
merge.undo.done: De to er skilt igen. | The two are parted again.
merge.of: {gone} er nu {kept} | {gone} is now {kept}
merge.parted: De er allerede skilt igen. | They have been parted already.
merge.reason: Skriv, hvordan du ved det. | Write how you know.
merge.same: Det er den samme to gange. Vælg to borgere. | It is the same one twice. Choose two citizens.
merge.joined: En af dem er allerede lagt sammen med en anden. Vælg den, der blev. | One of them has been joined to somebody already. Choose the one that was kept.
merge.chain: En anden er lagt sammen med den, der skal væk. Behold den i stedet, eller skil de to først. | Somebody else has been joined to the one that is to go. Keep this one instead, or part those two first.
merge.shielded: Kun den, der skal væk, er beskyttet. Behold den beskyttede. | Only the one that is to go is protected. Keep the protected one.
level.none: ikke oplyst | not known
level.woman: kvinde | woman
level.man: mand | man
level.danish: dansk | Danish
level.immigrant: indvandrer | immigrant
level.descendant: efterkommer | descendant
level.married: gift | married
level.single: ugift | single
level.divorced: skilt | divorced
level.widowed: enke eller enkemand | widowed
level.primary: grundskole | primary school
level.upper_secondary: gymnasial | upper secondary
level.vocational: erhvervsfaglig | vocational
level.higher: videregående | higher
refused: Det kan ikke lade sig gøre | That cannot be done
"""  # noqa: E501 - a text a line

WORDS = table(_SAID, "intake.")
