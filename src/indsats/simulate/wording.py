"""Values for coded fields: which of a definition's codes stands for what, told by ``means`` and not by words."""

from __future__ import annotations

import numpy as np

from indsats.programme import CodeList, Programme, allowed_values

_NEXT_BEST = {
    "old_age": "pension",
    "pension": "old_age",
    "flex": "job",
    "resource": "sick",
    "sick": "resource",
    "parent": "sick",
    "subsidy": "practice",
    "practice": "subsidy",
}
"""The concept that comes nearest where a list has no code for one. What is left then is "other"."""

_HOPED_FOR = ("job", "education", "self_support", "job_ready", "flex", "completed", "practice")
"""Concepts that the first code stands for where a list says nothing of what its codes mean."""

_FADING = 0.75
"""How much rarer each code of a list is than the one before it."""


def meanings(programme: Programme, place: str, concept: str) -> tuple[str, ...]:
    """The definition's codes for a concept in ``kind.field``, the commonest first; never empty.

    The codes whose ``means`` is the concept, else the next best concept, else "other", else the last code. In
    a list where no code says what it means, position decides: the first stands for what is hoped for (a job,
    education, completed, a traineeship), the second for a wage subsidy, the last for everything else. Without
    a list the concept's own name is the value.
    """
    codes = programme.codes_for(place)
    if codes is None:
        return (concept,)
    listed = list(codes.values)
    if all(code.means is None for code in codes.values.values()):
        if concept in _HOPED_FOR:
            return (listed[0],)
        return (listed[min(1, len(listed) - 1)],) if concept == "subsidy" else (listed[-1],)
    tried: list[str] = []
    wanted: str | None = concept
    while wanted is not None and wanted not in tried:
        found = _that_mean(codes, wanted)
        if found:
            return found
        tried.append(wanted)
        wanted = _NEXT_BEST.get(wanted)
    return _that_mean(codes, "other") or (listed[-1],)


def _that_mean(codes: CodeList, concept: str) -> tuple[str, ...]:
    return tuple(key for key, code in codes.values.items() if code.means == concept)


def values_of(programme: Programme, kind: str, field: str) -> list[str]:
    """The texts a field of a kind may take; empty when any text will do.

    Roles outside the municipality are not assigned to anybody.
    """
    found = list(allowed_values(programme, kind, field) or ())
    if (kind, field) == ("assigned", "role"):
        return [key for key in found if key not in programme.roles or not programme.roles[key].external]
    return found


def drawn(values: list[str], n: int, rng: np.random.Generator) -> np.ndarray:
    """``n`` random values of a list, earlier ones more often; nulls when it is empty."""
    if not values:
        return np.full(n, None, dtype=object)
    cumulated = np.cumsum(_FADING ** np.arange(len(values)))
    picked = np.searchsorted(cumulated / cumulated[-1], rng.random(n), side="right")
    return np.array(values, dtype=object)[np.minimum(picked, len(values) - 1)]
