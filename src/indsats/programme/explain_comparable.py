"""Explains whom it is fair to compare, and the blocks that compare sites and classes."""

from __future__ import annotations

from .blocks import BenchmarkBlock, ReclassifiedBlock
from .explain_page import Page
from .words import row, rule_in_words


def comparable(page: Page) -> None:
    """The framework conditions, and how many groups of sites are made by them."""
    asked = page.programme.comparable
    page.heading(2, "Hvem der kan sammenlignes", "Who can be compared")
    if asked is None:
        return
    page.paragraph(
        page.say(
            f"Steder, der ikke selv har fået en gruppe, samles i {asked.clusters} grupper efter, hvor ens deres "
            "deltagere er ved start. Der ses på andelen af deltagerne, for hvem det gælder:",
            f"Sites that are not given a group are put in {asked.clusters} groups by how alike their participants "
            "are at the start. Looked at is the share of participants for whom it holds:",
        )
    )
    for condition in asked.conditions.values():
        rule = rule_in_words(page.programme, "person", condition.when, page.lang)
        page.point(f"**{condition.title.in_(page.lang)}**: {page.sentence(rule)}")


def benchmark_in_words(page: Page, block: BenchmarkBlock) -> str:
    """What a benchmark block compares."""
    names = row([page.title(page.programme.indicators, one) for one in block.indicators], page.lang)
    return page.say(
        f"stederne ved siden af hinanden efter {names}: niveau, plads med usikkerhed og forskel til de øvrige",
        f"the sites beside one another by {names}: level, rank with its uncertainty and difference from the others",
    )


def reclassified_in_words(page: Page, block: ReclassifiedBlock) -> str:
    """What a block looks at that tells people who changed from people who were moved."""
    programme = page.programme
    name = page.title(programme.indicators, block.indicator)
    event = programme.events.get(block.event)
    which = page.title(programme.events, block.event)
    value = page.title(event.values if event is not None else {}, block.value)
    return page.say(
        f"om {name} for {value} (seneste {which}) ændrer sig, fordi folk ændrer sig, "
        "eller fordi de flyttes mellem grupper",
        f"whether {name} for {value} (newest {which}) changes because people change, "
        "or because they are moved between classes",
    )
