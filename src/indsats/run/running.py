"""From a definition and its data to the files of a report, and the note of what left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indsats.problem import InputRefused, Problem
from indsats.programme import Period, Programme
from indsats.progress import Progress
from indsats.report import (
    RESULTS,
    Hidden,
    Made,
    Order,
    Outdated,
    Protection,
    Release,
    add_release,
    kept,
    make,
    put,
    read_releases,
    read_writings,
    releasing,
)
from indsats.steer import Frozen

from .compose import compose, report_of
from .plans import note_outcomes_read
from .reading import gather

RELEASES = "releases"
"""The folder in a data folder that holds what left before, with the true numbers behind it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A report that was written: its files, and what there is to say of it to those who made it.

    ``shown`` and ``figures`` count the figures that are shown and all of them; ``hidden`` says what is hidden and why
    (it tells which numbers are small, and stays in the house); ``outdated`` are a writer's passages to look at again.
    """

    paths: tuple[Path, ...]
    shown: int
    figures: int
    hidden: tuple[Hidden, ...]
    outdated: tuple[Outdated, ...]


def run_programme(
    programme: Programme,
    *,
    data: Path | None,
    out: Path,
    order: Order | None = None,
    known: datetime | None = None,
    period: Period | None = None,
    report: str | None = None,
    about: str | None = None,
    last: Frozen | None = None,
    prices: Path | None = None,
    release: str | None = None,
    progress: Progress | None = None,
) -> Ran:
    """Read facts and registers under ``data``, compose the report and write it under ``out``.

    ``report`` chooses among the definition's reports, the first when left out; ``about`` is the site or the person of a
    report about one. ``order`` says in which languages and formats; left out, pages in Danish and English. ``last`` is
    the report before (``read_frozen``), which changes are told from; made again from the record when left out.
    ``prices`` is a file with the user's own prices; ``prices.csv`` or ``prices.xlsx`` in ``data`` when left out.

    What is written is protected against every release in ``data``; with ``release`` it is noted there as one, by that
    name. What writers changed in text files in ``out`` is kept. That outcomes of an evaluation were read is noted in
    the journal of plans of ``data`` the first time. ``known`` shows the world as it was recorded at that time.
    ``period`` is the period reported on, the last whole one in the data when left out. Raises ``InputRefused`` when the
    data do not hold; nothing is written then.
    """
    chosen = report_of(programme, report)
    with leaving(data, release) as left:
        material = gather(
            programme,
            data=data,
            known=known,
            period=period,
            report=chosen,
            last=last,
            prices=prices,
            about=about,
            progress=progress,
        )
        if data is not None and material.register is not None:
            note_outcomes_read(programme, material.plans, data, datetime.now(UTC))
        document = compose(material, chosen, progress)
        if document.personal and (out / RESULTS).exists():
            what, remedy = "the folder holds a report about others", "Give --out a folder of its own"
            raise InputRefused([Problem(what, remedy, str(out))])
        writings = {} if document.personal else read_writings(out)
        order = order or Order(both=True)
        made = make(document, order, writings=writings, earlier=left.earlier, progress=progress)
        left.note(made.protection)
        return told(made, put(made, out))


@dataclass(frozen=True, slots=True)
class Left:
    """What left before, which a report is protected against, and the name it is to be noted by itself."""

    earlier: tuple[Release, ...]
    folder: Path | None
    name: str | None

    def note(self, protection: Protection) -> None:
        """Note what leaves now, where it is to be noted: before its files are put in place, so that no report is out
        that nobody knows of."""
        if self.name is not None and self.folder is not None:
            add_release(self.folder, protection.release(self.name, datetime.now(UTC)))


@contextmanager
def leaving(data: Path | None, name: str | None) -> Iterator[Left]:
    """The releases in a data folder, held while another is made: two at once would not be protected against each other.

    Raises ``InputRefused`` for a ``name`` that a release cannot have, for packaged data, and while another is made.
    """
    folder = None if data is None else data / RELEASES
    if name is not None:
        _refuse_unfit(name, folder)
    with nullcontext() if name is None or folder is None else releasing(folder):
        earlier = () if folder is None else read_releases(folder)
        if any(one.name == name for one in earlier):
            what, remedy = f"there is already a release '{name}'", "Give this one another name"
            raise InputRefused([Problem(what, remedy, file="--release")])
        yield Left(earlier, folder, name)


def told(made: Made, paths: tuple[Path, ...]) -> Ran:
    """What there is to say of a report that was made."""
    shown, figures = kept(made.document)
    return Ran(paths, shown, figures, made.protection.log, made.outdated)


def _refuse_unfit(name: str, folder: Path | None) -> None:
    """Raises ``InputRefused`` for a name that a release cannot have, and for packaged data."""
    if folder is None:
        problem = Problem(
            "packaged data are public: nothing is released from them", "Leave --release out", file="--release"
        )
        raise InputRefused([problem])
    try:
        Release(name, datetime.now(UTC), "", ())
    except ValueError as unfit:
        raise InputRefused(
            [Problem(str(unfit), "Name it such as biu-2016-11-28", file="--release")]
        ) from unfit
