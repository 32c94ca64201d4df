"""The JSON Schema accepts what loads and refuses what the loader refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from indsats.programme import load, rule_fields, schema
from indsats.programme.yaml_tree import read_yaml
from tiny_definition import write


def _as_written(folder: Path) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for file in folder.glob("*.yaml"):
        tree, _ = read_yaml(file, file.name)
        assert tree is not None
        whole |= tree.data()
    return whole


def _complaints(definition: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(definition)]


def test_it_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_it_accepts_a_whole_definition(tmp_path: Path) -> None:
    written = _as_written(write(tmp_path))
    # JSON has no numbers as keys.
    home = written["questionnaires"]["mood"]["items"]["home"]
    home["answers"] = {str(answer): text for answer, text in home["answers"].items()}
    assert _complaints(written) == []


@pytest.mark.parametrize("key", ["sumary", "indicator"])
def test_it_refuses_unknown_keys(key: str, tmp_path: Path) -> None:
    written = {**_as_written(write(tmp_path)), key: {}}
    assert any(key in complaint for complaint in _complaints(written))


def test_rules_know_the_fields_of_their_table(tmp_path: Path) -> None:
    programme = load(write(tmp_path))
    assert rule_fields(programme, "person")["age"] == "number"
    assert rule_fields(programme, "meeting")["outcome"] == "text"
    assert rule_fields(programme, "meeting")["unit"] == "text"
    assert rule_fields(programme, "evaluation:to-work")["earlier"] == "number"
    assert set(rule_fields(programme, "evaluation:earnings")) == {"treat", "schooling", "pay", "schooling2"}
    assert set(rule_fields(programme, "rows:trial")) == {"treat", "schooling", "pay"}
    assert set(rule_fields(programme, "questionnaire:mood")) == {"home", "work"}
    with pytest.raises(KeyError):
        rule_fields(programme, "evaluation:nothing")
