"""What of a steering page a reader may see the truth of, and which numbers lead to the people behind them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from indsats.programme import Period, Programme

from ..models import Case, Site
from ..rights import Reader, rights
from ..words import say
from .assignment_choice import lang_now

_OPENED = re.compile(
    r"(?:indicator/(?P<indicator>[^/]+)"
    r"|fulfilment/(?P<of>participants|requirements)/(?P<by>answered|measured)/(?P<which>[^/]+)"
    r"|barometer/(?P<state>not-answered|not-due)/(?P<of_which>[^/]+))"
    r"/(?P<scope>[^/]+)/(?P<first>\d{4}-\d\d-\d\d)\.\.(?P<last>\d{4}-\d\d-\d\d)"
)
"""The figures that can be followed to the people behind them, by their ids."""


_STATES = {
    "met": "met",
    "near": "near",
    "not_met": "missed",
    "too_few": "few",
    "not_measurable": "unmeasured",
}
"""How the look calls the lights of a report."""


_FOLD_ABOVE = 6
"""Tables behind a drawing, and reasons, are folded away with more rows than this: what stands before says it at a
glance."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a reader may see of a programme's figures.

    ``own``: the sites of their memberships. ``true``: the sites whose numbers they may see as they are; None: all of
    them. ``people``: whether any number leads to people.
    """

    programme: str
    own: frozenset[str]
    true: frozenset[str] | None
    people: bool

    def sees(self, site: str | None) -> bool:
        """Whether the reader may see the numbers of a site (None: of places together) as they are."""
        return self.true is None or (site is not None and site in self.true)


def programmes_steered(reader: Reader) -> list[str]:
    """The programmes whose figures a reader may see."""
    return sorted({one.programme for one, _ in rights(reader, "steer", "figures")})


def reach(reader: Reader, programme: str) -> Reach:
    """What the reader may see of a programme: true numbers where they may see every case, shielded ones too.

    At a site with somebody they may not know of, even a count would tell.
    """
    own = frozenset(
        one.site for one in reader.memberships if one.programme == programme and one.site is not None
    )
    seen = _sites(reader, "see", programme)
    known = _sites(reader, "protected", programme)
    if seen is not None and not seen:
        return Reach(programme, own, frozenset(), people=False)
    hiding = set(
        Case.objects.filter(programme=programme, person__protected=True)
        .values_list("site", flat=True)
        .distinct()
    )
    unknown = set() if known is None else hiding - known
    if unknown:
        every = seen if seen is not None else set(_keys(programme))
        return Reach(programme, own, frozenset(site for site in every if site not in unknown), people=True)
    return Reach(programme, own, None if seen is None else frozenset(seen), people=True)


def follows(reader: Reader, programme: str) -> bool:
    """Whether the reader may follow figures of a programme to people at all."""
    seen = _sites(reader, "see", programme)
    return seen is None or bool(seen)


def _keys(programme: str) -> Iterable[str]:
    return Site.objects.filter(programme=programme).values_list("key", flat=True)


def _sites(reader: Reader, action: Any, programme: str) -> set[str] | None:
    """The sites where the reader has a right over every case; None: at all of them."""
    found: set[str] = set()
    for one, right in rights(reader, action, "case"):
        if one.programme != programme or right.scope not in ("site", "programme"):
            continue
        if one.site is None or right.scope == "programme":
            return None
        found.add(one.site)
    return found


@dataclass(frozen=True, slots=True)
class Followed:
    """A figure that is followed to the people behind it: an indicator, or requirements; of a unit, a site or all."""

    id: str
    scope: str
    period: Period
    indicator: str | None = None
    which: Mapping[str, str] | None = None
    of: str = "requirements"
    by: str = "answered"
    state: str | None = None

    @property
    def site(self) -> str | None:
        """The site it is of, if it is of one."""
        return self.scope.removeprefix("site.") if self.scope.startswith("site.") else None

    @property
    def unit(self) -> str | None:
        """The unit it is of, if it is of one."""
        return None if self.scope in ("all", "effort") or self.site is not None else self.scope

    def at(self, site: str) -> str:
        """The id of the same figure at a site."""
        # The scope stands before the period; what is counted may be called "all" too.
        stem, _, period = self.id.rpartition("/")
        return f"{stem.rpartition('/')[0]}/site.{site}/{period}"


def followed(figure: str, of: Programme) -> Followed | None:
    """What a figure's id says it counts; None for one that is not followed to people."""
    found = _OPENED.fullmatch(figure)
    if found is None:
        return None
    told = found.groupdict()
    try:
        period = Period(first=date.fromisoformat(told["first"]), last=date.fromisoformat(told["last"]))
    except ValueError:  # digits that are no days, or an end before the beginning
        return None
    scope = told["scope"]
    if not (scope in ("all", "effort") or scope in of.units or scope.startswith("site.")):
        return None
    if told["indicator"] is not None:
        return (
            Followed(figure, scope, period, told["indicator"]) if told["indicator"] in of.indicators else None
        )
    which = _which(told["which"] or told["of_which"], of)
    if which is None:
        return None
    state = told["state"].replace("-", "_") if told["state"] else None
    return Followed(
        figure,
        scope,
        period,
        which=which,
        of=told["of"] or "requirements",
        by=told["by"] or "answered",
        state=state,
    )


