"""Makes a report again from what its files say it was made from, and holds the two against each other byte by byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from indsats import __version__
from indsats.problem import InputRefused, Problem
from indsats.programme import Period, Programme, content_hash
from indsats.progress import Progress
from indsats.report import RESULTS, Made, Order, make_all, read_releases, read_writings
from indsats.steer import Frozen

from .compose import compose
from .fill import with_facts
from .letters import letter_sites, letters
from .reading import gather
from .running import RELEASES


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of making a report again: files that are the same, that differ, and that could not be made.

    ``changed`` names what the report was made from that is no longer the same: the definition, the code, inputs.
    """

    same: tuple[str, ...]
    differ: tuple[str, ...]
    missing: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every file was made again to the byte."""
        return not self.differ and not self.missing


def verify(
    folder: Path,
    of_version: Callable[[int], Programme],
    *,
    data: Path | None,
    last: Frozen | None = None,
    prices: Path | None = None,
    word_template: Path | None = None,
    progress: Progress | None = None,
) -> Verified:
    """Make the report in ``folder`` again and compare every file of it.

    ``of_version`` loads the definition by the number of its version; facts are taken as they were known when the
    report was made, and only the releases that it was protected against. Sites, registers and persons have no versions:
    they are as they are now, and named when that is not what they were. Raises ``InputRefused`` for a folder without
    a report, and where the Word template or a release it takes is not given.
    """
    told = told_by(folder)
    programme = of_version(told["version"])
    if programme.programme != told["programme"]:
        what = f"the report is about '{told['programme']}' and not '{programme.programme}'"
        raise InputRefused([Problem(what, "Name the programme of the report", str(folder / RESULTS))])
    made, inputs = _again(folder, told, programme, data, last, prices, word_template, progress)
    there = {name: folder / name for name in made.contents}
    missing = tuple(name for name, file in there.items() if not file.is_file())
    present = {name: file for name, file in there.items() if name not in missing}
    differ = tuple(name for name, file in present.items() if file.read_bytes() != made.contents[name])
    changed = [] if told["definition"] == content_hash(programme) else ["definition"]
    changed += [] if told["code"] == __version__ else [f"code ({told['code']} → {__version__})"]
    before: Mapping[str, str] = told["inputs"]
    changed += [name for name in sorted({*before, *inputs}) if before.get(name) != inputs.get(name)]
    same = tuple(name for name in present if name not in differ)
    return Verified(same, differ, missing, tuple(changed))


def told_by(folder: Path) -> dict[str, Any]:
    """What the report in a folder says of itself. Raises ``InputRefused`` for a folder without a report."""
    file = folder / RESULTS if folder.is_dir() else folder
    try:
        told = json.loads(file.read_text("utf-8"))
        for name in ("programme", "version", "report", "how", "inputs", "code", "definition"):
            told[name]
        return told
    except (OSError, ValueError, KeyError, TypeError) as failed:
        remedy = f"Give the folder that 'indsats run' wrote the report to, with its {RESULTS}"
        what = "that is no report this edition can make again"
        raise InputRefused([Problem(what, remedy, str(file))]) from failed


def _again(
    folder: Path,
    told: Mapping[str, Any],
    programme: Programme,
    data: Path | None,
    last: Frozen | None,
    prices: Path | None,
    word_template: Path | None,
    progress: Progress | None,
) -> tuple[Made, Mapping[str, str]]:
    how = told["how"]
    known, until = (
        None if told[name] is None else datetime.fromisoformat(told[name])
        for name in ("known", "recorded_until")
    )
    material = gather(
        programme,
        data=data,
        known=known,
        recorded_until=until,
        period=None if told["period"] is None else Period.model_validate(told["period"]),
        report=told["report"],
        last=last,
        prices=prices,
        about=told["about"] or None,
        progress=progress,
    )
    order = Order(how["lang"], how["both"], tuple(how["formats"]), word_template)
    if how["word_template"] is not None and word_template is None:
        what = "the Word file was written in a template of your own"
        raise InputRefused([Problem(what, "Give the template: --word-template FILE", str(folder / RESULTS))])
    left = read_releases(data / RELEASES) if data is not None else ()
    earlier = [one for one in left if one.name in how["releases"]]
    if lost := sorted({*how["releases"]} - {one.name for one in earlier}):
        what = f"the report was protected against a release that is not there: {', '.join(lost)}"
        raise InputRefused([Problem(what, "Restore it from a backup", str(data))])
    if told["report"] in programme.reports and programme.reports[told["report"]].about == "site":
        # A letter is protected beside those to all the other sites.
        facts, _ = with_facts(material)
        sites = letter_sites(facts)
        documents = {one.about: one for one in letters(material, told["report"], sites, progress)}
    else:
        documents = {told["about"]: compose(material, told["report"], progress)}
    about: str = told["about"]
    again = make_all(
        documents,
        order,
        writings={about: read_writings(folder)},
        earlier=earlier,
        only=[about],
        progress=progress,
    )
    return dict(again)[about], material.inputs
