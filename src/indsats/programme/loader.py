"""Loads a definition folder: YAML to a validated Programme, or all problems with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from indsats.language import LANGUAGES
from indsats.problem import InputRefused, Problem

from .base import Part
from .checks import CHECKS, Finding
from .complaints import complaints, locate
from .definition import Programme
from .editions import broken_editions
from .published import MARK, published_problems
from .yaml_tree import Place, Tree, read_yaml

_TEMPLATE = re.compile(r"^([a-z0-9][a-z0-9-]*)\.(da|en)\.md$")
_VERSION = re.compile(r"^v([1-9]\d*)$")

_Kind = TypeVar("_Kind", bound=Part)


@dataclass(frozen=True)
class Reading:
    """What came of reading one version's folder: the programme where the schema accepts it, and problems."""

    folder: Path
    programme: Programme | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop a definition from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]


def load(path: Path, version: int | None = None) -> Programme:
    """The definition in ``path``: a folder of YAML files, or one with ``v1``, ``v2`` … of which the newest
    (or ``version``) is taken. Raises InputRefused with every error; warnings do not stop it."""
    folder = version_folder(Path(path), version)
    reading = read(folder)
    if reading.errors or reading.programme is None:
        raise InputRefused(reading.errors)
    programme = reading.programme
    if version is not None and programme.version != version:
        raise InputRefused([_no_version(Path(path), version, [programme.version])])
    return programme


def load_part(path: Path, kind: type[_Kind]) -> _Kind:
    """One YAML file as a part of any kind, such as a price book. Raises InputRefused with every fault and its line."""
    tree, problems = read_yaml(path, str(path))
    if tree is None or problems:
        raise InputRefused(problems)
    try:
        return kind.model_validate(tree.data())
    except ValidationError as error:
        raise InputRefused(complaints(error, tree, kind)) from None


def check(path: Path) -> list[Problem]:
    """Every error and warning of the definition in ``path``; with several versions the newest in full, that it
    keeps the editions published ones have, and of the others that a published one is unchanged. Never raises for
    a bad definition, writes nothing."""
    return list(examine(path).problems)


def examine(path: Path) -> Reading:
    """What ``check`` finds, with the programme it found it in: None where the schema does not accept it."""
    path = Path(path)
    try:
        folder = version_folder(path, None)
    except InputRefused as refused:
        return Reading(path, None, refused.problems)
    reading = read(folder)
    problems = [*reading.problems, *unkept_problems(reading)]
    for other in _versions(path).values():
        if other != folder and (other / MARK).exists():
            problems += read(other).errors
    return Reading(folder, reading.programme, tuple(problems))


def version_folder(path: Path, version: int | None) -> Path:
    """The folder that holds the wanted version's files; raises InputRefused when there is none."""
    if not path.exists():
        near = path.parent
        raise InputRefused(
            [Problem("the folder does not exist", f"Give the folder of a definition, in {near}.", str(path))]
        )
    if not path.is_dir():
        raise InputRefused(
            [
                Problem(
                    "this is a file, not a folder",
                    "Give the folder that the definition's files stand in.",
                    str(path),
                )
            ]
        )
    versions = _versions(path)
    if any(path.glob("*.yaml")):
        return path
    if not versions:
        what = "the folder holds no *.yaml file"
        remedy = "Put programme.yaml there, or give the folder that holds v1, v2 and so on."
        if any(path.glob("*.yml")):
            remedy = "Name the files *.yaml, not *.yml."
        raise InputRefused([Problem(what, remedy, str(path))])
    if version is None:
        return versions[max(versions)]
    if version not in versions:
        raise InputRefused([_no_version(path, version, sorted(versions))])
    return versions[version]


def _no_version(path: Path, version: int, there: list[int]) -> Problem:
    known = ", ".join(str(number) for number in there)
    return Problem(f"there is no version {version}", f"There is: {known}.", str(path))


def _versions(path: Path) -> dict[int, Path]:
    found = {int(match.group(1)): child for child in path.iterdir() if (match := _VERSION.match(child.name))}
    return {number: child for number, child in found.items() if child.is_dir()}


def published_before(reading: Reading) -> dict[Path, Programme]:
    """The published versions beside the one read that came before it, by their folders, unchecked.

    One that no longer fits the schema is left out; ``read`` says what is wrong with it."""
    folder, programme = reading.folder.resolve(), reading.programme
    if programme is None or _VERSION.match(folder.name) is None:
        return {}
    found: dict[Path, Programme] = {}
    for number, other in sorted(_versions(folder.parent).items()):
        if number < programme.version and (other / MARK).exists():
            before = _parsed(other)[1]
            if before is not None:
                found[other] = before
    return found


def unkept_problems(reading: Reading) -> list[Problem]:
    """Where a version changes editions that answers were given to under published ones before it.

    Beside ``read``, and not part of it: other folders are read for it, which loading need not."""
    before = published_before(reading)
    broken = list(broken_editions(list(before.values()), reading.programme)) if reading.programme else []
    tree = _united(reading.folder)[0] if broken else None
    if tree is None:
        return []
    findings = [
        Finding(one.path, one.what, one.remedy, "error" if one.is_error else "warning", at_key=True)
        for one in broken
    ]
    return [_placed(finding, tree) for finding in findings]


