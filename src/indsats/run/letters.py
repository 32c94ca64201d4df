"""A letter to each site about its own results: composed from one reading of the data, and protected together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from indsats.problem import InputRefused, Problem
from indsats.programme import Period, Programme
from indsats.progress import Progress
from indsats.record import Facts
from indsats.report import Document, Order, make_all, put, read_writings

from .compose import compose, report_of
from .fill import with_facts
from .material import Material
from .progression import slug
from .reading import gather
from .running import Ran, leaving, told
from .steering import places_of


def letter_sites(facts: Facts) -> tuple[str, ...]:
    """The sites that a letter is written to: those of the effort's units, in the order of the record."""
    return tuple(site for site, _ in places_of(facts, "site", effort=True))


def letters(
    material: Material, report_id: str, sites: Sequence[str], progress: Progress | None = None
) -> tuple[Document, ...]:
    """One document for each site, not yet protected: use ``protect_all``, for sites compare their letters.

    What is counted is counted once for all sites. Raises ``InputRefused`` for a report that is not about a site.
    """
    made: list[Document] = []
    for site in sites:
        made.append(compose(replace(material, about=site), report_id))
        if progress is not None:
            progress(len(made), len(sites), "composing the letters")
    return tuple(made)


def run_letters(
    programme: Programme,
    *,
    data: Path,
    out: Path,
    report: str | None = None,
    sites: Collection[str] = (),
    order: Order | None = None,
    known: datetime | None = None,
    period: Period | None = None,
    release: str | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Ran]:
    """Write a letter to each site into a folder of its own under ``out``, named after the site; what came of each.

    ``sites`` chooses which are written; all when left out. Whichever they are, they are protected beside those of all
    the other sites, so that letters written on different days fit together, and ``release`` notes all of them as
    having left. ``report`` is the definition's first one about a site when left out. The rest is as in
    ``run_programme``. Raises ``InputRefused`` when the data do not hold, for a site that gets no letter and for a
    report that is not about a site; nothing is written then.
    """
    chosen = report_about(programme, report, "site")
    with leaving(data, release) as left:
        material = gather(programme, data=data, known=known, period=period, report=chosen, progress=progress)
        facts, _ = with_facts(material)
        every = letter_sites(facts)
        folders = _folders(every, out)
        wanted = _known(sites, every)
        documents = dict(zip(every, letters(material, chosen, every, progress), strict=True))
        made = dict(
            make_all(
                documents,
                order or Order(both=True),
                writings={site: read_writings(folders[site]) for site in wanted},
                earlier=left.earlier,
                only=wanted,
                progress=progress,
            )
        )
        left.note(next(iter(made.values())).protection)
        return {site: told(one, put(one, folders[site])) for site, one in made.items()}


def report_about(programme: Programme, asked: str | None, about: str) -> str:
    """The report asked for, or the first that is about a site, or a person.

    Raises ``InputRefused`` where there is none, or it is about something else, naming those there are.
    """
    fitting = [name for name, one in programme.reports.items() if one.about == about]
    if asked is None and fitting:
        return fitting[0]
    name = None if asked is None else report_of(programme, asked)
    if name in fitting:
        return str(name)
    what = (
        f"'{programme.programme}' has no report about one {about}"
        if name is None
        else f"the report '{name}' is not about one {about}"
    )
    remedy = (
        f"Ask for one of: {', '.join(fitting)}"
        if fitting
        else f"Write one with 'about: {about}' under 'reports' of the definition"
    )
    raise InputRefused([Problem(what, remedy, file="--report")])


def _known(asked: Collection[str], every: Sequence[str]) -> tuple[str, ...]:
    """The sites asked for, or all. Raises ``InputRefused`` naming those there are."""
    if unknown := [site for site in asked if site not in every]:
        what = f"no letter is written to {', '.join(unknown)}"
        raise InputRefused([Problem(what, f"Name some of: {', '.join(every)}", file="--site")])
    if not every:
        what = "no site of the data belongs to a unit that runs the programme"
        raise InputRefused([Problem(what, "Say in sites.parquet or sites.csv which unit each site is of")])
    return tuple(site for site in every if not asked or site in asked)


def _folders(sites: Sequence[str], out: Path) -> dict[str, Path]:
    """A folder for each site. Raises ``InputRefused`` where two would share one, or a name is no name of a folder."""
    found: dict[str, Path] = {}
    for site in sites:
        name = slug(site)
        if not name.strip(".") or Path(name).name != name or out / name in found.values():
            what = f"the site '{site}' cannot have a folder of its own"
            raise InputRefused([Problem(what, "Give it another id in sites and facts")])
        found[site] = out / name
    return found
