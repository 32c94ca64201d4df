"""Business cases for tests: one line at a time, and any case at all for properties. All amounts are invented."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st

from indsats.economy.lines import Array, Case, Line, Spread, Uncertain
from indsats.programme import PAYERS, Payer, Text

NAMED = Text(da="Opdigtet", en="Invented")


def shares(krone: Mapping[Payer, float], years: int) -> Array:
    """What a krone is to each payer, the same every year."""
    return np.repeat(np.array([krone.get(payer, 0.0) for payer in PAYERS])[:, None], years, axis=1)


def line(
    name: str,
    quantity: float | Uncertain,
    price: float | Uncertain,
    krone: Mapping[Payer, float],
    weights: Sequence[float],
    **changes: Any,
) -> Line:
    """A line, of which one ``krone`` is so much to each payer; an effect unless ``part`` says otherwise."""
    effect = changes.get("part", "consequence") == "consequence"
    given: dict[str, Any] = {
        "id": name,
        "of": name,
        "title": Text(da=f"{name} på dansk", en=f"{name} in English"),
        "part": "consequence",
        "quantity": quantity if isinstance(quantity, Uncertain) else Uncertain(quantity),
        "price": price if isinstance(price, Uncertain) else Uncertain(price),
        "shares": shares(krone, len(weights)),
        "weights": np.array(weights, dtype=np.float64),
        "unit": NAMED,
        "price_of": f"{name}-price",
        "errs_with": name,
        "moves": effect,
        **changes,
    }
    return Line(**given)


def case(*lines: Line, rate: float = 0.035, **changes: Any) -> Case:
    """A case of these lines, discounted at one rate; its yardstick is the first effect."""
    years = len(lines[0].weights) if lines else 3
    given: dict[str, Any] = {
        "scenario": "expected",
        "title": NAMED,
        "lines": lines,
        "discount": np.power(1 + rate, -np.arange(years, dtype=np.float64)),
        "participants": 10.0,
        "price_year": 2024,
        "yardstick": next((one.of for one in lines if one.moves), None),
        **changes,
    }
    return Case(**given)


def interval(value: float, low: float, high: float) -> Uncertain:
    """An estimate with its 95 % interval."""
    return Uncertain(value, low, high, "interval")


def range_(value: float, low: float, high: float) -> Uncertain:
    """A number that lies between two ends."""
    return Uncertain(value, low, high, "range")


YEARS = 4
KRONER = st.integers(1, 5000).map(float)
DIVIDED = st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any)
"""How many parts of a whole are each payer's."""


@st.composite
def numbers(draw: st.DrawFn, low: int, high: int) -> Uncertain:
    """A whole number between two, exact, with an interval, or with a range."""
    value = float(draw(st.integers(low, high)))
    spread: Spread = draw(st.sampled_from(get_args(Spread)))
    if spread == "exact":
        return Uncertain(value)
    down, up = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    if spread == "range" and low >= 0:
        down = min(down, int(value))
    return Uncertain(value, value - down, value + up, spread)


@st.composite
def whole(draw: st.DrawFn) -> Array:
    """Payers' parts of a krone, which sum to one."""
    parts = np.array(draw(DIVIDED), dtype=np.float64)
    return np.repeat((parts / parts.sum())[:, None], YEARS, axis=1)


@st.composite
def moved(draw: st.DrawFn) -> Array:
    """A krone that goes from some payers to others: sums to zero."""
    return draw(whole()) - draw(whole())


@st.composite
def spent(draw: st.DrawFn, name: str = "cost") -> Line:
    """Money spent by payers whose shares sum to one."""
    weights = draw(st.lists(st.integers(0, 3), min_size=YEARS, max_size=YEARS))
    return line(
        name, draw(numbers(0, 40)), draw(numbers(1, 900)), {}, weights, part="cost", shares=-draw(whole())
    )


@st.composite
def gained(draw: st.DrawFn, name: str = "gain", own: bool = True) -> Line:
    """An effect that is worth something to payers whose shares sum to one, or moves money between them."""
    weights = draw(st.lists(st.integers(0, 3), min_size=YEARS, max_size=YEARS))
    transfer = draw(st.booleans())
    divided = draw(moved() if transfer else whole())
    shared = {} if own else {"errs_with": "shared"}
    return line(
        name,
        draw(numbers(-40, 40)),
        draw(numbers(1, 900)),
        {},
        weights,
        shares=divided,
        transfer=transfer,
        **shared,
    )


@st.composite
def granted(draw: st.DrawFn, name: str = "grant") -> Line:
    """Money the state and the region give the municipality."""
    state = draw(st.integers(0, 4)) / 4
    of: dict[Payer, float] = {"municipality": 1.0, "state": -state, "region": state - 1}
    return line(name, 1, draw(KRONER), of, [1, 0, 0, 0], part="grant", transfer=True)


@st.composite
def cases(draw: st.DrawFn, effects: int = 3) -> Case:
    """Any case: up to two costs, up to ``effects`` effects, some that err together, and perhaps a grant."""
    lines = [draw(spent(f"cost-{n}")) for n in range(draw(st.integers(0, 2)))]
    lines += [draw(gained(f"gain-{n}", draw(st.booleans()))) for n in range(draw(st.integers(1, effects)))]
    if draw(st.booleans()):
        lines.append(draw(granted()))
    displaced = draw(st.integers(0, 4)) / 4
    return case(*lines, rate=draw(st.integers(0, 8)) / 100, displaced=displaced)
