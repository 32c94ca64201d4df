"""A tiny whole definition as text, for tests that break it one line at a time."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "programme.yaml": """\
programme: tiny
version: 1
title: {da: Lille, en: Tiny}
summary: {da: En lille indsats, en: A tiny programme}
document: paper
documents:
  paper: {title: {da: Papir, en: Paper}, publisher: Nobody, year: 2016, lines: 60, source: L1}
settings:
  gap: {title: {da: Afstand, en: Gap}, value: 3, unit: {da: måneder, en: months}, measures: months,
    override: true, low: 1, high: 6, source: L19}
  load: {title: {da: Sager, en: Cases}, value: 40, unit: {da: sager, en: cases}, override: true, source: L19}
units:
  outreach: {title: {da: Opsøgende, en: Outreach}, source: L2}
  centre: {title: {da: Centralt, en: Centre}, in_effort: false, source: L2}
sites:
  north: {title: {da: Nord, en: North}, unit: outreach, organisation: joint, open_days_per_week: 4, source: L3}
  city: {title: {da: By, en: City}, unit: centre, source: L3}
roles:
  caseworker: {title: {da: Sagsbehandler, en: Caseworker}, does: {da: Taler, en: Talks},
    continuity: [opening, search], source: L4}
  mentor: {title: {da: Mentor, en: Mentor}, does: {da: Støtter, en: Supports}, external: true, source: L4}
  lead: {title: {da: Leder, en: Lead}, does: {da: Leder, en: Leads}, combines: [caseworker], source: L4}
caseloads:
  full: {title: {da: Stamme, en: Load}, role: caseworker, setting: load, source: L20}
organisations:
  joint: {title: {da: Fælles, en: Joint}, about: {da: Et hus, en: One house}, roles: [lead], source: L20}
groups:
  young: {title: {da: Unge, en: Young}, when: age < 30 and sex != "x", source: L5}
  grown: {title: {da: Voksne, en: Grown}, source: L6}
legal_bases:
  act: {title: {da: Loven, en: The act}, about: {da: Paragraf, en: Paragraph}, lasts: P1Y, source: L21}
draws:
  lot: {title: {da: Lod, en: Lot}, about: {da: Tilfældigt, en: At random}, group: young, source: L21,
    strata: [{field: sex, title: {da: Køn, en: Sex}}], arms: {
    in: {title: {da: Med, en: In}, share: 0.6, source: L21},
    out: {title: {da: Uden, en: Out}, share: 0.4, source: L21}}}
exclusions:
  gone: {title: {da: Væk, en: Gone}, when: age > 64, source: L21}
visitation:
  keep: occurred_to is missing or occurred_to >= occurred_from
  source: L22
  windows:
    - {id: spring, period: 2016-01-01/2016-05-31, groups: [young, grown], prefer: [latest_start, group_order],
      yields: [grown], source: L22}
    - {id: summer, period: 2016-06-01/2016-08-31, groups: [young], prefer: [earliest_start], source: L22}
services:
  talks: {title: {da: Samtaler, en: Talks}, about: {da: Tale, en: Talk}, group: young, source: L6}
