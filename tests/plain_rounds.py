"""Rounds, baselines and changes told again slowly: plain loops over facts, to compare the columns with.

Written from what the functions say they do, not from how they do it. Facts are dictionaries, days are dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from indsats.programme import AskedOf, Asking, Duration, Questionnaire
from indsats.record import Facts

Row = dict[str, Any]
ONE = timedelta(days=1)


def days_of_month(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def shifted(day: date, by: Duration, way: int = 1) -> date:
    """``by`` later (``way`` 1) or earlier (-1): whole months first, clamped at a month's end, then days."""
    months = day.year * 12 + day.month - 1 + way * by.months
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, days_of_month(year, month))) + way * timedelta(days=by.days)


@dataclass
class Plain:
    """The facts about one questionnaire as lists."""

    form: Questionnaire
    name: str
    enrolled: list[Row]
    sites: list[Row]
    answered: list[Row]
    asked: list[Row]
    others: list[Row]
    beside: set[str]
    """Units that only serve as comparison."""

    @classmethod
    def of(cls, facts: Facts, name: str) -> Plain:
        form = facts.programme.questionnaires[name]
        kinds = {"person": ("questionnaire_answered", "questionnaire_asked")}
        said, done = kinds.get(form.about, ("site_answered", "site_asked"))
        return cls(
            form,
            name,
            facts.enrolments().to_dicts(),
            facts.sites.to_dicts(),
            [row for row in facts.table(said).to_dicts() if row["questionnaire"] == name],
            [row for row in facts.table(done).to_dicts() if row["questionnaire"] == name],
            facts.table(said).to_dicts(),
            {unit for unit, one in facts.programme.units.items() if not one.in_effort},
        )

    # Which edition, and how much of it was answered.

    def edition(self, answer: Row) -> str:
        if answer["edition"] is not None:
            return str(answer["edition"])
        for name, earlier in self.form.earlier.items():
            if answer["occurred_from"] <= earlier.until:
                return name
        return self.form.edition

    def asking(self, answer: Row) -> Asking:
        return self.form.editions[self.edition(answer)]

    def point(self, answer: Row, item: str) -> int | None:
        """The point of the scale given to an item, if it was put to whoever answered."""
        asking, given = self.asking(answer), answer.get(f"answer.{item}")
        if item not in asking.items or given is None or not self.was_asked(answer, item):
            return None
        return given if asking.scale.low <= given <= asking.scale.high else None

    def was_asked(self, answer: Row, item: str) -> bool:
        asking = self.asking(answer)
        question = asking.items[item]
        if question.advice and not all(one.advice for one in asking.items.values()):
            return answer.get(f"answer.{item}") is not None
        if question.raters and answer["rater"] not in question.raters:
            return False
        if question.asked_of is None:
            return True
        said = self.filter_said(answer, question.asked_of)
        if said is None:
            return answer.get(f"answer.{item}") is not None
        return said in question.asked_of.answers

    def filter_said(self, answer: Row, link: AskedOf) -> int | None:
        """The answer a filter looks at: in the same form, or the newest to another one so far by the same rater."""
        if link.questionnaire is None:
            return answer.get(f"answer.{link.item}")
        who = ["site", "rater", "respondent"] if self.form.about == "site" else ["person", "rater"]
        found = [
            (row["occurred_from"], row["id"], said)
            for row in self.others
            if row["questionnaire"] == link.questionnaire
            and all(row[name] is not None and row[name] == answer[name] for name in who)
            and row["occurred_from"] <= answer["occurred_from"]
            and (said := row.get(f"answer.{link.item}")) is not None
        ]
        return max(found)[2] if found else None

    def complete(self, answer: Row) -> bool:
        put = [item for item in self.asking(answer).items if self.was_asked(answer, item)]
        return bool(put) and all(self.point(answer, item) is not None for item in put)

    def value(self, answer: Row, score: str) -> float | None:
        rule = self.asking(answer).scores.get(score)
        if rule is None:
            return None
        items = rule.items or list(self.asking(answer).items)
        points = [point for item in items if (point := self.point(answer, item)) is not None]
        if not points or len(points) < (rule.at_least or len(items)):
            return None
        mean = sum(points) / len(points)
        return (mean if rule.combine == "mean" else mean * len(items)) * rule.times

    def standing(self, rater: str | None) -> int:
        return self.form.raters.index(rater) if rater in self.form.raters else len(self.form.raters)

    # The days of each round.

    def after_waves(self) -> list[str]:
        waves = self.form.waves
        timed = (
            [name for name in waves if waves[name].after is not None] if self.form.about == "person" else []
        )

        def length(name: str) -> float:
            after = waves[name].after
            assert after is not None
            return after.months * 30.4375 + after.days

        return sorted(timed, key=length)

    def calendar_waves(self) -> list[str]:
        waves = self.form.waves
        found = [
            (wave.period.first, wave.period.last, place, name)
            for place, (name, wave) in enumerate(waves.items())
            if wave.period is not None and name not in self.after_waves()
        ]
        return [name for *_, name in sorted(found)]

    def days(self, start: date | None, wave: str) -> tuple[date, date, date] | None:
        """``opens``, ``due`` and ``closes`` of a wave; None where it is not for somebody who began so late."""
        part, window = self.form.waves[wave], self.form.window
        if wave in self.after_waves():
            assert start is not None
            assert part.after is not None
            due = shifted(start, part.after)
            opens = shifted(due, window.early, -1)
            if wave == self.after_waves()[0] and self.form.baseline is not None:
                opens = min(opens, shifted(start, self.form.baseline.before, -1))
            return opens, due, shifted(due, window.late)
        assert part.period is not None
        if start is not None and start > part.period.last:
            return None
        return part.period.first, part.period.last, shifted(part.period.last, window.late)

    def floor(self, start: date) -> date:
        """Before this day nothing is of the enrolment."""
        first = start
        if self.form.baseline is not None:
            first = shifted(start, self.form.baseline.before, -1)
        after = self.after_waves()
        if after:
            days = self.days(start, after[0])
            assert days is not None
            first = min(first, days[0])
        return first

    # Which round a fact belongs to.

    def who(self, row: Row) -> Any:
        return row["site"] if self.form.about == "site" else row["enrolment"]

    def start(self, who: Any) -> date | None:
        return next((row["start"] for row in self.enrolled if row["enrolment"] == who), None)

    def placed(self, fact: Row) -> tuple[str | None, str | None]:
        """The round, and if there is none the reason."""
        start = None
        if self.form.about == "person":
            start = self.start(fact["enrolment"])
            if start is None:
                return None, "no_enrolment"
            if fact["occurred_from"] < self.floor(start):
                return None, "before_enrolment"
        after, calendar = self.after_waves(), self.calendar_waves()
        if fact["wave"] is not None:
            named = fact["wave"]
            known = (
                self.days(start, named) is not None
                if named in (*after, *calendar)
                else named in self.form.waves
            )
            return (named, None) if known else (None, "outside_rounds")
        found = None
        for wave in after:
            days = self.days(start, wave)
            if days is not None and days[0] <= fact["occurred_from"]:
                found = wave
        for wave in calendar:
            days = self.days(start, wave)
            if days is not None and days[0] <= fact["occurred_from"] <= days[2]:
                found = wave
        return (found, None) if found is not None else (None, "outside_rounds")

    def rank(self, answer: Row) -> tuple[Any, ...]:
        """Who speaks for a round: the lowest."""
        place = self.standing(answer["rater"])
        return (not self.complete(answer), answer["occurred_from"], place, answer["id"])

    def assigned(self, until: date | None = None) -> dict[str, tuple[str | None, bool, str | None]]:
        """By fact: its round, whether it counts, and if not why."""
        found: dict[str, tuple[str | None, bool, str | None]] = {}
        best: dict[Any, Row] = {}
        for answer in self.answered:
            if until is not None and answer["occurred_from"] > until:
                continue
            wave, reason = self.placed(answer)
            found[answer["id"]] = (wave, wave is not None, reason)
            if wave is None or (self.form.about == "site" and answer["respondent"] is None):
                continue
            key = (
                self.who(answer),
                wave,
                answer["rater"],
                answer["respondent"] if self.form.about == "site" else 0,
            )
            other = best.get(key)
            if other is not None:
                worse = max(answer, other, key=self.rank)
                found[worse["id"]] = (found[worse["id"]][0], False, "duplicate")
            best[key] = answer if other is None else min(answer, other, key=self.rank)
        return found

    # The rounds themselves.

    def raters(self) -> list[str | None]:
        if self.form.by == "one":
            return [None]
        questions = [one for one in self.form.items.values() if not one.advice] or list(
            self.form.items.values()
        )
        return [
            rater
            for rater in self.form.raters
            if any(not question.raters or rater in question.raters for question in questions)
        ]

    def rounds(self, until: date) -> list[Row]:
        assigned = self.assigned(until)
        if self.form.about == "site":
            whose = [{**site, "start": None, "end": None} for site in self.sites]
        else:
            whose = [row for row in self.enrolled if row["start"] <= until]
        rows: list[Row] = []
        for one in sorted(whose, key=self.who):
            for clock in (self.after_waves(), self.calendar_waves()):
                for place, wave in enumerate(clock):
                    days = self.days(one["start"], wave)
                    if days is None:
                        continue
                    following = self.days(one["start"], clock[place + 1]) if clock[place + 1 :] else None
                    ends = following[0] - ONE if following is not None else None
                    for rater in self.raters():
                        row = self.round(one, wave, rater, (*days, ends), assigned, until)
                        compared = self.form.about == "site" and one["unit"] in self.beside
                        if row["status"] == "answered" or not compared:
                            rows.append(row)
        return rows

    def round(
        self,
        one: Row,
        wave: str,
        rater: str | None,
        days: tuple[date, date, date, date | None],
        assigned: Mapping[str, tuple[str | None, bool, str | None]],
        until: date,
    ) -> Row:
        opens, due, closes, ends = days
        here = [
            answer
            for answer in self.answered
            if answer["id"] in assigned
            and assigned[answer["id"]][0] == wave
            and self.who(answer) == self.who(one)
            and (rater is None or answer["rater"] == rater)
        ]
        counting = sorted((a for a in here if assigned[a["id"]][1]), key=self.rank)
        speaks = counting[0] if counting else None
        said, reminded = self.steps(one, wave, rater, until)
        end = one["end"] if one["end"] is not None and one["end"] <= until else None
        day = speaks["occurred_from"] if speaks else None
        if speaks:
            status = "answered"
        elif said:
            status = said
        elif end is not None and end <= due:
            status = "ended"
        elif end is not None or (ends is not None and ends < until):
            status = "missed"
        elif until < opens:
            status = "upcoming"
        elif until <= closes:
            status = "due"
        else:
            status = "late"
        timing = None
        if day is not None:
            timing = "early" if day < opens else "on_time" if day <= closes else "late"
        waits = self.form.reminders
        again = None
        if status in ("due", "late") and reminded < len(waits):
            again = shifted(due, waits[reminded])
        return {
            "enrolment": one.get("enrolment"),
            "site": one["site"],
            "wave": wave,
            "rater": rater,
            "opens": opens,
            "due": due,
            "closes": closes,
            "ends": ends,
            "status": status,
            "timing": timing,
            "answered_on": day,
            "answer": speaks["id"] if speaks else None,
            "edition": self.edition(speaks) if speaks else None,
            "duplicates": len(here) - len(counting),
            "reminded": reminded,
            "next_reminder": again,
        }

    def steps(self, one: Row, wave: str, rater: str | None, until: date) -> tuple[str | None, int]:
        """What was said last instead of an answer, and on how many days somebody was reminded."""
        told: list[Row] = []
        for step in self.asked:
            if step["occurred_from"] > until or self.who(step) != self.who(one):
                continue
            named = step["wave"] in (*self.after_waves(), *self.calendar_waves())
            if (self.placed(step)[0] or (step["wave"] if named else None)) != wave:
                continue
            if rater is not None and step["rater"] not in (None, rater):
                continue
            if self.form.about == "site" and step["respondent"] is not None and step["step"] != "reminded":
                continue
            told.append(step)
        told.sort(key=lambda step: (step["occurred_from"], step["recorded_at"], step["id"]))
        said = [step["step"] for step in told if step["step"] in ("declined", "not_relevant")]
        return said[-1] if said else None, len({s["occurred_from"] for s in told if s["step"] == "reminded"})

    # From the first measurement to a later one.

    def measured(self, score: str, until: date | None, rater: str | None) -> Iterable[Row]:
        for answer in self.answered:
            if answer["enrolment"] is None or (until is not None and answer["occurred_from"] > until):
                continue
            if rater is None or answer["rater"] == rater:
                yield {**answer, "value": self.value(answer, score), "day": answer["occurred_from"]}

    def on_a_day(self, row: Row) -> tuple[Any, ...]:
        return (not self.complete(row), self.standing(row["rater"]), row["id"])

    def baselines(self, score: str, until: date | None = None, rater: str | None = None) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for one in self.enrolled:
            if (until is not None and one["start"] > until) or self.form.about == "site":
                continue
            own = [row for row in self.measured(score, until, rater) if row["enrolment"] == one["enrolment"]]
            first = last = None
            if self.form.baseline is not None:
                first = shifted(one["start"], self.form.baseline.before, -1)
                last = shifted(one["start"], self.form.baseline.within)
            early = [row for row in own if first is not None and row["day"] < first]
            late = [row for row in own if last is not None and row["day"] > last]
            inside = [row for row in own if row not in early and row not in late]
            valued = [row for row in inside if row["value"] is not None]
            no = [
                step
                for step in self.asked
                if step["enrolment"] == one["enrolment"]
                and step["step"] == "declined"
                and (until is None or step["occurred_from"] <= until)
                and (last is None or step["occurred_from"] <= last)
                and (rater is None or step["rater"] in (None, rater))
            ]
            base = min(valued, key=lambda row: (row["day"], *self.on_a_day(row))) if valued else None
            reason = None
            if base is None:
                reason = (
                    "incomplete"
                    if inside
                    else "declined"
                    if no
                    else "too_late"
                    if late
                    else "before_enrolment"
                    if early
                    else "not_measured"
                )
            found[one["enrolment"]] = {"base": base, "reason": reason}
        return found

    def changes(self, score: str, until: date, wave: str | None = None) -> dict[str, Row]:
        found = self.baselines(score, until)
        assigned = self.assigned(until)
        sign = {"higher": 1, "lower": -1}.get(self.form.scale.better)
        for enrolment, row in found.items():
            base = row["base"]
            row.update(last=None, change=None, gain=None)
            if base is None:
                continue
            again = [
                one
                for one in self.measured(score, until, None)
                if one["enrolment"] == enrolment and one["value"] is not None and one["day"] > base["day"]
            ]
            if wave is not None:
                again = [one for one in again if assigned[one["id"]][:2] == (wave, True)]
            same = [one for one in again if one["rater"] == base["rater"]]
            pool = same or again
            if not pool:
                row["reason"] = "not_measured_again"
                continue
            newest = max(one["day"] for one in pool)
            row["last"] = last = min((one for one in pool if one["day"] == newest), key=self.on_a_day)
            if not same:
                row["reason"] = "another_rater"
            elif not self.comparable(self.edition(base), self.edition(last)):
                row["reason"] = "another_edition"
            else:
                row["change"] = last["value"] - base["value"]
                row["gain"] = None if sign is None else sign * row["change"]
        return found

    def comparable(self, first: str, last: str) -> bool:
        """Every edition from the older to the one before the newer says that it may be compared."""
        order = list(self.form.editions)
        low, high = sorted((order.index(first), order.index(last)))
        return all(self.form.earlier[name].comparable for name in order[low:high])

    # Scores of a round or a period, and the list of a cadence.

    def spoken(self, score: str, wave: str | None, until: date) -> dict[str, Row]:
        """By enrolment the answer that speaks for it: in a wave the one that counts, else the first with a value."""
        assigned = self.assigned(until)
        found: dict[str, Row] = {}
        for one in self.enrolled:
            own = [row for row in self.measured(score, until, None) if row["enrolment"] == one["enrolment"]]
            if wave is None:
                pool, key = own, (lambda row: (row["value"] is None, row["day"], *self.on_a_day(row)))
            else:
                pool = [row for row in own if assigned[row["id"]][:2] == (wave, True)]
                key = lambda row: (row["value"] is None, *self.rank(row))  # noqa: E731
                stray = [row for row in own if row["wave"] == wave and assigned[row["id"]][0] is None]
                if stray and not pool:
                    found[one["enrolment"]] = {**stray[0], "value": None, "reason": "outside_rounds"}
            if pool:
                best = min(pool, key=key)
                reason = None if best["value"] is not None else "incomplete"
                found[one["enrolment"]] = {**best, "reason": reason}
        valued = [self.edition(row) for row in found.values() if row["reason"] is None]
        order = list(self.form.editions)
        for row in found.values():
            newest = max(valued, key=order.index) if valued else ""
            if row["reason"] is None and not self.comparable(self.edition(row), newest):
                row["reason"] = "another_edition"
        return found

    def loose(self, wave: str | None, until: date) -> int:
        """How many answers belong to no enrolment."""
        return sum(
            row["enrolment"] is None and row["occurred_from"] <= until and wave in (None, row["wave"])
            for row in self.answered
        )


def stretches(
    begun: date, end: date | None, done: Iterable[date], paused: Iterable[tuple[date, date]], every: Duration
) -> list[tuple[date, date, date | None]]:
    """The stretches of a cadence's clock, ``start``, ``due`` and when it was done; told day by day.

    What falls due on the day of the end or later is none, unless it was done.
    """
    away = {first + timedelta(n) for first, last in paused for n in range((last - first).days + 1)}
    marks = sorted({day for day in done if day > begun and (end is None or day <= end)})
    found: list[tuple[date, date, date | None]] = []
    for place, start in enumerate([begun, *marks]):
        day, left = start, (shifted(start, every) - start).days
        while left:
            day += ONE
            left -= day not in away
        # A pause from the start on puts it off; so does one that is running on the day itself.
        while day in away:
            day += ONE
        found.append((start, day, marks[place] if marks[place:] else None))
    return found
