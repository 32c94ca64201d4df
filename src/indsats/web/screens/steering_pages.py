"""What each steering page shows: the blocks the programme's own reports use, else what follows from its definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from indsats.programme import (
    BarometerBlock,
    ChangeBlock,
    ClassesBlock,
    CourseBlock,
    DeviationsBlock,
    IndicatorsBlock,
    PhasesBlock,
    ProfileBlock,
    Programme,
    Report,
    RequirementsBlock,
    ResponseBlock,
    ScoresBlock,
    Section,
    TargetsBlock,
    Text,
    TransitionsBlock,
    TrendBlock,
)

from ..words import words

PAGES = ("barometer", "targets", "progression", "flow")
"""The steering pages made of figures, in the order of the navigation."""

PARTS = "steering.parts"
"""The section of the barometer's parts, phase by phase or element by element: tables of places, without drawings."""

_MEASURED = (ClassesBlock, TransitionsBlock, ScoresBlock, ProfileBlock, ChangeBlock, ResponseBlock)

B = TypeVar("B")


def page_of(of: Programme, page: str) -> Report | None:
    """A page as a report about the whole programme; None where the definition has nothing to show on it."""
    sections = [
        Section(title=_title(of, key), blocks=blocks) for key, blocks in _SECTIONS[page](of).items() if blocks
    ]
    if not sections:
        return None
    return Report(
        title=_text(f"steering.{page}.title"),
        sections=sections,
        source=["decision"],
        note=_text("steering.composed"),
    )


def at_site(of: Programme, page: str, site: str, unit: str | None) -> Report | None:
    """What a page tells of one site beside the whole it is part of; None where there is nothing."""
    if page == "barometer" and of.requirements:
        blocks: list[Any] = [RequirementsBlock(block="requirements", title=_text("steering.each"), site=site)]
    elif page == "targets":
        blocks = list(_site_targets(of, site, unit))
    else:
        return None
    if not blocks:
        return None
    return Report(
        title=_text("steering.site"),
        sections=[Section(title=_text("steering.site"), blocks=blocks)],
        source=["decision"],
        note=_text("steering.composed"),
    )


def aimed(of: Programme) -> list[str]:
    """The indicators a target is set for, in the order of the definition's targets."""
    return list(dict.fromkeys(one.indicator for one in of.targets))


def _barometer(of: Programme) -> dict[str, list[Any]]:
    if not of.requirements:
        return {"steering.phases": list(_phases(of))}
    own: dict[tuple[Any, ...], BarometerBlock] = {}
    for one in _used(of, BarometerBlock) or [
        BarometerBlock(block="barometer", title=_text("steering.barometer.title"))
    ]:
        key = (one.phase, one.element, one.of, one.by)
        if key not in own or (one.trend and not own[key].trend):
            own[key] = one
    whole = [one for one in own.values() if one.phase is None and one.element is None]
    parts = [one.model_copy(update={"trend": False}) for one in own.values() if one not in whole]
    each = RequirementsBlock(block="requirements", title=_text("steering.each"))
    return {
        "steering.places": whole,
        PARTS: parts,
        "steering.each": [each],
        "steering.phases": list(_phases(of)),
    }


def _phases(of: Programme) -> Iterator[PhasesBlock]:
    if of.phases:
        yield next(iter(_used(of, PhasesBlock)), PhasesBlock(block="phases", title=_text("steering.phases")))


