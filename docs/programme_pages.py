"""Writes a page, its drawings and its coverage for every programme of the library, from its definition alone.

What a page says of the definition in words is what ``indsats check --explain`` prints; here it is given anchors,
ids, Danish names and sources, drawings, and the parts that only readers of documentation look for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import coverage
from drawings import phases_svg, theory_svg

from indsats import library, programme
from indsats.programme import Item, Programme, Text, Theory
from indsats.report import LEVELS, STRENGTHS

HERE = Path(__file__).parent / "programmes"
_POINT = re.compile(r"^- \*\*(?P<title>.+?)\*\*")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "Who it is for": ("groups",),
    "How people come in": ("legal_bases", "draws"),
    "What is offered": ("services",),
    "Core elements": ("elements",),
    "What recurs": ("cadences",),
    "Who does the work": ("roles", "caseloads", "organisations"),
    "Places": ("units",),
    "Questionnaires": ("questionnaires",),
    "What is counted": ("indicators",),
    "How the effect is examined": ("evaluations",),
}
"""Which parts of a definition a section of the explanation tells, each under its title in bold or as a heading."""


def main() -> None:
    """Write every page anew; what an earlier build left is removed."""
    HERE.mkdir(exist_ok=True)
    for left in HERE.iterdir():
        left.unlink()
    every = [programme.load(library.definition_path(name)) for name in library.programmes()]
    for one in every:
        for name, text in files(one).items():
            (HERE / name).write_text(text, encoding="utf-8")
    (HERE / "index.md").write_text(overview(every), encoding="utf-8")


def files(definition: Programme) -> dict[str, str]:
    """The files of one programme by name: its page, its drawings, and its coverage where a table is kept."""
    name = definition.programme
    made = {f"{name}.md": page(definition)}
    if definition.phases:
        made[f"{name}-phases.svg"] = phases_svg(definition)
    for key, theory in definition.theories.items():
        made[f"{name}-theory-{key}.svg"] = theory_svg(definition, theory)
    document = _digits(definition)
    if document is not None:
        made[f"{name}-coverage.md"] = coverage.page(document)
    return made


def _digits(definition: Programme) -> str | None:
    """The three digits of the programme's document, where its facts are gathered in a table."""
    digits = definition.document.split("_")[0]
    return digits if digits in coverage.documents() else None