def _parsed(folder: Path) -> tuple[Tree | None, Programme | None, list[Problem]]:
    """A folder's tree, and the programme where the schema accepts it; else what is wrong."""
    tree, problems = _united(folder)
    if tree is None or problems:
        return tree, None, problems
    try:
        return tree, Programme.model_validate(tree.data()), []
    except ValidationError as error:
        return tree, None, complaints(error, tree, Programme)


def read(folder: Path) -> Reading:
    """Reads and checks the YAML files of one folder."""
    tree, programme, problems = _parsed(folder)
    if tree is None or programme is None:
        return Reading(folder, None, tuple(problems))
    named = _VERSION.match(folder.resolve().name)
    if named and int(named.group(1)) != programme.version:
        _, place = locate(tree, ("version",))
        what = f"the folder is {folder.resolve().name}, and the definition says version {programme.version}"
        problems.append(_at(place, what, f"Write version: {named.group(1)}, or rename the folder."))
    for run in CHECKS.values():
        problems += [_placed(finding, tree) for finding in run(programme)]
    problems += published_problems(folder, programme)
    order = sorted(problems, key=lambda p: (p.severity != "error", p.file, p.line or 0, p.column or 0))
    return Reading(folder, programme, tuple(order))


def _placed(finding: Finding, tree: Tree) -> Problem:
    node, place = locate(tree, finding.path, key=finding.at_key)
    if finding.offset is not None and isinstance(node.value, str):
        place = node.at_offset(finding.offset)
    return Problem(
        finding.what, finding.remedy, place.file, place.line, place.column, severity=finding.severity
    )


def placed(reading: Reading, findings: Iterable[Finding]) -> list[Problem]:
    """Findings about a definition that has been read, each with the file, line and column it is about, in order."""
    tree = _united(reading.folder)[0]
    if tree is None:
        return []
    problems = [_placed(finding, tree) for finding in findings]
    return sorted(problems, key=lambda one: (one.file, one.line or 0, one.column or 0))


def _at(place: Place, what: str, remedy: str) -> Problem:
    return Problem(what, remedy, place.file, place.line, place.column)


def _templates(folder: Path, whole: Tree) -> list[Problem]:
    """Puts the texts of reports, ``NAME.da.md`` and ``NAME.en.md``, into the tree as ``templates``."""
    files = {
        match.groups(): file for file in sorted(folder.glob("*.md")) if (match := _TEMPLATE.match(file.name))
    }
    if "templates" in whole.keys:
        place = whole.keys["templates"]
        return [
            _at(
                place,
                "texts of reports stand in files of their own",
                "Write them in NAME.da.md and NAME.en.md.",
            )
        ]
    problems: list[Problem] = []
    held = Tree({}, Place(str(folder), 1, None))
    for name in dict.fromkeys(name for name, _ in files):
        both = Tree({}, Place(str(files.get((name, "da")) or files[name, "en"]), 1, None))
        for lang in LANGUAGES:
            file = files.get((name, lang))
            if file is None:
                what = f"the template '{name}' has no text in {'Danish' if lang == 'da' else 'English'}"
                problems.append(Problem(what, f"Add {name}.{lang}.md beside it.", both.place.file))
                continue
            try:
                text = file.read_text("utf-8-sig")
            except UnicodeDecodeError:
                problems.append(
                    Problem("the file is not written in UTF-8", "Save it as UTF-8 text.", str(file))
                )
                continue
            # a text after '|' begins on the line below its key
            place = Place(str(file), 0, None)
            both.children[lang], both.keys[lang] = (
                Tree(text, place, kept_lines=True, flush=True),
                Place(str(file), 1, None),
            )
        held.children[name], held.keys[name] = both, both.place
    if held.children:
        whole.children["templates"], whole.keys["templates"] = held, held.place
    return problems


def _united(folder: Path) -> tuple[Tree | None, list[Problem]]:
    """All files of a folder as one tree; a top-level key in two files is an error."""
    files = sorted(folder.glob("*.yaml"), key=lambda file: (file.name != "programme.yaml", file.name))
    if not files:
        what, remedy = "the folder holds no *.yaml file", "Put programme.yaml there."
        return None, [Problem(what, remedy, str(folder))]
    whole = Tree({}, Place(str(files[0]), 1, 1))
    problems: list[Problem] = []
    for file in files:
        tree, found = read_yaml(file, str(file))
        problems += found
        if tree is None:
            continue
        if not isinstance(tree.value, dict):
            what = "the file does not hold keys with values"
            problems.append(_at(tree.place, what, "Begin with keys of a definition, such as 'services:'."))
            continue
        for key, child in tree.children.items():
            if key in whole.keys:
                first = whole.keys[key]
                what = f"the key '{key}' also stands in {Path(first.file).name}, line {first.line}"
                problems.append(_at(tree.keys[key], what, "Gather it in one file."))
                continue
            whole.keys[key] = tree.keys[key]
            whole.children[key] = child
    problems += _templates(folder, whole)
    if not problems and not whole.children:
        what, remedy = "the definition is empty", "Begin with 'programme:', 'version:' and 'title:'."
        problems.append(Problem(what, remedy, str(files[0]), 1, 1))
    return whole, problems
