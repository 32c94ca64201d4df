"""A published version is recognised by its content and never changes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from indsats.problem import InputRefused
from indsats.programme import check, content_hash, load, publish
from tiny_definition import change, write

DAY = date(2016, 5, 2)


def test_publishing_marks_the_newest_version(tmp_path: Path) -> None:
    write(tmp_path / "v1")
    change(write(tmp_path / "v2"), "version: 1\n", "version: 2\n")
    mark = publish(tmp_path, DAY)
    assert mark == tmp_path / "v2" / "published.json"
    said = json.loads(mark.read_text("utf-8"))
    assert said == {
        "programme": "tiny",
        "version": 2,
        "published": "2016-05-02",
        "sha256": content_hash(load(tmp_path)),
    }
    assert not list((tmp_path / "v2").glob("*.part"))
    assert check(tmp_path) == []


def test_a_change_after_publishing_is_an_error(tmp_path: Path) -> None:
    publish(write(tmp_path / "v1"), DAY)
    change(tmp_path / "v1", "value: 0.2", "value: 0.3")
    with pytest.raises(InputRefused, match="published and has changed"):
        load(tmp_path)
    [problem] = check(tmp_path)
    assert problem.file.endswith("published.json")
    assert "v2" in problem.remedy


def test_a_changed_older_version_is_found_too(tmp_path: Path) -> None:
    publish(write(tmp_path / "v1"), DAY)
    change(write(tmp_path / "v2"), "version: 1\n", "version: 2\n")
    assert check(tmp_path) == []
    change(tmp_path / "v1", "value: 0.2", "value: 0.3")
    assert [problem.what for problem in check(tmp_path)] == ["version 1 was published and has changed since"]


def test_layout_comments_and_files_do_not_matter(tmp_path: Path) -> None:
    publish(write(tmp_path), DAY)
    change(tmp_path, "document: paper", "# the paper itself\ndocument:   'paper'")
    whole = "\n".join((tmp_path / name).read_text("utf-8") for name in ("programme.yaml", "steering.yaml"))
    (tmp_path / "programme.yaml").write_text(whole, "utf-8")
    (tmp_path / "steering.yaml").unlink()
    assert check(tmp_path) == []


def test_the_order_of_a_list_matters(tmp_path: Path) -> None:
    one = content_hash(load(write(tmp_path / "a")))
    change(
        write(tmp_path / "b"),
        "indicators: [no-shows, held, in-time]",
        "indicators: [held, no-shows, in-time]",
    )
    assert content_hash(load(tmp_path / "b")) != one


def test_a_version_is_published_once(tmp_path: Path) -> None:
    publish(write(tmp_path), DAY)
    with pytest.raises(InputRefused, match="already published"):
        publish(tmp_path, DAY)


def test_a_definition_with_errors_is_not_published(tmp_path: Path) -> None:
    change(write(tmp_path), "time_to: work", "time_to: wrok")
    with pytest.raises(InputRefused, match="wrok"):
        publish(tmp_path, DAY)
    assert not list(tmp_path.glob("*.json*"))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"sha256": '])
def test_a_mark_that_cannot_be_read(content: str, tmp_path: Path) -> None:
    (write(tmp_path) / "published.json").write_text(content, "utf-8")
    [problem] = check(tmp_path)
    assert "cannot be read" in problem.what
