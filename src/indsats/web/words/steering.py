"""Words of the steering pages: barometer, targets, progression, flow, reports, and the people behind a figure."""

from __future__ import annotations

from indsats.programme import Text

_SAID = """
steering.barometer.title: Barometer | Barometer
steering.barometer.lead: Hvor langt hvert sted er med minimumskravene, efter det der er svaret, og efter datoerne. | How far each site is with the minimum requirements, by what was answered and by the dates.
steering.targets.title: Mål | Targets
steering.targets.lead: Måltal, det der er nået, og det der skal forklares. | Targets, what was reached, and what is to be explained.
steering.progression.title: Progression | Progression
steering.progression.lead: Om borgerne rykker sig, målt med indsatsens egne skemaer. | Whether citizens move, measured with the programme's own questionnaires.
steering.flow.title: Forløb | Flow
steering.flow.lead: Hvor mange der kommer ind, hvor langt de når, og hvor længe de venter. | How many come in, how far they get, and how long they wait.
steering.programme: Indsats | Programme
steering.period: Periode | Period
steering.site: Sted | Site
steering.show: Vis | Show
steering.months: {n} måneder | {n} months
steering.months.one: 1 måned | 1 month
steering.span: {first} – {last} | {first} – {last}
steering.as_known: Som kendt {when}. | As known {when}.
steering.moved_on: Der er registreret nyt siden. | More has been registered since.
steering.anew: Lav tallene på ny | Make the figures anew
steering.none.title: Tallene er ikke lavet endnu | The figures have not been made yet
steering.none: De laves af alle registreringer i indsatsen og kan tage et øjeblik. | They are made of everything registered in the programme and can take a moment.
steering.make: Lav tallene | Make the figures
steering.under_way: Nye tal er på vej. | New figures are on their way.
steering.follow: Se hvor langt | See how far
steering.nothing: Indsatsens definition har intet at vise her. | The programme's definition has nothing to show here.
steering.failed: Registreringerne rækker ikke til denne side i perioden. | What is registered does not suffice for this page in the period.
steering.no-facts: Indsatsen har ingen registreringer endnu. | Nothing has been registered in the programme yet.
steering.reach.some: Jeres egne steder er vist, som de er. Andre steders små tal er skjult (•), og tegningerne viser det, alle må se. | Your own sites are shown as they are. Small numbers of other sites are hidden (•), and the drawings show what everybody may see.
steering.reach.none: Små tal er skjult (•), så ingen kan kendes. | Small numbers are hidden (•), so that nobody can be recognised.
steering.reach.all: Tallene i tabellerne er vist, som de er, og må ikke deles uden for huset. Tegningerne og rapporterne viser det, alle må se. | The numbers in the tables are shown as they are, and may not be shared outside the house. The drawings and the reports show what everybody may see.
steering.own: Eget sted | Own site
steering.composed: Siden er sat sammen af definitionens egne dele, så den viser det, indsatsen styrer efter. | The page is put together of the definition's own parts, so that it shows what the programme steers by.
steering.contents: På denne side | On this page
steering.whole: Hele indsatsen | The whole programme
steering.at_site: {site} | {site}
steering.places: Sted for sted | Site by site
steering.parts: Del for del | Part by part
steering.each: Krav for krav | Requirement by requirement
steering.phases: Faser | Phases
steering.all: Hele indsatsen | The whole programme
steering.targets: Mål og resultat | Targets and results
steering.deviations: Mål, der ikke er nået | Targets not met
steering.indicators: Steder side om side | Sites side by side
steering.beside: Stedet ved siden af helheden | The site beside the whole
steering.response: Svarprocenter | Response
steering.course: Vejen gennem forløbet | The way through the course
steering.trend: Måned for måned | Month by month
steering.explain: Forklar en afvigelse | Explain a deviation
steering.plan: Læg en handlingsplan | Make an action plan
steering.hidden: for få til at vise | too few to show
steering.drawing: Tegningen viser tallene i {table}. | The drawing shows the numbers of {table}.
steering.drawing.none: Der er intet at tegne endnu. | There is nothing to draw yet.
steering.rows: {title}: vis alle {n} rækker | {title}: show all {n} rows
steering.source: Kilde | Source
steering.basis: Hvad tallene er gjort af | What the numbers are made of
steering.step.reading: læser registreringerne | reading what is registered
steering.step.composing: regner | computing
steering.step.barometer: regner barometeret | computing the barometer
steering.step.targets: regner mål | computing targets
steering.step.progression: regner progression | computing progression
steering.step.flow: regner forløb | computing the flow
steering.step.protecting: skjuler små tal | hiding small numbers
steering.step.drawing: tegner | drawing
steering.step.sites: regner sted for sted | computing site by site
steering.people.title: Bag tallet | Behind the figure
steering.people.lead: De sager, du kan se. Sager, du ikke kan se, er ikke talt med. | The cases you can see. Cases you cannot see are not counted.
steering.people.counted: Tæller med | Counted
steering.people.counted.lead: Dem, tallet tæller. | Those the figure counts.
steering.people.other: Tæller ikke med | Not counted
steering.people.other.lead: Er i grundlaget, men opfylder det ikke. | In the base, without meeting it.
steering.people.left_out: Udeladt | Left out
steering.people.left_out.lead: Er ikke i grundlaget, og hvorfor. | Not in the base, and why.
steering.people.none: Ingen. | Nobody.
steering.people.nobody: Der er ingen sager bag tallet, som du kan se. | There are no cases behind the figure that you can see.
steering.people.citizen: Borger | Citizen
steering.people.since: fra {day} | from {day}
steering.people.phase: Fase | Phase
steering.people.number: Antal | Number
steering.people.of: {n} af {d} | {n} of {d}
steering.people.why: Hvorfor | Why
steering.people.lacks: Mangler | Lacks
steering.people.sites: Vælg et sted | Choose a site
steering.people.sites.lead: Tallet dækker mange sager. Se dem ét sted ad gangen. | The figure covers many cases. See them one site at a time.
steering.people.back: Tilbage til siden | Back to the page
steering.people.period: Periode | Period
steering.people.place: Sted | Place
steering.people.requirements: Minimumskrav | Minimum requirements
steering.people.not_answered: Krav uden svar | Requirements without an answer
steering.people.not_due: Krav, hvis frist ikke er nået | Requirements not yet due
steering.people.by.answered: efter det der er svaret | by what was answered
steering.people.by.measured: efter datoerne | by the dates
steering.people.of.participants: borgere med alle krav opfyldt | citizens with every requirement met
steering.reports.title: Rapporter | Reports
steering.reports.lead: Indsatsens egne rapporter på registreringerne, som de er nu. Små tal er skjult. | The programme's own reports on what is registered now. Small numbers are hidden.
steering.reports.note: En rapport herfra er ikke noteret som udgivet. Skal den offentliggøres, laves den med kommandoen indsats run og et navn, så senere rapporter beskyttes imod den. | A report from here is not noted as released. One that is to be published is made with the command indsats run and a name, so that later reports are protected against it.
steering.reports.report: Rapport | Report
steering.reports.format: Format | Format
steering.reports.html: Webside | Page
steering.reports.pdf: PDF | PDF
steering.reports.word: Word | Word
steering.reports.lang: Sprog | Language
steering.reports.da: Dansk | Danish
steering.reports.en: Engelsk | English
steering.reports.make: Lav rapporten | Make the report
steering.reports.make.of: Lav {report} | Make {report}
steering.reports.registers: Bygger på registerdata, som ikke ligger her. Lav den med kommandoen indsats run. | Rests on register data that are not here. Make it with the command indsats run.
steering.reports.refused: Registreringerne rækker ikke til rapporten i perioden. | What is registered does not suffice for the report in the period.
steering.reports.none: Indsatsen har ingen rapporter. | The programme has no reports.
steering.reports.made: Lavet før | Made before
steering.reports.fetch: Hent | Fetch
steering.explain.lead: Hvorfor et mål ikke blev nået i en periode. Det vises i rapporter, som det er skrevet: nævn ingen ved navn. | Why a target was not met in a period. It is shown in reports as it is written: name nobody.
steering.plan.lead: Hvad der gøres ved et mål, der ikke blev nået. Det vises i rapporter, som det er skrevet: nævn ingen ved navn. | What is done about a target that was not met. It is shown in reports as it is written: name nobody.
steering.explain.indicator: Mål | Target
steering.explain.place: Sted | Place
steering.explain.cause: Årsag | Cause
steering.explain.explanation: Forklaring | Explanation
steering.explain.first: Fra | From
steering.explain.last: Til | To
steering.plan.action: Hvad gøres der? | What is done?
steering.plan.owner: Hvem sørger for det? | Who sees to it?
steering.plan.status: Status | Status
steering.plan.planned: planlagt | planned
steering.plan.under_way: i gang | under way
steering.plan.done: gjort | done
steering.plan.dropped: opgivet | dropped
steering.plan.deadline: Frist | Deadline
steering.plan.start: Begynder | Begins
steering.explain.missing: Udfyld feltet. | Fill in the field.
steering.explain.refused: Det kunne ikke tages imod. Se datoerne og stedet igen. | It could not be accepted. Look at the dates and the place again.
steering.explain.saved: Forklaringen er gemt. Den er med, når tallene laves på ny. | The explanation is saved. It is in when the figures are made anew.
steering.plan.saved: Planen er gemt. Den er med, når tallene laves på ny. | The plan is saved. It is in when the figures are made anew.
"""  # noqa: E501 - a text a line


def _texts(said: str) -> dict[str, Text]:
    found = {}
    for line in said.strip().splitlines():
        key, _, both = line.partition(": ")
        da, _, en = both.partition(" | ")
        found[key] = Text(da=da, en=en)
    return found


WORDS = _texts(_SAID)