reports:
  half-year:
    title: {da: Halvår, en: Half a year}
    source: L7
    sections:
      - title: {da: Tal, en: Figures}
        blocks:
          - {block: targets, title: {da: Mål, en: Aims}, unit: outreach, indicators: [no-shows]}
          - {block: indicators, title: {da: Alle, en: All}, indicators: [no-shows, held, in-time]}
          - {block: classes, title: {da: Klasser, en: Classes}, questionnaire: mood}
          - block: transitions
            title: {da: Skift, en: Moves}
            questionnaire: mood
            exits: {work: [job]}
            exit_titles: {work: {da: Arbejde, en: Work}}
          - {block: evaluation, evaluation: to-work}
          - {block: evaluation, evaluation: earnings}
          - {block: theory, title: {da: Teori, en: Theory}, theory: change}
          - {block: phases, title: {da: Faser, en: Phases}}
          - {block: own_gain, title: {da: Eget, en: Own}, benefit: aid, wage: pay}
          - {block: business_case, title: {da: Sag, en: Case}, scenario: half}
          - {block: requirements, title: {da: Krav, en: Requirements}, phase: opening}
          - {block: scores, title: {da: Trivsel, en: Score}, questionnaire: mood}
          - {block: indicators, title: {da: Flere, en: More}, indicators: [visits, board-in-time, done, waiting,
            touched, growth, kept, mean-mood, well, ours, drop-in]}
  brief:
    title: {da: Kort, en: Brief}
    source: L7
    form: case
    template: brief
    blocks:
      some: {block: indicators, title: {da: Nogle, en: Some}, indicators: [held], by: site}
    numbers:
      north: {indicator: held, site: north}
    fields:
      number: {title: {da: Sagsnummer, en: Case number}, head: true}
""",
    "brief.da.md": """\
# Sagen

I nord var der {{ north }} møder; {{ ref: some }} viser alle.

{{ findings: some }}

## Tallene

Her er de.

{{ table: some }}
""",
    "brief.en.md": """\
# The case

There were {{ north }} meetings in the north; {{ ref: some }} shows all.

{{ findings: some }}

## The numbers

Here they are.

{{ table: some }}
""",
    "casework.yaml": """\
codes:
  exits: {title: {da: Afgang, en: Exits}, for: [exit.reason], source: L8, values: {
    job: {title: {da: Job, en: Job}, source: L8}, move: {title: {da: Flyttet, en: Moved}, source: L8}}}
  refusals: {title: {da: Grunde, en: Reasons}, for: [requirement_answered.reason], source: L8, values: {
    ill: {title: {da: Syg, en: Ill}, source: L8}}}
  deals: {title: {da: Aftaler, en: Deals}, for: [agreement.type], source: L8, values: {
    deal: {title: {da: Aftale, en: Deal}, source: L8}}}
  left-out: {title: {da: Udeladt, en: Left out}, for: [excluded.reason], source: L8, values: {
    gone: {title: {da: Væk, en: Gone}, source: L8}}}
entry_rules:
  ends-last: {kind: placement, must: occurred_to >= occurred_from, say: {da: Slut, en: End}, source: L9}
phases:
  opening: {title: {da: Åbning, en: Opening}, about: {da: Først, en: First}, service: talks, entry: true, source: L23,
    starts: [{kind: enrolled}], ends: [{event: board}]}
  search: {title: {da: Søgning, en: Search}, about: {da: Så, en: Then}, follows: [opening], source: L23,
    starts: [{event: board, where: value == "go"}], ends: [{kind: placement}], repeats: true,
    skipped_by: [{kind: agreement, where: type == "deal"}]}
elements:
  contact: {title: {da: Kontakt, en: Contact}, about: {da: Tal, en: Talk}, service: talks, phase: opening, source: L24}
events:
  board: {title: {da: Møde, en: Board}, source: L24, values: {
    go: {title: {da: Ja, en: Go}, source: L24}, stop: {title: {da: Nej, en: Stop}, source: L24}}}
forms:
  deal: {title: {da: Aftale, en: Deal}, kind: agreement, type: deal, source: L25, fields: {
    signed: {title: {da: Underskrevet, en: Signed}, type: bool, source: L25},
    length: {title: {da: Længde, en: Length}, type: choice, source: L25, choices: {
      short: {title: {da: Kort, en: Short}, source: L25}, long: {title: {da: Lang, en: Long}, source: L25}}}}}
cadences:
  talk: {title: {da: Samtale, en: Talk}, service: talks, what: [{kind: meeting, where: outcome == "held"}],
    every: gap, source: L9}
  asking: {title: {da: Spørg, en: Ask}, what: [{kind: questionnaire_answered, where: questionnaire == "mood"}],
    every: P6M, source: L9}
  seek: {title: {da: Søg, en: Seek}, phase: search, every: P21D, source: L9,
    what: [{kind: meeting}, {kind: contact_attempt}]}