def _which(label: str, of: Programme) -> dict[str, str] | None:
    known: Mapping[str, Mapping[str, Any]] = {
        "phase": of.phases,
        "element": of.elements,
        "requirement": of.requirements,
    }
    found: dict[str, str] = {}
    for part in label.split("+") if label != "all" else []:
        what, _, name = part.partition(".")
        if name not in known.get(what, {}):
            return None
        found[what] = name
    return found


def shown(
    sections: list[dict[str, Any]],
    true: list[dict[str, Any]] | None,
    of: Programme,
    page: str,
    reach: Reach,
    *,
    marked: bool = True,
) -> list[dict[str, Any]]:
    """The sections of a page as the reader may see them: true numbers of their own sites in place of hidden ones, their
    own rows marked (unless all are: then ``marked`` is false), and links from numbers to people."""
    found = copy.deepcopy(sections)
    truth = {block["id"]: block for section in true or () for block in section["blocks"]}
    for section in found:
        drawn = {block["table_id"] for block in section["blocks"] if block["is"] == "chart" and block["svg"]}
        for block in section["blocks"]:
            if block["is"] != "table":
                continue
            long = block["id"] in drawn or block["id"].endswith("-reasons")
            if long and len(block["rows"]) > _FOLD_ABOVE:
                block["folded"] = say(
                    "steering.rows",
                    lang_now(),
                    title=f"{block['number']} {block['title']}",
                    n=len(block["rows"]),
                )
            rows = truth.get(block["id"], block)["rows"]
            for row, told in zip(block["rows"], rows, strict=True):
                _row(row, told, of, page, reach)
                row["own"] = row["own"] and marked
    return found


def _row(row: dict[str, Any], told: dict[str, Any], of: Programme, page: str, reach: Reach) -> None:
    told_of = {_site(cell["figure"]) for cell in row["cells"] if cell["figure"]}
    # A site's row may have the level of others beside its own.
    sites = told_of - {None}
    whole = sites.pop() if len(sites) == 1 else None
    row["own"] = whole is not None and whole in reach.own
    for number, (cell, truth) in enumerate(zip(row["cells"], told["cells"], strict=True)):
        site = _site(cell["figure"]) if cell["figure"] else whole
        if reach.sees(site):
            cell.update(truth)
        cell["state"] = _STATES.get(cell["light"]["kind"], "few") if cell["light"] else ""
        cell["href"] = "" if number == 0 or not reach.people else _href(cell, site, of, page, reach)


def _href(cell: dict[str, Any], site: str | None, of: Programme, page: str, reach: Reach) -> str:
    if cell["hidden"] or not cell["figure"] or cell["text"] in ("", "–"):
        return ""
    if site is not None and not reach.sees(site):
        return ""
    if followed(cell["figure"], of) is None:
        return ""
    return reverse("figure", args=[page, of.programme, cell["figure"]])


def _site(figure: str) -> str | None:
    found = re.search(r"/site\.([^/]+)/", figure)
    return found[1] if found else None
