"""The budget-economic result: what the effort costs and returns to each public purse, and what effect pays for it.

Tax distortion and net tax factors have no place here; they belong to ``society``, and the two are never added
(Socialstyrelsen 2021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from indsats.programme import PUBLIC, Payer

from .inputs import inputs
from .lines import COSTS, Array, Case, Line, Uncertain, payer_rows

Verdict = Literal["saves", "costs", "depends", "unproven", "assumed"]
"""``saves``, ``costs``: so it is at both ends of the effect's interval. ``depends``: the ends disagree though there is
an effect. ``unproven``: the interval holds no effect at all, so no saving can be told. ``assumed``: nothing is known of
how sure the effect is."""

Effect = Literal["cautious", "expected", "hopeful"]

_NOTHING = 1e-12
_HALF_AN_OERE = 0.005
"""A net within this of zero neither saves nor costs: money that only moves sums to a rounding error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The result of a case for some payers, in kroner per participant at present value.

    ``cost`` is what the effort costs more than none, ``gain`` what its effect is worth and grants bring, ``net`` the
    difference; ``by_payer`` is the net of each. ``citizen`` stands beside and is no part of it. ``cumulative`` is the
    net after each year. ``payback`` is the years until it stays above zero, None when that is not within the case.
    ``break_even`` is the effect of the yardstick per participant a year at which the net is zero, ``times`` that as a
    multiple of the effect found. ``units`` is the yardstick's effect over all years, not discounted, and ``per_unit``
    the cost of one of them, None where it costs nothing.
    """

    payers: tuple[Payer, ...]
    cost: float
    gain: float
    net: float
    by_payer: Mapping[Payer, float]
    citizen: float
    cumulative: Array
    payback: float | None
    break_even: float | None
    times: float | None
    units: float | None
    per_unit: float | None
    verdict: Verdict


def budget(case: Case, payers: Sequence[Payer] = PUBLIC) -> Budget:
    """The budget-economic result of a case for some payers, all public ones when left out."""
    rows = payer_rows(payers)
    present, flows = case.present(), case.flows()
    spent = np.array([line.part in COSTS for line in case.lines], dtype=bool)
    cost = -float(present[spent][:, rows].sum())
    net = float(present[:, rows].sum())
    yearly = flows[:, rows, :].sum(axis=(0, 1)) * case.discount
    units = effect_units(case)
    return Budget(
        payers=tuple(payers),
        cost=cost,
        gain=net + cost,
        net=net,
        by_payer={payer: float(present[:, row].sum()) for payer, row in zip(payers, rows, strict=True)},
        citizen=float(present[:, payer_rows(["citizen"])].sum()),
        cumulative=np.cumsum(yearly),
        payback=payback(yearly),
        break_even=break_even(case, payers),
        times=break_even_times(case, payers),
        units=units,
        per_unit=cost / units if units is not None and units > _NOTHING and cost > 0 else None,
        verdict=verdict(case, payers),
    )


def net_present(case: Case, payers: Sequence[Payer] = PUBLIC) -> float:
    """The net present value for some payers, in kroner per participant."""
    return float(case.present()[:, payer_rows(payers)].sum())


def payback(yearly: Array) -> float | None:
    """Years until the running sum of ``yearly`` reaches zero and stays there, evenly within the year.

    0 when it never is below at the end of a year; None when it is below at the last.
    """
    running = np.cumsum(yearly)
    below = np.flatnonzero(running < -_NOTHING * max(1.0, float(np.abs(yearly).sum())))
    if not below.size:
        return 0.0
    year = int(below[-1]) + 1
    if year == len(yearly):
        return None
    return year - float(running[year - 1]) / float(yearly[year])


def effect_units(case: Case) -> float | None:
    """The yardstick's effect over all years per participant, as the case counts it, not discounted."""
    found = yardstick_lines(case)
    return sum(line.quantity.value * float(line.weights.sum()) for line in found) if found else None


def yardstick_lines(case: Case) -> list[Line]:
    """The lines of the consequence that results are told in, one for each year an effect was told of."""
    return [line for line in case.lines if line.of == case.yardstick]


def break_even_times(case: Case, payers: Sequence[Payer] = PUBLIC) -> float | None:
    """How many times the effect found it takes to pay; None where no effect, or one the other way, would be needed."""
    rest, gain = _fixed_and_moving(case, payers)
    if not gain:
        return None
    times = -rest / gain + 0.0  # never minus zero
    return times if times >= 0 else None


