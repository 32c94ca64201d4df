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
  paper: {title: {da: Papir, en: Paper}, publisher: Nobody, year: 2016, source: L1}
units:
  outreach: {title: {da: Opsøgende, en: Outreach}, source: L2}
  centre: {title: {da: Centralt, en: Centre}, in_effort: false, source: L2}
sites:
  north: {title: {da: Nord, en: North}, unit: outreach, source: L3}
  city: {title: {da: By, en: City}, unit: centre, source: L3}
roles:
  caseworker: {title: {da: Sagsbehandler, en: Caseworker}, does: {da: Taler, en: Talks}, source: L4}
groups:
  young: {title: {da: Unge, en: Young}, when: age < 30 and sex != "x", source: L5}
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
          - {block: theory, title: {da: Teori, en: Theory}}
""",
    "casework.yaml": """\
codes:
  exits: {title: {da: Afgang, en: Exits}, for: [exit.reason], source: L8, values: {
    job: {title: {da: Job, en: Job}, source: L8}, move: {title: {da: Flyttet, en: Moved}, source: L8}}}
  refusals: {title: {da: Grunde, en: Reasons}, for: [requirement_answered.reason], source: L8, values: {
    ill: {title: {da: Syg, en: Ill}, source: L8}}}
entry_rules:
  ends-last: {kind: placement, must: occurred_to >= occurred_from, say: {da: Slut, en: End}, source: L9}
cadences:
  talk: {title: {da: Samtale, en: Talk}, service: talks, kind: meeting,
    where: outcome == "held", every: P3M, source: L9}
  asking: {title: {da: Spørg, en: Ask}, kind: questionnaire_answered, every: P6M, source: L9}
requirements:
  early: {title: {da: Tidligt, en: Early}, ask: {da: Tidligt?, en: Early?},
    if_no: [ill], measured: {how: every, cadence: talk}, source: L9}
questionnaires:
  mood:
    title: {da: Humør, en: Mood}
    source: L10
    scale: {low: 1, high: 3}
    items:
      home: {title: {da: Hjem, en: Home}, source: L10, answers: {1: {da: Dårligt, en: Bad}}}
      work: {title: {da: Arbejde, en: Work}, source: L10}
    raters: [caseworker]
    cadence: asking
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
targets:
  - {indicator: no-shows, unit: outreach, value: 0.2, source: L13}
  - {indicator: held, unit: outreach, comparator: others, source: L13}
theory:
  nodes:
    talk: {title: {da: Tale, en: Talk}, level: activity, source: L14}
    trust: {title: {da: Tillid, en: Trust}, level: step, evidence: [no-shows], source: L14}
    work: {title: {da: Arbejde, en: Work}, level: result, source: L14}
  links:
    - {cause: talk, effect: trust, source: L14}
    - {cause: trust, effect: work, source: L14}
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
    regressions: [{id: full, title: {da: Fuld, en: Full}, adjust: [schooling, schooling2], source: L18}]
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
