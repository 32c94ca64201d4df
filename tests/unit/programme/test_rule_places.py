"""Every rule of a definition is known with its place, and a finding in it points at that place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from indsats.programme import RuleText, Text, load
from indsats.programme.complaints import locate
from indsats.programme.fields import parts, rule_places
from indsats.programme.loader import _united, read
from tiny_definition import change, write

_RULE = str(get_args(RuleText)[1])


def _written(part: Any) -> Iterator[tuple[Any, ...]]:
    """The paths of all fields the schema calls rules, without looking at what they are for."""
    for path, model in parts(part, BaseModel):
        for name, info in type(model).model_fields.items():
            value = getattr(model, name)
            if isinstance(model, Text) or _RULE not in f"{info.annotation} {info.metadata}" or value is None:
                continue
            names = [(name, key) for key in value] if isinstance(value, dict) else [(name,)]
            yield from ((*path, *one) for one in names)


def test_no_rule_is_left_out(tmp_path: Path) -> None:
    programme = load(write(tmp_path))
    written = set(_written(programme))
    assert ("requirements", "swift", "measured", "what", 0, "where") in written
    assert {place.path for place in rule_places(programme)} == written


def test_each_place_is_where_its_rule_stands(tmp_path: Path) -> None:
    programme = load(write(tmp_path))
    tree, _ = _united(tmp_path)
    assert tree is not None
    found = 0
    for place in rule_places(programme):
        node, _ = locate(tree, place.path)
        if place.text != "true":
            assert node.value == place.text
            found += 1
    assert found > 20


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("where: agreed_by_citizen}", "where: agreed and ^wrong}"),
        (
            "of: {kind: meeting, where: outcome == 'held'}",
            "of: {kind: meeting, where: outcome == 'held' and ^wrong}",
        ),
        ("'includes(participants, \"mentor\")'", "'includes(participants, \"mentor\") and ^wrong'"),
        ('where: type == "deal"', 'where: type == "deal" and ^wrong'),
        ('where: type == "ordinary" and hours_per_week > 0', 'where: type == "ordinary" and ^wrong'),
        ('where: value == "go"', 'where: value == "go" and ^wrong'),
        ("keep: occurred_to is missing or", "keep: occurred_to is missing or ^wrong and"),
        ("when: age > 64", "when: age > 64 and ^wrong"),
        ("schooling * schooling", "schooling * ^wrong"),
    ],
)
def test_a_finding_points_into_a_nested_rule(old: str, new: str, tmp_path: Path) -> None:
    new = new.replace("agreed and", "agreed_by_citizen and")
    before, _, _ = new.partition("^")
    file, line, shown = change(write(tmp_path), old, new.replace("^", ""))
    [problem] = [one for one in read(tmp_path).problems if "no field 'wrong'" in one.what]
    assert (problem.file, problem.line) == (str(file), line)
    assert problem.column == shown.index(new.replace("^", "")) + len(before) + 1
