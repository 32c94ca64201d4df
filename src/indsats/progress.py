"""How long work tells where it is: called with steps done, steps in all, and what is being done."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""May raise, ``KeyboardInterrupt`` among others: the work then stops and leaves things as they were."""
