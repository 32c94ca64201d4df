"""A random draw that anybody can do again: everyone once, each arm its share within every stratum, one seed one result.

Pure functions on keys and numbers; nothing here knows the database.
"""

from __future__ import annotations

import hmac
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b, sha256
from math import ceil
from random import Random

Share = Fraction | float | int | str


def draw(people: Mapping[str, Hashable], shares: Mapping[str, Share], seed: str) -> dict[str, str]:
    """The arm of each person: ``people`` gives each key its stratum, ``shares`` each arm its part of all.

    Everybody gets one arm, and everybody's chance of an arm is exactly its share. In every stratum an arm has its share
    of the people there, rounded up or down, and so has it of them all. The same people, shares and seed give the same
    arms, in whatever order they are given, on any machine. Shares need not sum to 1: they count in proportion.

    Raises ValueError when there is no arm, or a share is not above zero.
    """
    parts = _parts(shares)
    strata: dict[str, list[str]] = {}
    for key, stratum in people.items():
        strata.setdefault(repr(stratum), []).append(key)
    names = sorted(strata)
    exact = [[len(strata[name]) * part for part in parts.values()] for name in names]
    counts = rounded(exact, Random(f"{seed}\x1frounding"))  # noqa: S311 - the seed is shown so that anybody can draw again
    found: dict[str, str] = {}
    for name, row in zip(names, counts, strict=True):
        order = iter(sorted(strata[name], key=lambda key: (_place(seed, key), key)))
        for arm, count in zip(parts, row, strict=True):
            for _ in range(count):
                found[next(order)] = arm
    return {key: found[key] for key in people}


def _parts(shares: Mapping[str, Share]) -> dict[str, Fraction]:
    exact = {arm: Fraction(str(share)) for arm, share in sorted(shares.items())}
    if not exact or min(exact.values()) <= 0:
        raise ValueError("a draw needs an arm, and every arm a share above zero")
    whole = sum(exact.values())
    return {arm: share / whole for arm, share in exact.items()}


def _place(seed: str, key: str) -> bytes:
    """Where a person stands in the shuffled order of their stratum."""
    return blake2b(key.encode(), key=blake2b(seed.encode(), digest_size=32).digest(), digest_size=16).digest()


def seed_of(programme: str, name: str, people: Iterable[str], secret: str) -> str:
    """The seed of a draw among some people: nobody can foresee it, and drawing again among the same gives the same.

    So a draw cannot be repeated until it pleases; it changes only with who is drawn among.
    """
    said = "\x1f".join([programme, name, *sorted(people)])
    return hmac.new(secret.encode(), said.encode(), sha256).hexdigest()[:12]


def rounded(table: Sequence[Sequence[Fraction]], random: Random) -> list[list[int]]:
    """A table of fractions in whole numbers: each cell, and each column's sum, rounded up or down; rows' sums kept.

    Chance decides which way, so that every cell is right on average (Cox 1987, "A constructive procedure for unbiased
    controlled rounding"). The sums of the rows must be whole (else ValueError).
    """
    if any(sum(row).denominator != 1 for row in table):
        raise ValueError("the sums of the rows must be whole numbers")
    if not table:
        return []
    cells = [list(row) for row in table]
    sums = [sum(column, Fraction()) for column in zip(*cells, strict=True)]
    cells.append([ceil(one) - one for one in sums])  # what fills each column up to a whole number
    while (cycle := _cycle(cells)) is not None:
        even, odd = cycle[::2], cycle[1::2]
        up = min(*(1 - _part(cells, cell) for cell in even), *(_part(cells, cell) for cell in odd))
        down = min(*(_part(cells, cell) for cell in even), *(1 - _part(cells, cell) for cell in odd))
        by = up if random.random() < down / (up + down) else -down
        for row, column in even:
            cells[row][column] += by
        for row, column in odd:
            cells[row][column] -= by
    return [[int(cell) for cell in row] for row in cells[:-1]]


Cell = tuple[int, int]


def _part(cells: list[list[Fraction]], cell: Cell) -> Fraction:
    value = cells[cell[0]][cell[1]]
    return value - value.__floor__()


def _cycle(cells: list[list[Fraction]]) -> list[Cell] | None:
    """Cells that are not whole, going round by turns along a row and along a column; None when all are whole.

    The sums of rows and columns are whole, so wherever a row or a column has one such cell it has another.
    """
    start = next(
        (
            (row, column)
            for row, of in enumerate(cells)
            for column, cell in enumerate(of)
            if cell.denominator != 1
        ),
        None,
    )
    if start is None:
        return None
    way, along_row = [start], True
    lines: dict[tuple[bool, int], int] = {}
    while True:
        row, column = way[-1]
        line = (along_row, row if along_row else column)
        if line in lines:  # back at a line where the way went before: what lies between is the cycle
            return way[lines[line] + 1 :]
        lines[line] = len(way) - 1
        if along_row:
            following = next(
                (row, other)
                for other, cell in enumerate(cells[row])
                if other != column and cell.denominator != 1
            )
        else:
            following = next(
                (other, column)
                for other, of in enumerate(cells)
                if other != row and of[column].denominator != 1
            )
        way.append(following)
        along_row = not along_row