def _fixed_and_moving(case: Case, payers: Sequence[Payer]) -> tuple[float, float]:
    """What is worth the same whatever the effect, and what the effects are worth; 0 where that is rounding alone."""
    moves = np.array([line.moves for line in case.lines], dtype=bool)
    worth = case.amounts * case.worth(payers)
    scale = np.abs(case.amounts) * (np.abs(case.patterns) @ case.discount).sum(axis=1)
    gain = float(worth[moves].sum())
    return float(worth[~moves].sum()), gain if abs(gain) > _NOTHING * max(
        1.0, float(scale[moves].sum())
    ) else 0.0


def break_even(case: Case, payers: Sequence[Payer] = PUBLIC) -> float | None:
    """The yardstick's effect per participant a year at which net present value is zero.

    All effects are taken to keep their proportions, also where they were found to go the other way. Where none was
    found, the yardstick's price alone has to pay. None without a yardstick, and where no effect would pay.
    """
    found = yardstick_lines(case)
    if not found:
        return None
    rest, gain = _fixed_and_moving(case, payers)
    effect = found[0].quantity.value
    if abs(effect) > _NOTHING and gain:
        return -rest / gain * effect + 0.0
    if any(line.quantity.value for line in case.lines if line.moves):
        return None
    lines = zip(case.lines, case.worth(payers), strict=True)
    each = sum(line.price.value * krone for line, krone in lines if line.of == case.yardstick)
    return float(-rest / each + 0.0) if abs(each) > _NOTHING else None


def break_even_range(case: Case, payers: Sequence[Payer] = PUBLIC) -> tuple[float, float] | None:
    """The break-even effect at the two ends of the yardstick's price, the smaller first; None without ends."""
    found = yardstick_lines(case)
    if not found or found[0].price.spread == "exact":
        return None
    ends = [break_even(_priced(case, found[0].price_of, end), payers) for end in found[0].price.ends]
    known = sorted(end for end in ends if end is not None)
    return (known[0], known[1]) if len(known) == 2 else None


def _priced(case: Case, price: str, amount: float) -> Case:
    """The case with another amount for a price."""
    lines = (
        replace(line, price=Uncertain(amount)) if line.price_of == price else line for line in case.lines
    )
    return replace(case, lines=tuple(lines))


def with_effect(case: Case, effect: Effect, payers: Sequence[Payer] = PUBLIC) -> Case:
    """The case with every effect at the end of its interval that is worth least, or most, to the payers.

    Effects that share their chance error go to the same end; where both ends are worth more (or less) than what is
    expected, they stay.
    """
    if effect == "expected":
        return case
    worth, lines = case.worth(payers), list(case.lines)
    for one in inputs(case):
        if one.kind != "effect":
            continue
        small, large = one.ends(case)
        worths = [worth[row] * lines[row].price.value for row in one.rows]
        levels = (small, np.array([number.value for number in one.of(case)]), large)
        nets = [float(level @ worths) for level in levels]
        level = levels[int(np.argmin(nets) if effect == "cautious" else np.argmax(nets))]
        for row, end in zip(one.rows, level, strict=True):
            quantity = replace(lines[row].quantity, value=float(end))
            lines[row] = replace(lines[row], quantity=quantity)
    return replace(case, lines=tuple(lines))


def with_effects_times(case: Case, factor: float) -> Case:
    """The case with every effect ``factor`` times as large (0 or more)."""
    lines = (
        replace(line, quantity=line.quantity.times(factor)) if line.moves else line for line in case.lines
    )
    return replace(case, lines=tuple(lines))


def verdict(case: Case, payers: Sequence[Payer] = PUBLIC) -> Verdict:
    """What may be said of whether it pays, given how sure the effect is."""
    effects = [line for line in case.lines if line.moves]
    if not effects:
        return "saves" if net_present(case, payers) > _HALF_AN_OERE else "costs"
    known = all(line.quantity.bounded for line in effects)
    if net_present(with_effect(case, "hopeful", payers), payers) < -_HALF_AN_OERE:
        return "costs" if known else "assumed"
    if not known:
        return "assumed"
    if any(line.quantity.holds_zero for line in yardstick_lines(case) or effects):
        return "unproven"
    cautious = net_present(with_effect(case, "cautious", payers), payers)
    return "saves" if cautious > _HALF_AN_OERE else "depends"
