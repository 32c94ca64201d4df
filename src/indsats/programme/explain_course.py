"""Explains the course: the steps from the draw to the exit, and how they are told."""

from __future__ import annotations

from .explain_page import Page
from .words import happenings_in_words, row


def course(page: Page) -> None:
    """Every step with the facts that take a person there, and where people leave."""
    steps = page.programme.course
    lang = page.lang
    page.heading(2, "Vejen gennem indsatsen", "The way through the effort")
    if not steps:
        return
    ways_out = [step.title.in_(lang) for step in steps.values() if step.leaves]
    text = page.say(
        "Der tælles, hvor mange der når hvert trin, og hvor længe de venter på det fra det seneste tidligere trin. "
        "Et trin kan springes over eller komme før sin tur.",
        "It is counted how many come to each step, and how long they wait for it from the latest earlier step. A step "
        "can be skipped, or come before its turn.",
    )
    if ways_out:
        out = row([page.say(f"»{one}«", f"“{one}”") for one in ways_out], lang, "or")
        text += page.say(
            f" Den, der når til {out}, er ude, og der ventes ikke længere på de næste trin.",
            f" Whoever comes to {out} is out, and is not waited for at the next steps.",
        )
    page.paragraph(text)
    for number, step in enumerate(steps.values(), 1):
        told = page.sentence(happenings_in_words(page.programme, step.what, lang))
        page.point(f"**{number}. {step.title.in_(lang)}**: {told}")