def _targets(of: Programme) -> dict[str, list[Any]]:
    places: dict[tuple[str | None, str | None], list[str]] = {}
    titles: dict[tuple[str | None, str | None], Text] = {}
    for block in _used(of, TargetsBlock):
        at = (block.unit, block.site)
        titles.setdefault(at, block.title)
        places.setdefault(at, []).extend(block.indicators)
    for one in of.targets:
        if one.site is None:
            places.setdefault((one.unit, None), []).append(one.indicator)
    made: list[Any] = []
    missed: list[Any] = []
    for (unit, site), named in places.items():
        title = titles.get((unit, site)) or (of.units[unit].title if unit else _text("steering.all"))
        names = list(dict.fromkeys(named))
        made.append(TargetsBlock(block="targets", title=title, unit=unit, site=site, indicators=names))
        rule = {one.indicator for one in of.targets if (one.unit, one.site) == (unit, site)}
        if asked := [name for name in names if name in rule]:
            missed.append(
                DeviationsBlock(block="deviations", title=title, unit=unit, site=site, indicators=asked)
            )
    return {
        "steering.targets": made,
        "steering.deviations": missed,
        "steering.indicators": list(_indicators(of)),
    }


def _indicators(of: Programme) -> Iterator[IndicatorsBlock]:
    """Those of the report with targets that is made most often; without one, what targets are set for, by site."""
    steering = [
        report
        for report in of.reports.values()
        if report.about == "programme"
        and any(isinstance(one, TargetsBlock) for _, one in report.placed_blocks())
    ]
    if steering:
        often = min(steering, key=lambda report: report.months)
        blocks = [one for _, one in often.placed_blocks() if isinstance(one, IndicatorsBlock)]
        yield from _once(one for one in blocks if one.site is None)
    elif names := aimed(of) or list(of.indicators)[:8]:
        yield IndicatorsBlock(
            block="indicators", title=_text("steering.indicators"), indicators=names, by="site"
        )


def _progression(of: Programme) -> dict[str, list[Any]]:
    used = [one for kind in _MEASURED for one in _used(of, kind)]
    if not used:
        used = [
            ScoresBlock(block="scores", title=one.title, questionnaire=name)
            for name, one in of.questionnaires.items()
            if one.about == "person" and one.scores
        ]
    title = {name: one.title for name, one in of.questionnaires.items()}
    found: dict[str, list[Any]] = {}
    for block in used:
        names = [block.questionnaire] if not isinstance(block, ResponseBlock) else []
        key = names[0] if names and names[0] in title else "steering.response"
        found.setdefault(key, []).append(block)
    return found


def _flow(of: Programme) -> dict[str, list[Any]]:
    own = _used(of, CourseBlock) or [CourseBlock(block="course", title=_text("steering.flow.title"))]
    return {"steering.course": own[:1], "steering.trend": _used(of, TrendBlock)}


_SECTIONS = {"barometer": _barometer, "targets": _targets, "progression": _progression, "flow": _flow}


def _site_targets(of: Programme, site: str, unit: str | None) -> Iterator[Any]:
    own = [one.indicator for one in of.targets if one.site == site]
    if own:
        names = list(dict.fromkeys(own))
        title = _text("steering.targets")
        yield TargetsBlock(block="targets", title=title, site=site, indicators=names)
        yield DeviationsBlock(
            block="deviations", title=_text("steering.deviations"), site=site, indicators=names
        )
    beside = [one.indicator for one in of.targets if one.unit in (unit, None) and one.site is None]
    if beside:
        yield IndicatorsBlock(
            block="indicators",
            title=_text("steering.beside"),
            indicators=list(dict.fromkeys(beside)),
            by="site",
            site=site,
        )


def _used(of: Programme, kind: type[B]) -> list[B]:
    """The blocks of a kind in the programme's reports about all of it, each once, however often it is told."""
    return list(
        _once(
            block
            for report in of.reports.values()
            if report.about == "programme"
            for _, block in report.placed_blocks()
            if isinstance(block, kind) and getattr(block, "site", None) is None
        )
    )


def _once(blocks: Iterable[B]) -> Iterator[B]:
    seen: set[str] = set()
    for block in blocks:
        told = block.model_dump_json(exclude={"title"})  # type: ignore[attr-defined]
        if told not in seen:
            seen.add(told)
            yield block


def _title(of: Programme, key: str) -> Text:
    """A questionnaire's own title, or words of the screens."""
    asked = of.questionnaires.get(key)
    return asked.title if asked is not None else _text(key)


def _text(key: str) -> Text:
    return words()[key]
