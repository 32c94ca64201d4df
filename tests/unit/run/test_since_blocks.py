"""What the report tells of the change since the last one, what it hides, and what a reader could work out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casebook import EFFORT_EVERYWHERE, indicator, item, period, programme, text
from indsats.problem import InputRefused
from indsats.programme import Period, Programme, SinceBlock, content_hash
from indsats.record import Record, empty_record
from indsats.report import Document, Paragraph, ProtectedFigure, Section, Table, protect, results_json, write
from indsats.run import Material, compose, earlier, passage_to, read_frozen, since_document
from indsats.run.frozen import report_before
from indsats.run.since import since_blocks
from indsats.run.sums import groups
from indsats.steer import Frozen

MAY, JUNE = period("2016-05-01", "2016-05-31"), period("2016-06-01", "2016-06-30")
REPORTED, NOW = datetime(2016, 6, 14, 12, tzinfo=UTC), datetime(2016, 7, 14, 12, tzinfo=UTC)
LATER = datetime(2016, 7, 1, 12, tzinfo=UTC)
BY = {"recorded_by": "test", "source": "test"}
BLOCK = {"block": "since", "title": text("since"), "indicators": ["no-shows", "missed"]}


def definition(version: int = 1, missed: str = 'outcome == "no_show"') -> Programme:
    shown = {"block": "indicators", "title": text("now"), "indicators": ["no-shows", "missed"], "by": "unit"}
    return programme(
        version=version,
        units=EFFORT_EVERYWHERE,
        indicators={
            "no-shows": indicator("share", "lower", kind="meeting", where=missed),
            "missed": indicator("count", "lower", kind="meeting", where=missed),
        },
        reports={
            "month": item("Report", months=1, sections=[{"title": text("s"), "blocks": [shown, BLOCK]}]),
        },
    )


RULES = definition()


def add(record: Record, numbers: Sequence[int], missed: int, day: str, at: datetime, begun: str) -> Record:
    """Persons with one meeting each on a day, the first ``missed`` of whom did not come."""
    who = [
        {"person": f"p{n}", "enrolment": f"e{n}", "occurred_from": date.fromisoformat(begun)} for n in numbers
    ]
    there = set(record.table("enrolled")["enrolment"])
    new = [{**one, "service": "talks", "site": "north"} for one in who if one["enrolment"] not in there]
    if new:
        record = record.add("enrolled", new, recorded_at=at, **BY)
    rows = [
        {**one, "occurred_from": date.fromisoformat(day), "type": "talk"}
        | {"outcome": "no_show" if at < missed else "held"}
        for at, one in enumerate(who)
    ]
    return record.add("meeting", rows, recorded_at=at, **BY)


def start() -> Record:
    """Forty persons met in May, ten of whom did not come: known at the report."""
    early = datetime(2016, 5, 20, tzinfo=UTC)
    return add(empty_record(RULES), range(40), 10, "2016-05-10", early, "2016-01-04")


def document(record: Record, over: Period = MAY, rules: Programme = RULES, **frozen: Any) -> Document:
    before = replace(Frozen(MAY, REPORTED, RULES), **frozen)
    facts = record.under(rules).as_of(NOW)
    return since_document(
        passage_to(record.under(rules), before, facts, over), before, ["no-shows", "missed"]
    )


def cells(found: Document, row: int, table: int = 0) -> dict[str, Any]:
    """A row of a table, by the ids of its columns."""
    shown = found.tables()[table]
    return {column.id: cell for column, cell in zip(shown.columns, shown.rows[row], strict=True)}


def hidden(found: Document) -> dict[str, list[bool]]:
    """Of the no-shows: which levels and which causes are hidden."""
    top = cells(found, 0)
    causes = [row[1] for row in found.tables()[1].rows]
    return {
        "ends": [top[name].hidden for name in ("before", "now", "change")],
        "causes": [cell.hidden for cell in causes if isinstance(cell, ProtectedFigure)],
    }


def test_a_movement_is_told_with_its_numbers_and_its_main_cause() -> None:
    record = add(start(), range(12), 12, "2016-05-20", LATER, "2016-01-04")
    found = document(record)
    told = cells(found, 0)
    assert told["told"].da == "Steg fra 25,0\u00a0% til 42,3\u00a0%."
    assert told["told"].en == "Rose from 25.0% to 42.3%."
    assert told["mainly"].da == "Kun sene registreringer: +17,3\u00a0procentpoint."
    assert told["mainly"].en == "Only late registrations: +17.3 percentage points."
    assert cells(found, 1)["mainly"].da == "Kun sene registreringer: +12."


def test_what_did_not_change_is_said_not_to_have() -> None:
    told = cells(document(start()), 0)
    assert (told["told"].da, told["mainly"].da) == ("Uændret: 25,0\u00a0%.", "Intet er ændret.")


def test_causes_that_cancel_out_and_causes_of_which_none_is_large_are_said_to() -> None:
    record = add(start(), range(8), 8, "2016-05-20", LATER, "2016-01-04")
    for fact in record.table("meeting").filter(outcome="no_show")["id"].to_list()[:8]:
        record = record.correct(fact, {"outcome": "held"}, recorded_at=LATER + timedelta(days=1), **BY)
    assert cells(document(record), 1)["mainly"].da == "Flere årsager, der ophæver hinanden."
    for n in range(40, 49):
        record = add(record, [n], 1, "2016-05-20", LATER, "2016-05-02")
    assert cells(document(record), 1)["told"].da == "Steg fra 10 til 19."
    assert cells(document(record), 1)["mainly"].da == "Flere årsager; ingen af dem fylder mest."


def test_between_two_months_a_difference_that_may_be_chance_is_said_to_be() -> None:
    record = add(start(), range(20), 6, "2016-06-20", LATER, "2016-01-04")
    assert "kan være tilfældig" in cells(document(record, JUNE), 0)["told"].da
    many = add(start(), range(40), 38, "2016-06-20", LATER, "2016-01-04")
    assert "tilfældig" not in cells(document(many, JUNE), 0)["told"].da


def test_the_columns_of_causes_add_up_to_the_change() -> None:
    record = add(start(), range(12), 12, "2016-05-20", LATER, "2016-01-04")
    record = add(record, range(50, 60), 5, "2016-06-20", LATER, "2016-06-02")
    for over in (MAY, JUNE):
        found = document(record, over)
        for at in (0, 1):
            column = [row[at + 1] for row in found.tables()[1].rows]
            assert sum(cell.value or 0 for cell in column) == pytest.approx(cells(found, at)["change"].value)


def test_two_reports_on_a_month_that_differ_by_one_person_do_not_show_it() -> None:
    found = protect(document(add(start(), [3], 1, "2016-05-20", LATER, "2016-01-04")))
    # with the level then, or the change, a reader of the level now would find the one that came
    assert hidden(found) == {"ends": [True, False, True], "causes": [True] * 6}
    assert (cells(found, 0)["told"], cells(found, 0)["mainly"]) == (None, None)
    assert cells(found, 1)["before"].hidden


def test_a_cause_that_rests_on_one_person_takes_another_with_it() -> None:
    record = add(start(), [3], 1, "2016-05-20", LATER, "2016-01-04")
    record = add(record, range(100, 110), 5, "2016-05-20", LATER, "2016-05-02")
    found = protect(document(record))
    # eleven persons in all: the ten registered late are hidden too, or the one would follow by subtraction
    assert hidden(found) == {
        "ends": [False, False, False],
        "causes": [True, True, False, False, False, False],
    }


def test_six_registered_late_of_whom_one_stayed_away_are_not_shown() -> None:
    record = add(start(), range(100, 106), 1, "2016-05-20", LATER, "2016-05-02")
    found = protect(document(record))
    assert hidden(found)["causes"][1]
    assert hidden(found)["ends"] == [True, False, True]


def test_what_rests_on_enough_is_shown() -> None:
    record = add(start(), range(100, 120), 8, "2016-05-20", LATER, "2016-05-02")
    found = protect(document(record))
    assert not any(hidden(found)["causes"] + hidden(found)["ends"])
    assert cells(found, 0)["mainly"].da.startswith("Kun personer registreret sent")


def test_nothing_hidden_is_told_by_the_parts_that_are_shown() -> None:
    """Whoever adds up what is shown is left with at least two unknown causes, or with an unknown sum."""
    for late, people, over in ((1, 0, MAY), (1, 10, MAY), (2, 3, MAY), (1, 12, JUNE), (0, 2, JUNE)):
        record = start()
        if late:
            record = add(record, range(late), late, "2016-05-20", LATER, "2016-01-04")
        if people:
            begun = "2016-05-02" if over == MAY else "2016-06-02"
            record = add(record, range(100, 100 + people), people, "2016-06-20", LATER, begun)
            record = add(record, range(100, 100 + people), people, "2016-05-20", LATER, begun)
        record = add(record, range(40), 20, "2016-06-21", LATER, "2016-01-04")
        found = protect(document(record, over))
        for at in (0, 1):
            causes = [row[at + 1] for row in found.tables()[1].rows]
            unknown = [cell for cell in causes if isinstance(cell, ProtectedFigure) and cell.hidden]
            total_known = not cells(found, at)["change"].hidden
            levels_known = not (cells(found, at)["before"].hidden or cells(found, at)["now"].hidden)
            assert len(unknown) != 1 or not (total_known or levels_known), (late, people, over, at)


def block(**more: Any) -> SinceBlock:
    return SinceBlock.model_validate({**BLOCK, **more})


def test_the_block_makes_the_report_before_again_from_the_record() -> None:
    record = add(start(), range(40), 20, "2016-06-10", LATER, "2016-01-04")
    [levels, causes] = since_blocks(record, record.as_of(), block(), JUNE)
    assert isinstance(levels, Table)
    assert isinstance(causes, Table)
    assert "1. maj 2016 – 31. maj 2016, som kendt 14. juni 2016" in levels.notes[0].da
    assert len(causes.rows) == 6


def test_the_report_before_knew_no_more_than_its_last_day_in_denmark() -> None:
    before = report_before(start().as_of(), block(), JUNE)
    assert before.known == datetime(2016, 6, 14, 21, 59, 59, 999999, tzinfo=UTC)


def test_before_anything_was_known_there_is_no_report_to_compare_with() -> None:
    [told] = since_blocks(start(), start().as_of(), block(months=6), JUNE)
    assert isinstance(told, Paragraph)
    assert "ingen tidligere rapport" in told.text.da


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        (JUNE, 1, MAY),
        (period("2016-03-01", "2016-03-31"), 1, period("2016-02-01", "2016-02-29")),
        (period("2016-01-01", "2016-06-30"), 6, period("2015-07-01", "2015-12-31")),
        (period("2016-05-10", "2016-06-09"), 1, period("2016-04-10", "2016-05-09")),
    ],
)
def test_the_period_before_ends_with_its_month_as_this_one_does(
    now: Period, months: int, then: Period
) -> None:
    assert earlier(now, months) == then


def report(
    record: Record, rules: Programme, over: Period, known: datetime | None, last: Frozen | None = None
):
    record = record.under(rules)
    return compose(Material(rules, record.as_of(known), None, over, record=record, last=last))


def written(record: Record, out: Path, known: datetime | None = REPORTED) -> Path:
    write(report(record, RULES, MAY, known), out)
    return out


def test_a_written_report_says_what_it_can_be_made_again_from(tmp_path: Path) -> None:
    told = json.loads((written(start(), tmp_path) / "results.json").read_text("utf-8"))
    assert told["definition"] == content_hash(RULES)
    assert (told["data_end"], told["recorded_until"]) == ("2016-05-10", REPORTED.isoformat())
    newest = json.loads(results_json(protect(report(start(), RULES, MAY, None))))
    assert newest["recorded_until"] == "2016-05-20T00:00:00+00:00"


def test_a_report_read_again_gives_the_figures_it_was_written_with(tmp_path: Path) -> None:
    found = read_frozen(written(start(), tmp_path), lambda _: RULES)
    assert (found.period, found.known, found.through) == (MAY, REPORTED, date(2016, 5, 10))
    record = add(start(), range(12), 12, "2016-05-20", LATER, "2016-01-04")
    told = document(record, JUNE, written=found.written, through=found.through)
    assert "unexplained" not in str([row[0] for row in told.tables()[1].rows])
    levels = {name: figure.value for name, figure in found.written.items()}
    assert levels["indicator/no-shows/outreach/2016-05-01..2016-05-31"] == 0.25
    assert not any("centre" in name and value for name, value in levels.items())


def test_the_last_report_can_be_given_to_the_next(tmp_path: Path) -> None:
    last = read_frozen(written(start(), tmp_path), lambda _: RULES)
    record = add(start(), range(12), 12, "2016-05-20", LATER, "2016-01-04")
    stricter = definition(2, missed='outcome != "held" or type == "talk"')
    made = report(record, stricter, MAY, NOW, last)
    causes = next(one for one in made.tables() if one.id.endswith("causes-1"))
    by_cause = {row[0].en: row[2].value for row in causes.rows}  # type: ignore[union-attr]
    assert by_cause["Late registrations"] == 12
    assert by_cause["Changed rules"] == 30


def test_figures_that_cannot_be_made_again_have_a_row_of_their_own(tmp_path: Path) -> None:
    folder = written(start(), tmp_path)
    file = folder / "results.json"
    told = json.loads(file.read_text("utf-8"))
    scope = "indicator/missed/all/2016-05-01..2016-05-31"
    level = next(
        one for one in told["figures"] if one["id"] == "indicator/missed/outreach/2016-05-01..2016-05-31"
    )
    told["figures"].append({**level, "id": scope, "value": 17, "numerator": 17})
    told["definition"] = "another"
    file.write_text(json.dumps(told), "utf-8")
    last = read_frozen(folder, lambda _: RULES)
    found = document(start(), MAY, written=last.written, definition=last.definition)
    first = found.tables()[1].rows[0]
    assert first[0].da == "Uforklaret"  # type: ignore[union-attr]
    assert first[1] is None
    assert first[2].value == -7  # type: ignore[union-attr]
    assert any("versionsnummer" in note.da for note in found.tables()[0].notes)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no report"),
        ("{", "no report"),
        ('{"programme": "trial"}', "no report"),
        ('{"programme": "other", "version": 1, "period": "2016-05-01/2016-05-31", "known": null, "figures": [], '
         '"recorded_until": "2016-06-14T12:00:00+00:00", "data_end": "2016-05-10", "definition": "x"}',
         "about 'other'"),
        ('{"programme": "trial", "version": 1, "period": null, "figures": [], "recorded_until": null, '
         '"data_end": null, "definition": null}', "belongs to no period"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_with_what_to_do(tmp_path: Path, content: str | None, says: str) -> None:
    if content is not None:
        (tmp_path / "results.json").write_text(content, "utf-8")
    with pytest.raises(InputRefused, match=says) as refused:
        read_frozen(tmp_path, lambda _: RULES)
    assert "indsats run" in str(refused.value)


def test_a_document_may_tell_of_units_and_of_everybody() -> None:
    record = add(start(), range(12), 12, "2016-05-20", LATER, "2016-01-04")
    way_of = Frozen(MAY, REPORTED, RULES)
    facts = record.as_of(NOW)
    both = [
        since_document(passage_to(record, way_of, facts, MAY), way_of, ["no-shows"], **place)
        for place in ({}, {"unit": "outreach"}, {"site": "north"})
    ]
    sections = tuple(Section(one.title, one.sections[0].blocks) for one in both)
    found = protect(replace(both[0], sections=sections))
    assert len({table.id for table in found.tables()}) == 6


def test_the_change_of_one_unit_is_not_found_from_everybodys_and_the_others() -> None:
    """Two more came late in the one unit and ten in the other: twelve and ten beside each other would tell the two."""
    record = add(start(), [3, 4], 2, "2016-05-20", LATER, "2016-01-04")
    for at, numbers, missed, day in (
        (datetime(2016, 5, 20, tzinfo=UTC), range(50, 90), 12, "2016-05-10"),
        (LATER, range(60, 70), 10, "2016-05-20"),
    ):
        there = set(record.table("enrolled")["enrolment"])
        who = [{"person": f"p{n}", "enrolment": f"e{n}"} for n in numbers]
        new = [
            {**one, "occurred_from": date(2016, 1, 4), "service": "talks", "site": "city"}
            for one in who
            if one["enrolment"] not in there
        ]
        if new:
            record = record.add("enrolled", new, recorded_at=at, **BY)
        record = add(record, numbers, missed, day, at, "2016-01-04")
    last, facts = Frozen(MAY, REPORTED, RULES), record.as_of(NOW)
    way = passage_to(record, last, facts, MAY)
    places: tuple[dict[str, str], ...] = ({}, {"unit": "outreach"}, {"unit": "centre"})
    made = [since_document(way, last, ["missed"], **place) for place in places]
    sections = tuple(Section(one.title, one.sections[0].blocks) for one in made)
    whole = replace(made[0], sections=sections)
    found = protect(replace(whole, groups=tuple(groups(RULES, facts, sections))))
    changes = [cells(found, 0, table)["change"].hidden for table in (0, 2, 4)]
    assert changes[1]
    assert sum(changes) > 1
