"""The programme definitions the server runs, read once by each process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from indsats.programme import Programme, load

from .models import Served


@cache
def _loaded(definition: str) -> Programme:
    """A published definition never changes; a new version is a new folder."""
    return load(Path(definition))


def served() -> Mapping[str, Programme]:
    """The definitions in use, by programme, in the order of their ids."""
    return {one.programme: _loaded(one.definition) for one in Served.objects.order_by("programme")}


def programme(name: str) -> Programme:
    """The definition of a programme; KeyError where the server does not run it."""
    return programme_and_people(name)[0]


def programme_and_people(name: str) -> tuple[Programme, bool]:
    """The definition of a programme, and whether its people are invented; KeyError as ``programme``."""
    try:
        definition, synthetic = Served.objects.values_list("definition", "synthetic").get(programme=name)
        return _loaded(definition), synthetic
    except Served.DoesNotExist:
        raise KeyError(name) from None
