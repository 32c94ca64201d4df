"""The weekly states a simulated person moves between, their register codes and their weekly chances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Programme

from .profile import register_evaluations

CORE, JOB_READY, SICK, STUDY, JOB, REST, FLEX, RESOURCE, PENSION, OLD_AGE, ABROAD, DEAD, PARENT = range(13)
COUNT = 13
CONCEPT = [
    "core",
    "job_ready",
    "sick",
    "education",
    "job",
    "self_support",
    "flex",
    "resource",
    "pension",
    "old_age",
    "moved",
    "dead",
    "parent",
]
"""What a state is called when a reason for an exit is looked for."""

_CODES = (730, 130, 890, 651, 0, 0, 771, 810, 783, 998, 997, 999, 881)
_BLOCKS = (130, 140, 210, 700, 710, 720, 730, 740, 750, 760, 810, 890)
"""Benefits whose last digit tells the activity of the week."""

UNKNOWN_CODE = 878
"""A code in use after the public list was made; reading must count it and go on."""

# Weekly chances of leaving a state (row) for another, before a person's multipliers. The level is set so that
# about one in six leaves the benefit for self-support within a year.
_CHANCES: dict[int, dict[int, float]] = {
    CORE: {JOB: 0.0022, REST: 0.0014, STUDY: 0.0009, SICK: 0.0016, RESOURCE: 0.0007, PENSION: 0.0005,
           FLEX: 0.0003, JOB_READY: 0.0008, ABROAD: 0.0003, DEAD: 0.0003, PARENT: 0.0008},
    JOB_READY: {JOB: 0.0120, REST: 0.0040, STUDY: 0.0015, SICK: 0.0015, CORE: 0.0090, ABROAD: 0.0003},
    SICK: {JOB: 0.0120, CORE: 0.0600, RESOURCE: 0.0030, PENSION: 0.0010, DEAD: 0.0006},
    STUDY: {JOB: 0.0080, CORE: 0.0070, REST: 0.0030},
    JOB: {CORE: 0.0085, JOB_READY: 0.0060, SICK: 0.0030, STUDY: 0.0006, REST: 0.0020, ABROAD: 0.0003},
    REST: {CORE: 0.0200, JOB: 0.0100, JOB_READY: 0.0030, ABROAD: 0.0012},
    FLEX: {CORE: 0.0060, PENSION: 0.0004},
    RESOURCE: {PENSION: 0.0050, FLEX: 0.0030, CORE: 0.0020},
    ABROAD: {CORE: 0.0010},
    PARENT: {CORE: 0.0350, JOB: 0.0040},
}  # fmt: skip
_CHANCES_WAITING_FOR_FLEX: dict[int, dict[int, float]] = {
    CORE: {FLEX: 0.0140, JOB: 0.0006, REST: 0.0004, STUDY: 0.0001, SICK: 0.0014, PENSION: 0.0010,
           ABROAD: 0.0003, DEAD: 0.0003, PARENT: 0.0005},
    FLEX: {CORE: 0.0045, PENSION: 0.0006, JOB: 0.0003},
    SICK: {CORE: 0.0200, JOB: 0.0120, RESOURCE: 0.0060, PENSION: 0.0010, DEAD: 0.0006},
    RESOURCE: {CORE: 0.0140, FLEX: 0.0040, PENSION: 0.0050},
    JOB: {SICK: 0.0090, CORE: 0.0010, REST: 0.0020, ABROAD: 0.0003},
    REST: {SICK: 0.0120, JOB: 0.0100, CORE: 0.0010},
}  # fmt: skip
"""In place of the rows above for a benefit paid to those who have been awarded a flex job and have none."""

_FLEX_BLOCK = range(740, 750)
START = np.array([0.46, 0.07, 0.06, 0.05, 0.22, 0.08, 0.02, 0.02, 0.01, 0.0, 0.0, 0.0, 0.01])
"""Shares of the states in the register's first week."""

_START_WAITING_FOR_FLEX = np.array([0.24, 0.0, 0.22, 0.02, 0.14, 0.04, 0.14, 0.16, 0.02, 0.0, 0.0, 0.0, 0.02])

EXITS = (JOB, REST, STUDY, FLEX)
"""Ends of the benefit that a programme may wish to cause."""

NONE, GUIDANCE, EDUCATION, SUBSIDY_PRIVATE, SUBSIDY_PUBLIC, PRACTICE_PRIVATE, PRACTICE_PUBLIC = (
    0,
    3,
    4,
    5,
    6,
    7,
    8,
)
"""Activities beside the benefit, by the last digit of the week's code."""

PLACEMENTS = (SUBSIDY_PRIVATE, SUBSIDY_PUBLIC, PRACTICE_PRIVATE, PRACTICE_PUBLIC)


def chances(core: int = _CODES[CORE]) -> np.ndarray:
    """Weekly chances as a matrix, from (rows) to (columns), shape (13, 13), with ``core`` as the core benefit."""
    matrix = np.zeros((COUNT, COUNT))
    rows = {**_CHANCES, **_CHANCES_WAITING_FOR_FLEX} if core in _FLEX_BLOCK else _CHANCES
    for source, row in rows.items():
        for target, chance in row.items():
            matrix[source, target] = chance
    return matrix


def start_shares(core: int) -> np.ndarray:
    """Shares of the states in the register's first week, with ``core`` as the core benefit."""
    return _START_WAITING_FOR_FLEX if core in _FLEX_BLOCK else START


@dataclass(frozen=True, slots=True)
class Coding:
    """The register code of every state and activity: ``codes[state, activity digit]``, 0 for a blank week."""

    codes: np.ndarray
    """Shape (13, 10), int16."""

    @property
    def core(self) -> int:
        """The code of the core benefit without an activity."""
        return int(self.codes[CORE, 0])


def coding(programme: Programme) -> Coding:
    """Codes with the core benefit taken from what the definition's evaluations start the clock at.

    Cash benefit (730) where the index state covers it, or its activities, or there is none; else the first
    benefit it covers.
    """
    core = _CODES[CORE]
    for evaluation in register_evaluations(programme).values():
        if evaluation.index is None or evaluation.index.state is None:
            continue
        covered = covered_codes(programme, evaluation.index.state)
        if not covered[core : core + 10].any():
            blocks = [block for block in _BLOCKS if covered[block : block + 10].any()]
            core = blocks[0] if blocks else int(np.argmax(covered[1:])) + 1
        break
    codes = np.repeat(np.array((core, *_CODES[1:]), dtype=np.int16)[:, None], 10, axis=1)
    for state in (CORE, JOB_READY):
        if int(codes[state, 0]) in _BLOCKS:
            codes[state, 3:9] += np.arange(3, 9, dtype=np.int16)
    return Coding(codes)


def covered_codes(programme: Programme, state: str) -> np.ndarray:
    """Which of the codes 0 (blank) to 999 belong to a register state of the definition."""
    covered = np.zeros(1000, dtype=bool)
    for entry in programme.states[state].codes:
        first, _, last = entry.partition("-")
        if first == "blank":
            covered[0] = True
        else:
            covered[int(first) : int(last or first) + 1] = True
    return covered
