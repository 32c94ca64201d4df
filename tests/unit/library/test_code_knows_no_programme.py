"""The code knows no programme: nothing a definition names stands in it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import indsats
from indsats import library, programme
from indsats.programme import (
    COMMON_FIELDS,
    DERIVED_PERSON_FIELDS,
    FIXED_VALUES,
    KIND_FIELDS,
    PAYERS,
    PERSON_FIELDS,
    Meaning,
)

HOME = Path(indsats.__file__).parent
CODE = sorted(
    path for path in HOME.rglob("*.py") if library.__name__.split(".")[-1] not in path.relative_to(HOME).parts
)

SHARED = {
    *COMMON_FIELDS,
    *PERSON_FIELDS,
    *DERIVED_PERSON_FIELDS,
    *KIND_FIELDS,
    *(field for fields in KIND_FIELDS.values() for field in fields),
    *(value for values in FIXED_VALUES.values() for value in values),
    *get_args(Meaning),
    *PAYERS,
}
"""Words every programme shares: kinds of facts, their fields and fixed values, what codes can mean, and who pays."""


def ids_of(part: Any) -> Iterator[str]:
    """Every name a definition gives to something."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value = getattr(part, name)
            if name == "id" and isinstance(value, str):
                yield value
            yield from ids_of(value)
    elif isinstance(part, dict):
        for key, value in part.items():
            if isinstance(key, str):
                yield key
            yield from ids_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from ids_of(value)


ORDINARY = {
    "balance",
    "cox",
    "did",
    "match",
    "progression",
    "evaluator",
    "danish",
    "married",
    "immigrant",
    "descendant",
    "indsats",
    "nej",
    "intet",
    "barometer",
    "borger",
    "borgere",
    "dato",
    "flow",
    "leder",
    "relation",
    "sager",
    "samlet",
    "sprog",
    "star",
    "svar",
}
"""Words the code uses in a sense of its own, and a definition happens to use for something else."""

SAID = {
    "economy/words.py",
    "economy/sheet/labels.py",
    "report/texts.py",
    "report/graph.py",
    "run/citizen_words.py",
    "run/words.py",
    "run/evaluation_words.py",
    "run/theory_words.py",
    "run/tried.py",
    "evaluate/plots.py",
}
"""What the product says in its own Danish, where any word of the language may stand."""


def words_of(source: str) -> Iterator[tuple[str, int]]:
    """The contents of texts in Python code, with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING:
            yield token.string.strip("rbfRBF").strip("\"'"), token.start[0]


@pytest.mark.parametrize("name", library.programmes())
def test_no_name_of_a_programme_stands_in_the_code(name: str) -> None:
    definition = programme.load(library.definition_path(name))
    terms = {one for one in ids_of(definition) if len(one) > 2} - SHARED - ORDINARY
    own = {one for one in terms if "-" in one} | {definition.programme, definition.document}
    anywhere = re.compile(
        r"(?<![\w-])(" + "|".join(map(re.escape, sorted(own, key=len, reverse=True))) + r")(?![\w-])"
    )
    found = []
    for path in CODE:
        source = path.read_text(encoding="utf-8")
        place = str(path.relative_to(HOME))
        # Names with a hyphen can only be a definition's own: they may not stand in comments either.
        found += [f"{place}: {hit}" for hit in anywhere.findall(source)]
        if place not in SAID and not place.startswith("web/words/"):
            found += [f"{place}:{line}: {word}" for word, line in words_of(source) if word in terms]
    assert not found, "\n".join(found)