requirements:
  early: {title: {da: Tidligt, en: Early}, ask: {da: Tidligt?, en: Early?}, element: contact,
    if_no: [ill], measured: {how: every, cadence: talk}, source: L9}
  swift: {title: {da: Hurtigt, en: Swift}, ask: {da: Hurtigt?, en: Swift?}, phase: opening, answer: yes_partly_no,
    not_applicable_when: [{kind: pause}], due: P2M, source: L26,
    measured: {how: within, what: [{kind: plan, where: agreed_by_citizen}], within: P14D, after: P7D,
      of: [{event: board}]}}
  both: {title: {da: Begge, en: Both}, ask: {da: Begge?, en: Both?}, phase: search, source: L26,
    measured: {how: each, of: {kind: meeting, where: outcome == 'held'}, where: 'includes(participants, "mentor")'}}
  often: {title: {da: Ofte, en: Often}, ask: {da: Ofte?, en: Often?}, phase: search, source: L26,
    measured: {how: every, cadence: seek}}
questionnaires:
  fidelity:
    title: {da: Fidelitet, en: Fidelity}
    source: L28
    purpose: fidelity
    about: site
    scale: {low: 1, high: 5, labels: {1: {da: Slet ikke, en: Not at all}}}
    items:
      ours: {title: {da: Vores, en: Ours}, source: L28}
      ours-too: {title: {da: Også, en: Too}, part_of: ours, source: L28}
    raters: [lead]
  mood:
    title: {da: Humør, en: Mood}
    source: L10
    scale: {low: 1, high: 3}
    items:
      home: {title: {da: Hjem, en: Home}, source: L10, element: contact, raters: ["caseworker"],
        answers: {1: {da: Dårligt, en: Bad}}}
      work: {title: {da: Arbejde, en: Work}, source: L10}
    raters: [caseworker]
    cadence: asking
    waves:
      before: {title: {da: Før, en: Before}, period: 2016-01-01/2016-02-29, source: L27}
      later: {title: {da: Efter, en: Later}, after: P6M, source: L27}
    scores:
      sum: {title: {da: Sum, en: Sum}, items: [home, work], combine: sum, at_least: 2, source: L27,
        bands: [{id: bad, title: {da: Lav, en: Low}, high: 3, source: L27},
          {id: fine, title: {da: Høj, en: High}, low: 4, source: L27}],
        references: [{title: {da: Alle, en: All}, value: 4.5, source: L27}]}
    levels:
      - {id: low-mood, title: {da: Lavt, en: Low}, answers: [1], source: L27}
      - {id: high-mood, title: {da: Højt, en: High}, answers: [2, 3], source: L27}
    sides:
      good: {title: {da: God, en: Good}, source: L11}
      poor: {title: {da: Dårlig, en: Poor}, source: L11}
    classes:
      - {id: A, title: {da: A, en: A}, when: "answers_in(3, 3) == 2", side: good, source: L11}
      - {id: B, title: {da: B, en: B}, when: home >= 2, side: good, source: L11}
      - {id: C, title: {da: C, en: C}, when: "true", side: poor, source: L11}
""",
    "steering.yaml": """\
