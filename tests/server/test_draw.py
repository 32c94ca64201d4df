"""A random draw: everyone once, shares within one in every stratum, one seed one result; undone as a batch."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import town
from indsats.problem import InputRefused
from indsats.programme import Arm, Draw, Exclusion, Programme, Stratum, Text
from indsats.web import clock
from indsats.web.derive import project, waiting
from indsats.web.models import Batch, Fact, Membership, Person
from indsats.web.record import draws, register
from indsats.web.record.batches import Rested, undo
from indsats.web.record.drawing import draw, rounded, seed_of
from indsats.web.rights import Reader

OF = town.PROGRAMME
_people = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=6), st.sampled_from("xyz"), max_size=60)
_shares = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(1, 9), min_size=1)


@settings(deadline=None)
@given(_people, _shares, st.text(max_size=5))
def test_everyone_once_and_shares_within_one(
    people: dict[str, str], shares: dict[str, int], seed: str
) -> None:
    arms = draw(people, shares, seed)
    assert list(arms) == list(people)
    whole = sum(shares.values())
    for stratum in {None, *people.values()}:
        there = [arms[key] for key, of in people.items() if stratum is None or of == stratum]
        for arm, share in shares.items():
            assert abs(there.count(arm) - Fraction(len(there) * share, whole)) < 1


@settings(deadline=None)
@given(_people, _shares, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_whatever_the_order(
    people: dict[str, str], shares: dict[str, int], mixed: Random
) -> None:
    keys, arms = list(people), list(shares)
    mixed.shuffle(keys)
    mixed.shuffle(arms)
    again = draw({key: people[key] for key in keys}, {arm: shares[arm] for arm in arms}, "seed")
    assert again == draw(people, shares, "seed")


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), max_size=6), st.integers(0, 99))
def test_rounding_keeps_rows_and_is_within_one(numbers: list[list[int]], seed: int) -> None:
    table = [
        [Fraction(one * (sum(row) or 1), sum(row) or 1) * Fraction(7, 5) for one in row] for row in numbers
    ]
    table = [[*row, ceil_up(sum(row, Fraction()))] for row in table]
    found = rounded(table, Random(seed))  # noqa: S311
    for row, exact in zip(found, table, strict=True):
        assert sum(row) == sum(exact)
        assert all(abs(one - other) < 1 for one, other in zip(row, exact, strict=True))
    for place in range(4 if table else 0):
        assert abs(sum(row[place] for row in found) - sum(row[place] for row in table)) < 1


def ceil_up(value: Fraction) -> Fraction:
    return -(value % -1) if value % 1 else Fraction()


def test_every_chance_is_its_share() -> None:
    """Strata too small to divide: over many seeds each person still gets each arm as often as its share says."""
    people = {f"p{number}": number % 5 for number in range(11)}
    seen: Counter[tuple[str, str]] = Counter()
    times = 4000
    for seed in range(times):
        seen.update(draw(people, {"a": 0.2, "b": 0.3, "c": 0.5}, str(seed)).items())
    for key in people:
        for arm, share in (("a", 0.2), ("b", 0.3), ("c", 0.5)):
            assert abs(seen[key, arm] / times - share) < 4.5 * (share * (1 - share) / times) ** 0.5


def test_numbers_are_met_exactly() -> None:
    people = {f"p{number}": number % 7 for number in range(100)}
    assert Counter(draw(people, {"in": 30, "out": 70}, "s").values()) == {"in": 30, "out": 70}


def test_seeds_follow_from_who_is_drawn_among() -> None:
    one = seed_of("p", "d", ["1", "2"], "secret")
    assert one == seed_of("p", "d", ["2", "1"], "secret")
    assert one != seed_of("p", "d", ["2", "3"], "secret")
    assert one != seed_of("p", "d", ["1", "2"], "other")


@pytest.mark.parametrize("shares", [{}, {"a": 0}, {"a": -1, "b": 2}])
def test_shares_that_make_no_draw(shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="share above zero"):
        draw({"p": 1}, shares, "s")


def _drawn_by(of: Programme) -> Programme:
    """The definition with a draw of its own; the shipped one of the town has none."""
    text = Text(da="Lod", en="Lot")
    why = {"source": ["decision"], "note": text}
    arms = {name: Arm(title=text, share=share, **why) for name, share in (("ind", 0.25), ("ude", 0.75))}
    lot = Draw(
        title=text,
        about=text,
        group="gruppe-1",
        strata=[Stratum(field=name, title=text) for name in ("sex", "age")],
        arms=arms,
        **why,
    )
    left = {
        "gammel": Exclusion(title=text, when="age >= 60", **why),
        "faengsel": Exclusion(title=text, **why),
    }
    return of.model_copy(update={"draws": {"lod": lot}, "exclusions": left, "visitation": None})


@pytest.fixture
def reader(db: None, monkeypatch: pytest.MonkeyPatch) -> Reader:
    from indsats.web.programmes import programme

    with_draw = _drawn_by(programme(OF))
    monkeypatch.setattr("indsats.web.programmes._loaded", lambda _: with_draw)
    held = (
        Membership.objects.filter(role="coordinator", site__isnull=False).order_by("user__username").first()
    )
    assert held is not None
    return Reader.of(held.user)


def _candidates(reader: Reader, many: int = 24, **more: Any) -> list[Person]:
    made = []
    for number in range(many):
        born = date(1955 + number, 1, 1 + number % 20)
        one = Person.objects.create(
            number=f"{born:%d}21{born:%y}-1{number:03}", name=f"Kandidat {number}", birth_date=born,
            sex=("woman", "man")[number % 2],
        )  # fmt: skip
        values = {
            "site": reader.memberships[0].site,
            "occurred_from": clock.today(),
            "group": "gruppe-1",
            **more,
        }
        register("me", OF, "visitation", values, person=one)
        made.append(one)
    while found := waiting():
        project(found)
    return made


def test_who_can_be_drawn(reader: Reader) -> None:
    made = _candidates(reader)
    _candidates_of_other_group = register(
        "me", OF, "excluded", {"occurred_from": clock.today(), "reason": "faengsel"}, person=made[-1]
    )
    among = draws.pool(reader, OF, "lod", reader.memberships[0].site)
    mine = {case.person_id for case in among.cases}
    old = {one.pk for one in made if one.birth_date and one.birth_date.year <= clock.today().year - 60}
    assert made[-1].pk not in mine
    assert not old & mine
    assert {one.pk for one in made[len(old) : -1]} <= mine
    assert among.left_out["faengsel"] == 1
    assert among.left_out["gammel"] >= len(old)
    assert _candidates_of_other_group.kind == "excluded"
    assert all(len(stratum) == 3 for stratum in among.strata.values())


def test_shown_written_and_undone(reader: Reader) -> None:
    _candidates(reader)
    site = reader.memberships[0].site
    facts = Fact.objects.count()
    shown = draws.preview(reader, OF, "lod", site=site)
    assert Fact.objects.count() == facts
    again = draws.preview(reader, OF, "lod", site=site)
    assert (again.told["seed"], again.told["people"]) == (shown.told["seed"], shown.told["people"])
    n = len(shown.told["people"])
    assert abs(shown.told["counts"]["ind"] - n / 4) < 1
    sexes = [row for row in shown.told["balance"] if row["field"] == "sex"]
    assert sum(sum(row["arms"].values()) for row in sexes) == n
    done = draws.accept(reader, shown)
    written = Fact.objects.filter(batch=done)
    assert {str(one.person_id): one.payload["arm"] for one in written} == shown.told["people"]
    assert {one.source for one in written} == {f"draw lod, seed {shown.told['seed']}"}
    with pytest.raises(InputRefused, match=r"changed|decided"):
        draws.accept(reader, again)
    assert draws.pool(reader, OF, "lod", site).left_out["drawn"] == n
    undo(reader.name, done, "wrong day")
    third = draws.preview(reader, OF, "lod", site=site)
    assert third.told["people"] == shown.told["people"]


def test_somebody_left_out_meanwhile(reader: Reader) -> None:
    made = _candidates(reader)
    shown = draws.preview(reader, OF, "lod", site=reader.memberships[0].site)
    register("me", OF, "excluded", {"occurred_from": clock.today(), "reason": "faengsel"}, person=made[-1])
    with pytest.raises(InputRefused, match="have changed"):
        draws.accept(reader, shown)
    assert not Fact.objects.filter(kind="drawn").exists()


def test_an_enrolment_rests_on_a_draw(reader: Reader) -> None:
    _candidates(reader)
    site = reader.memberships[0].site
    done = draws.accept(reader, draws.preview(reader, OF, "lod", site=site))
    one = Fact.objects.filter(batch=done).select_related("person").first()
    assert one is not None
    values = {"enrolment": "e-drawn", "occurred_from": clock.today(), "service": "indsatsmodel", "site": site}
    register("me", OF, "enrolled", values, person=one.person)
    with pytest.raises(Rested):
        undo(reader.name, done, "wrong")


def test_nobody_and_no_shares(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputRefused, match="nobody to draw"):
        draws.preview(reader, OF, "lod", site="nowhere")
    monkeypatch.setattr(draws, "shares_of", lambda _: None)
    for shares in (None, {"ind": 1}, {"ind": 1, "ude": 0}):
        with pytest.raises(InputRefused, match="how many each arm"):
            draws.preview(reader, OF, "lod", shares, site=reader.memberships[0].site)
    assert not Batch.objects.exists()
