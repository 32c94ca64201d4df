"""What has been computed from a view of the record is not computed again while the view lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from indsats.programme import Programme
    from indsats.record import Facts

Made = TypeVar("Made")

_HELD: dict[int, dict[Hashable, Any]] = {}


def remembered(facts: Facts | Programme, key: Hashable, make: Callable[[], Made]) -> Made:
    """What ``make`` gave for ``key`` the first time it was asked about these facts, or about this definition.

    A report asks the same of every unit and site. A view of the record never changes, so what was derived from
    it holds as long as the view is there; with it, what is remembered goes too. ``make`` must be a pure function
    of the facts and the key, and nobody may change what it gives.
    """
    name = id(facts)
    if name not in _HELD:
        _HELD[name] = {}
        weakref.finalize(facts, _HELD.pop, name, None)
    held = _HELD[name]
    if key not in held:
        held[key] = make()
    return held[key]