indicators:
  no-shows:
    title: {da: Udeblivelser, en: No-shows}
    about: {da: Udeblivelser, en: No-shows}
    better: lower
    service: talks
    measures: share
    kind: meeting
    among: outcome in ["held", "no_show"]
    where: outcome == "no_show"
    source: L12
  held: {title: {da: Holdt, en: Held}, about: {da: Holdt, en: Held}, better: higher,
    measures: count, kind: meeting, source: L12}
  in-time: {title: {da: Rettidig, en: In time}, about: {da: Ret, en: In}, better: higher,
    measures: timeliness, cadence: talk, source: L12}
  visits: {title: {da: Besøg, en: Visits}, about: {da: Besøg, en: Visits}, better: neither, measures: rate,
    kind: walk_in, per: open_day, source: L29}
  drop-in: {title: {da: Kom ind, en: Drop-in}, about: {da: Nu, en: Now}, better: neither, measures: stock,
    phase: search, source: L29}
  board-in-time: {title: {da: Nået, en: Reached}, about: {da: Nået, en: Reached}, better: higher, measures: reached,
    what: [{event: board, where: value != "stop"}], among: [{kind: plan}], source: L29}
  done: {title: {da: Krav, en: Done}, about: {da: Krav, en: Done}, better: higher, measures: fulfilment,
    of: requirements, by: measured, phase: search, source: L29}
  waiting: {title: {da: Ventetid, en: Waiting}, about: {da: Dage, en: Days}, better: "lower", measures: between,
    since: [{event: board}], until: [{kind: placement}], source: L29}
  touched: {title: {da: Berørt, en: Touched}, about: {da: Timer, en: Hours}, better: higher, measures: consecutive,
    what: [{kind: hours, where: type == "ordinary" and hours_per_week > 0}], months: 3, source: L29}
  growth: {title: {da: Vækst, en: Growth}, about: {da: Mod før, en: On before}, better: higher, measures: change,
    what: [{kind: hours}], before: P2Y, source: L29}
  kept: {title: {da: Inden, en: Within}, about: {da: Inden, en: Within}, better: higher, measures: within,
    kind: placement, weeks: 26, source: L29}
  mean-mood: {title: {da: Humør, en: Mood}, about: {da: Snit, en: Mean}, better: higher, measures: score,
    questionnaire: mood, score: sum, wave: before, source: L29}
  well: {title: {da: Godt, en: Well}, about: {da: Andel, en: Share}, better: higher, measures: answer,
    questionnaire: mood, item: home, level: high-mood, wave: later, source: L29}
  ours: {title: {da: Vores, en: Ours}, about: {da: Andel, en: Share}, better: higher, measures: answer,
    questionnaire: fidelity, item: ours, answers: [4, 5], source: L29}
targets:
  - {indicator: no-shows, unit: outreach, value: 0.2, source: L13}
  - {indicator: held, unit: outreach, comparator: others, source: L13}
theories:
  change:
    title: {da: Forandring, en: Change}
    group: young
    size: 40
    source: L14
    nodes:
      talk: {title: {da: Tale, en: Talk}, level: activity, source: L14}
      trust: {title: {da: Tillid, en: Trust}, level: step, evidence: [no-shows], source: L14}
      work: {title: {da: Arbejde, en: Work}, level: result, source: L14}
      heard: {title: {da: Hørt, en: Heard}, level: mechanism, source: L14}
    links:
      - {cause: talk, effect: trust, through: [heard], source: L14}
      - {cause: trust, effect: work, source: L14}
""",
    "economy.yaml": """\
