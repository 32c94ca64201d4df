"""Both parsers see the same file: values, lines, columns, and what a plain word means in YAML 1.2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indsats import library
from indsats.programme import yaml_fast, yaml_tree
from indsats.programme.yaml_tree import Tree, read_yaml

FILES = sorted(
    path for name in library.programmes() for path in library.definition_path(name).rglob("*.yaml")
)


def told(tree: Tree | None) -> Any:
    if tree is None:
        return None
    value = type(tree.value).__name__ if tree.children else tree.value
    below = {key: (str(tree.keys.get(key)), told(child)) for key, child in tree.children.items()}
    return (value, str(tree.place), tree.raw, tree.raw_start, tree.kept_lines, below)


def both(file: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    fast = told(read_yaml(file, "x")[0])
    with monkeypatch.context() as only_python:
        only_python.setattr(yaml_tree, "compose", lambda _text: None)
        return fast, told(read_yaml(file, "x")[0])


# The largest file of each programme: the slow parser takes its time.
LARGEST = [
    max((f for f in FILES if name in f.parts), key=lambda f: f.stat().st_size)
    for name in library.programmes()
]


@pytest.mark.parametrize("file", LARGEST, ids=lambda file: file.parent.parent.name)
def test_both_parsers_read_a_definition_alike(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert yaml_fast.compose(file.read_text("utf-8")) is not None, "libyaml comes with PyYAML's wheels"
    fast, slow = both(file, monkeypatch)
    assert fast == slow


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("0o10", 8),
        ("010", 10),
        ("1_000", 1000),
        ("~", None),
        ("2016-05-01", "2016-05-01"),
        ("1e3", 1000.0),
        ("'æ ø å: # no comment'", "æ ø å: # no comment"),
        ("&a [1, 2]\nb: *a", [1, 2]),
    ],
)
def test_a_word_means_what_yaml_1_2_says(
    written: str, meant: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(f"a: {written}\n", encoding="utf-8")
    fast, slow = both(file, monkeypatch)
    assert fast == slow
    tree = read_yaml(file, "x")[0]
    assert tree is not None
    value = tree.data()["a"]
    assert (str(value) if hasattr(value, "year") else value) == meant


def test_what_libyaml_refuses_is_left_to_the_parser_with_the_better_messages() -> None:
    assert yaml_fast.compose("a: [1\nb: 2\n") is None
