"""Running text that holds numbers: what becomes of it when figures are hidden, and its words once they are put in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import SLOT, Text

from .document import Document, Findings, Passage, ProtectedFigure, Sentence, Told
from .formats import is_hidden, part, quantity
from .prose import Prose, plain, prose
from .texts import say

_MARKUP = re.compile(r"[\\`*_\[\]]|[<&](?=[\w#])")
"""What Markdown would read as more than itself."""
_SHORT = re.compile(
    r"(?:\w\.)+\w*\.|(?:jf|ca|dvs|fx|evt|inkl|ekskl|nr|kap|pkt|mv|mfl|cf|incl|vs|no|approx|bl\.a|f\.eks)\.",
    re.IGNORECASE,
)
"""A word that ends with a point which ends no sentence."""


def settled(
    block: Passage | Findings, shown: Mapping[str, ProtectedFigure], unsure: Collection[str] = ()
) -> Passage:
    """A block of running text with protected figures; ``shown`` has every figure of the document by its id.

    A sentence of findings is gone when one of the figures it was told or chosen from is hidden, is ``unsure`` (shown
    rounded, so that no word may follow from the exact number), or is not among those that were looked at. A caveat is
    gone when no other sentence is left.
    """

    def gone(sentence: Sentence) -> bool:
        rests_on = {*sentence.of, *(told.figure.id for told in sentence.told.values())}
        return any(key not in shown or shown[key].hidden or key in unsure for key in rests_on)

    def safe(told: Told) -> Told:
        return replace(told, figure=shown[told.figure.id])

    if isinstance(block, Passage):
        return replace(block, told={name: safe(told) for name, told in block.told.items()})
    told: dict[str, Told] = {}
    points: list[Text] = []
    kept = [sentence for sentence in block.sentences if not gone(sentence)]
    if all(sentence.caveat for sentence in kept):
        kept = []
    for sentence in kept:
        # By what is told and not by place: in a sentence a writer keeps, a slot never comes to mean another number.
        names = {name: f"{name}.{_tag(one)}" for name, one in sentence.told.items()}
        told |= {names[name]: safe(one) for name, one in sentence.told.items()}
        points.append(Text(da=_renamed(sentence.text.da, names), en=_renamed(sentence.text.en, names)))
    if not points:
        why = "findings-empty" if all(one.caveat for one in block.sentences) else "findings-none"
        return Passage(block.id, Text(da=say(why, "da"), en=say(why, "en")), found=True)
    da, en = ("\n".join(f"- {point.in_(lang)}" for point in points) for lang in ("da", "en"))
    return Passage(block.id, Text(da=da, en=en), told, found=True)


def _tag(told: Told) -> str:
    return hashlib.sha256(f"{told.figure.id} {told.part} {told.decimals}".encode()).hexdigest()[:4]


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """The text as Markdown that shows it as it is, with other names in its slots."""
    found, place = "", 0
    for slot in SLOT.finditer(text):
        found += _literal(text[place : slot.start()], first=not place)
        found += f"{{{{{names.get(slot.group(2), slot.group(2))}}}}}"
        place = slot.end()
    return found + _literal(text[place:], first=not place)


def _literal(text: str, *, first: bool) -> str:
    text = _MARKUP.sub(r"\\\g<0>", re.sub(r"\s*\n\s*", " ", text))
    return re.sub(r"^(\s*\d*)(?=[.)+-])", r"\1\\", text) if first else text


def told_text(told: Told, lang: Lang) -> str:
    """A figure as it reads in a sentence; a hidden one as *not shown*, one without a number as a dash."""
    figure: Figure = told.figure
    if is_hidden(figure):
        return say("told-hidden", lang)
    if told.part in ("numerator", "denominator"):
        return part(figure.numerator if told.part == "numerator" else figure.denominator, lang)
    value = {"value": figure.value, "low": figure.low, "high": figure.high}[told.part]
    return quantity(value, figure.unit, lang, figure.decimals if told.decimals is None else told.decimals)


def slot_text(name: str, passage: Passage, document: Document, lang: Lang) -> str | None:
    """What stands in a slot, or nothing for a name that the passage and the document do not know."""
    if name in passage.told:
        return told_text(passage.told[name], lang)
    word = document.words.get(name)
    return None if word is None else word.in_(lang)


def passage_prose(passage: Passage, document: Document, lang: Lang) -> Prose:
    """The paragraphs and lists of a passage with everything put in, ready to be set.

    What a writer gave for a field is Markdown, what else is put in is plain words. A slot that nothing stands for is
    shown as written.
    """

    hidden = say("told-hidden", lang)

    def fill(text: str, before: str) -> str:
        text = SLOT.sub(lambda slot: _put(slot, before + text[: slot.start()]), text)
        return text.replace(f"({hidden})", hidden)  # it has brackets of its own

    def _put(slot: re.Match[str], before: str) -> str:
        if not slot.group(1):
            return slot_text(slot.group(2), passage, document, lang) or slot.group()
        called = slot_text(f"ref:{slot.group(2)}", passage, document, lang) or slot.group()
        return called[:1].upper() + called[1:] if _begins(before) else called

    def given(slot: re.Match[str]) -> str:
        name = slot.group(2)
        by_writer = not slot.group(1) and name in document.fields and name not in passage.told
        return document.words[name].in_(lang) if by_writer else slot.group()

    return prose(SLOT.sub(given, passage.text.in_(lang)), lang, fill)


def _begins(before: str) -> bool:
    """Whether a sentence begins after these words."""
    before = before.rstrip(' \u00a0"»“(')
    last = before.split()[-1:] or [""]
    return not before or (before[-1] in ".?!" and not _SHORT.fullmatch(last[0].lstrip('(»“"')))


def head_facts(document: Document, lang: Lang) -> list[tuple[str, str]]:
    """What stands at the top of a document, such as its case number: titles and words."""
    return [
        (title.in_(lang), plain(prose(document.words[name].in_(lang), lang))) for title, name in document.head
    ]