economy:
  main: less
  ladder: {benefit: benefit, self_support: working}
  prices:
    aid: {title: {da: Hjælp, en: Aid}, flow: transfer, per: week, book: aid, source: L30}
    pay: {title: {da: Timeløn, en: Hourly pay}, flow: earnings, amount: 150, per: hour, price_year: 2016, source: L30}
    rent: {title: {da: Husleje, en: Rent}, flow: cost, amount: 9000, per: month, price_year: 2016, source: L30}
    hour: {title: {da: Time, en: Hour}, flow: cost, amount: 300, per: hour, payer: lead, low: 250,
      high: 350, price_year: 2016, paid_by: {municipality: 0.8, state: 0.2}, source: L30}
  scenarios:
    half: {title: {da: Halv, en: Half}, about: {da: Halv effekt, en: Half the effect}, effect_share: 0.5, lasts: P2Y,
      source: L30}
    slow: {title: {da: Langsom, en: Slow}, about: {da: Lidt, en: Little}, effect: cautious, lasts: P18M, fades: P2Y,
      hours_share: 0.7, cost_share: 1.1, displaced: 0.25, source: L30}
  activities:
    talking: {title: {da: Snakke, en: Talking}, price: hour, service: talks,
      dose: {how: count, what: [{kind: meeting}], each: 1.5},
      usual: {quantity: 2, source: L30}, source: L30}
    rooms: {title: {da: Lokaler, en: Rooms}, price: rent, phase: start_up, dose: {how: fixed, units: [outreach]},
      source: L30}
  overheads:
    led: {title: {da: Ledelse, en: Management}, share: 0.2, low: 0.1, high: 0.3, of: [talking], source: L30}
  consequences:
    less: {title: {da: Mindre hjælp, en: Less aid}, unit: {da: borgere i job, en: people in jobs}, price: aid,
      counted_in: years, each: -1, source: L30, effects: [{how: estimated, evaluation: to-work, outcome: work}]}
    more: {title: {da: Mere løn, en: More pay}, unit: {da: timer om ugen, en: hours a week}, price: pay,
      counted_in: hours_a_week, worked: true, moves_with: less, source: L30, effects: [
      {how: entered, value: 2, low: 1, high: 3, source: L30}, {how: entered, year: 2, value: 1, source: L30}]}
""",
    "evaluation.yaml": """\
states:
  benefit: {title: {da: Ydelse, en: Benefit}, codes: ["130-139"], source: L15}
  working: {title: {da: Arbejde, en: Working}, codes: [blank], source: L15}
tables:
  trial:
    title: {da: Forsøg, en: Trial}
    source: L16
    package: somewhere
    file: trial.dta
    licence: MIT
    columns:
      treat: {title: {da: Hold, en: Arm}, type: number}
      schooling: {title: {da: Skole, en: School}, type: number}
      pay: {title: {da: Løn, en: Pay}, type: number}
evaluations:
  to-work:
    title: {da: I arbejde, en: To work}
    source: L17
    ask: {da: Virker det?, en: Does it work?}
    design: matched
    index: {state: benefit, window: 2014-01-01/2014-12-31}
    population: age >= 18
    treated: unit == "outreach"
    outcomes:
      - {id: work, title: {da: Job, en: Job}, kind: state, state: working,
        within_weeks: 52, at_least_weeks: 2, source: L17}
    history: [{id: earlier, title: {da: Før, en: Before}, state: benefit, weeks: 52}]
    covariates: [{field: age, title: {da: Alder, en: Age}}, {field: earlier, title: {da: Før, en: Before}}]
    matching: {on: propensity, exact: [sex], source: L17}
    time_to: work
  earnings:
    title: {da: Løn, en: Pay}
    source: L18
    ask: {da: Hvor meget?, en: How much?}
    design: regression
    rows: [{table: trial, where: pay >= 0}]
    derive: {schooling2: schooling * schooling}
    treated: treat == 1
    outcomes: [{id: pay, title: {da: Løn, en: Pay}, kind: column, column: pay, unit: {da: kr., en: DKK}, source: L18}]
    covariates: [{field: schooling, title: {da: Skole, en: School}}]
    estimates: [{id: full, kind: regression, title: {da: Fuld, en: Full}, adjust: [schooling, schooling2], source: L18}]
""",
}


def write(folder: Path) -> Path:
    """Writes the definition's files into ``folder`` and returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def change(folder: Path, old: str, new: str) -> tuple[Path, int, str]:
    """Replaces ``old``, which stands once, by ``new``; returns the file, the line it begins on and that line."""
    holding = [name for name in FILES if old in (folder / name).read_text("utf-8")]
    assert len(holding) == 1, f"{old!r} stands in {holding}"
    file = folder / holding[0]
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    file.write_text(text.replace(old, new), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    return file, line, file.read_text("utf-8").split("\n")[line - 1]
