"""What an estimate of effect consists of: one frozen record that names its method and its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference treatment makes to one outcome, as one method estimates it.

    ``estimate``, ``se``, ``low`` and ``high`` are in the unit of the outcome; for shares they lie on the
    scale 0 to 1, so 0.02 is two percentage points. ``low`` and ``high`` bound a 95 % interval, ``p`` is
    two-sided against no difference. ``method`` names the estimator, ``se_method`` how ``se``, interval and
    ``p`` were made. ``n_treated`` and ``n_untreated`` count the rows used, ``mean_treated`` and
    ``mean_untreated`` are their plain (for matched controls: weighted) means. ``events_*`` are counts of yes
    for yes-or-no outcomes, otherwise ``None``. ``excluded`` counts rows or pairs left out, by reason
    (``missing <column>``); ``note`` says the same in words, with whatever else a reader has to know. ``df``
    belongs to the t distribution used, ``None`` where the normal distribution was.
    """

    id: str
    outcome: str
    method: str
    se_method: str
    estimate: float
    se: float
    low: float
    high: float
    p: float
    n_treated: int
    n_untreated: int
    mean_treated: float
    mean_untreated: float
    events_treated: int | None = None
    events_untreated: int | None = None
    statistic: float | None = None
    df: float | None = None
    note: str = ""
    excluded: Mapping[str, int] = field(default_factory=dict)


def exclusion_note(excluded: Mapping[str, int], what: str = "rows") -> str:
    """``excluded`` in words: ``3 rows excluded (missing age: 2, missing outcome: 1)``; empty when none."""
    if not excluded:
        return ""
    reasons = ", ".join(f"{reason}: {count}" for reason, count in excluded.items())
    return f"{sum(excluded.values())} {what} excluded ({reasons})"