def overview(every: Iterable[Programme]) -> str:
    """The page that lists the programmes and how much each definition holds."""
    lines = [
        "# Programmes",
        "",
        "Each programme of the library is a folder of YAML, and each page here is made from it when the documentation",
        "is built: the model in words, the flow of its phases, what is required, asked and counted, and why it should",
        "work. Texts are those of the definitions. `indsats check PROGRAMME --explain` prints the words in Danish.",
        "",
        "| programme | document | phases | requirements | questionnaires | items | indicators | theories |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in every:
        cited = one.documents[one.document]
        counts = (
            len(one.phases),
            len(one.requirements),
            len(one.questionnaires),
            sum(len(asked.items) for asked in one.questionnaires.values()),
            len(one.indicators),
            len(one.theories),
        )
        lines.append(
            f"| [{one.title.en}]({one.programme}.md) | {safe(cited.title.en)} ({cited.year}) | "
            + " | ".join(str(count) for count in counts)
            + " |"
        )
    return "\n".join([*lines, ""])


def page(definition: Programme) -> str:
    """One programme as Markdown."""
    opening, *sections = re.split(r"^## ", programme.explain(definition, "en"), flags=re.MULTILINE)
    parts = [_opening(definition, opening)]
    for section in sections:
        heading, _, body = section.partition("\n")
        told = _section(definition, heading, body)
        parts.append(_folded(heading, told) if heading.startswith("Decisions") else f"## {heading}\n\n{told}")
    parts.append("## Documents cited\n\n" + _documents(definition))
    if _digits(definition) is not None:
        parts.append(
            "## Coverage\n\nWhich fact of the document stands where in the definition, and which does not: "
            f"[the coverage of {safe(definition.title.en)}]({definition.programme}-coverage.md).\n"
        )
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _opening(definition: Programme, text: str) -> str:
    title, _, rest = text.partition("\n")
    about = f"`{definition.programme}` · Danish: *{safe(definition.title.da)}*"
    return f"{title}\n\n{about}\n\n{safe(rest.strip())}\n"


def _section(definition: Programme, heading: str, body: str) -> str:
    if heading == "Why it should work":
        return "\n".join(_theory(definition, name) for name in definition.theories)
    if heading.startswith("Phases"):
        return _flow(definition) + "\n".join(_phases(definition, body))
    parts = {
        f"{kind}.{name}": item
        for kind in _PARTS.get(heading, ())
        for name, item in getattr(definition, kind).items()
    }
    lead = ""
    if heading == "What is counted":
        lead = (
            "Of each share the denominator comes first. What is left out of a denominator, and is counted beside the\n"
            "figure, depends on the way of measuring: [the thirteen measures](../methods/indicators.md).\n\n"
        )
    return lead + "\n".join(_annotated(body, parts)) + "\n"


def _folded(heading: str, told: str) -> str:
    """A long list that says together what also stands in its places."""
    number = sum(line.startswith("- ") for line in told.splitlines())
    return (
        f"## {heading}\n\n<details markdown>\n<summary>{number} decisions</summary>\n\n{told}\n</details>\n"
    )


def _phases(definition: Programme, body: str) -> Iterator[str]:
    """The phases, each with its own requirements: a requirement's title may stand in several phases."""
    titles = {phase.title.en: name for name, phase in definition.phases.items()}
    for part in re.split(r"^(?=### )", body, flags=re.MULTILINE):
        heading = part.partition("\n")[0].removeprefix("### ")
        phase = titles.get(heading)
        own = {
            f"requirements.{name}": one
            for name, one in definition.requirements.items()
            if part.startswith("### ") and one.phase == phase
        }
        if phase is not None:
            own = {f"phases.{phase}": definition.phases[phase], **own}
        if phase is not None:
            part = re.sub(r"^(?=- \*\*)", "\nWhat is required:\n\n", part, count=1, flags=re.MULTILINE)
        yield from _annotated(part, own)


def _annotated(body: str, parts: Mapping[str, Item]) -> Iterator[str]:
    """The lines of a section with an anchor, the Danish name, the id and the sources of each part it tells.

    Raises ValueError when a part of the definition is not told at all: then the explanation has changed.
    """
    left = dict(parts)
    waiting: list[str] = []
    below: list[str] = []
    for line in body.splitlines():
        point, is_heading = _POINT.match(line), line.startswith("### ")
        title = point["title"] if point else line[4:] if is_heading else None
        if not line or is_heading or not line.startswith(" "):
            yield from waiting
            waiting = []
        told = safe(_deeper(line))
        found = next((path for path, item in left.items() if _title(item).en == title), None)
        if title is None or found is None:
            yield told
            if line and below:
                yield from below
                below = []
            continue
        item = left.pop(found)
        remark = _remark(found, item)
        if is_heading:
            yield from (told, "", f"{remark} · {_sources(item)}")
        else:
            start = f"- **{safe(title)}**"
            words = told.removeprefix(start).removeprefix(":").strip()
            yield f"{start} · {remark}  \n    {words} <small>[{_sources(item)}]</small>"
        if item.note is not None:
            note = f"*Note:* {safe(item.note.en)}"
            if is_heading:
                below = ["", note, ""]  # after the paragraph that says what it is
            else:
                waiting = [f"    - {note}"]
    yield from waiting + below
    if left:
        raise ValueError(f"the explanation does not tell of {', '.join(left)}")


def _deeper(line: str) -> str:
    """Markdown of this documentation wants four spaces for a point below a point, not two."""
    indent = len(line) - len(line.lstrip())
    return " " * indent + line


def _remark(path: str, item: Item) -> str:
    kind, _, name = path.partition(".")
    measures = getattr(item, "measures", None)
    way = f" · measures [{measures}](../methods/indicators.md#{measures})" if measures else ""
    return f'<a id="{kind}-{name}"></a>*{safe(_title(item).da)}* · `{name}`{way}'


def _title(item: Item) -> Text:
    return item.title  # type: ignore[attr-defined]  # every part that is told has one


def _sources(item: Item) -> str:
    return safe(", ".join(item.source))


def _flow(definition: Programme) -> str:
    name = definition.programme
    if not definition.phases:
        return "The model has no phases: what is required is asked of the whole enrolment.\n\n"
    told = "; ".join(
        f"{phase.title.en} comes after {', '.join(definition.phases[one].title.en for one in phase.follows)}"
        for phase in definition.phases.values()
        if phase.follows
    )
    return (
        _drawing(f"{name}-phases.svg", f"Flow of the phases. {told or 'One stands beside the other'}.")
        + "A heavy frame says that people come in there. Phases do not wait for one another: an enrolment can begin\n"
        "in any of them, skip one and be in two at once ([how phases are read](../methods/requirements.md)).\n\n"
    )


def _drawing(file: str, alternative: str) -> str:
    """A drawing that scrolls sideways where it is wider than the page, with the whole of it a click away."""
    shown = safe(alternative).replace('"', "&quot;")
    return (
        '<div style="overflow-x: auto; border: 1px solid #d5dae1; padding: 4px; background: #fff" tabindex="0" '
        'role="group" aria-label="drawing" markdown>\n\n'
        f'![{shown}]({file}){{ style="max-width: none" }}\n\n'
        "</div>\n\n"
        f"It scrolls sideways where it is wider than the page: [the whole drawing]({file}).\n\n"
    )


def _theory(definition: Programme, name: str) -> str:
    theory = definition.theories[name]
    group = definition.groups.get(theory.group or "")
    said = f"For {safe(group.title.en)}. " if group is not None else ""
    note = f"*Note:* {safe(theory.note.en)}\n\n" if theory.note is not None else ""
    return (
        f"### {safe(theory.title.en)}\n\n{_remark(f'theories.{name}', theory)} · {_sources(theory)}\n\n{note}"
        f"{said}Each arrow leads from a cause to what it should bring about; a link that works through a mechanism is "
        "drawn through it. A heavy frame marks final goals.\n\n"
        + _drawing(
            f"{definition.programme}-theory-{name}.svg",
            f"Programme theory: {theory.title.en}. The table below holds every link of the drawing.",
        )
        + _links(theory)
        + "\n"
        + _nodes(definition, theory)
    )


def _links(theory: Theory) -> str:
    through = any(link.through for link in theory.links)
    heads = ["cause", *(["through"] if through else []), "leads to", "what the document found", "source"]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for link in theory.links:
        passed = "; ".join(theory.nodes[one].title.en for one in link.through)
        cells = [
            theory.nodes[link.cause].title.en,
            theory.nodes[link.effect].title.en,
            STRENGTHS[link.strength].en,
        ]
        if through:
            cells.insert(1, passed)
        lines.append("| " + " | ".join(safe(cell) for cell in cells) + f" | {_sources(link)} |")
    return "\n".join([*lines, ""])


def _nodes(definition: Programme, theory: Theory) -> str:
    """The boxes that indicators watch; those without are in the drawing and the table of links."""
    lines = ["| what should happen | level | watched by |", "|---|---|---|"]
    for node in theory.nodes.values():
        watched = ", ".join(
            f"[{safe(definition.indicators[one].title.en)}](#indicators-{one})" for one in node.evidence
        )
        lines.append(f"| {safe(node.title.en)} | {LEVELS[node.level].en} | {watched or '–'} |")
    return "\n".join([*lines, ""])


def _documents(definition: Programme) -> str:
    lines = ["| document | publisher | year | lines | cited as |", "|---|---|---:|---:|---|"]
    for name, document in definition.documents.items():
        cited = "`L…`" if name == definition.document else f"`{name} L…`"
        length = "" if document.lines is None else f"{document.lines:,}"
        lines.append(
            f"| {safe(document.title.en)} (*{safe(document.title.da)}*) | {safe(document.publisher)} | "
            f"{document.year} | {length} | {cited}, {_sources(document)} |"
        )
    works = sorted(_works(definition))
    if works:
        lines += ["", "Other works cited:", "", *(f"- {safe(work)}" for work in works)]
    return "\n".join([*lines, ""])


def _works(part: object) -> set[str]:
    """Every source that is neither a line of a document nor a decision."""
    if isinstance(part, programme.Part):
        below = [getattr(part, name) for name in type(part).model_fields]
        own = part.source if isinstance(part, Item) else []
        found = {source for source in own if re.match(r"published: |https?://|doi:", source)}
        return found.union(*(_works(one) for one in below))
    if isinstance(part, dict):
        return set().union(*(_works(one) for one in part.values()))
    if isinstance(part, list):
        return set().union(*(_works(one) for one in part))
    return set()


def safe(text: str) -> str:
    """Text of a definition in which no sign is taken for Markdown or HTML; bold points of the explanation stay."""
    for sign, entity in (("<", "&lt;"), ("~", "&#126;"), ("^", "&#94;"), ("|", "&#124;"), ("_", "&#95;")):
        text = text.replace(sign, entity)
    return text


if __name__ == "__main__":
    main()
