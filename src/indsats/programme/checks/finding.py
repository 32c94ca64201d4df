"""What a check finds, and the list every check is entered in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from indsats.problem import Severity

from ..definition import Programme


@dataclass(frozen=True)
class Finding:
    """Something wrong at ``path`` in a definition; ``offset`` counts characters into a rule's text, and
    ``at_key`` points at the key rather than its value."""

    path: tuple[Any, ...]
    what: str
    remedy: str
    severity: Severity = "error"
    offset: int | None = None
    at_key: bool = False


Check = Callable[[Programme], Iterable[Finding]]
CHECKS: dict[str, Check] = {}
"""Every check by its id, in the order they run. A check looks at one thing and yields what it finds."""


def check_named(name: str) -> Callable[[Check], Check]:
    """Enters a function in CHECKS under ``name``."""

    def enter(function: Check) -> Check:
        if name in CHECKS:
            raise ValueError(f"two checks are called '{name}'")
        CHECKS[name] = function
        return function

    return enter
