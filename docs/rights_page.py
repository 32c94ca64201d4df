"""Writes the page of rights: every role, what it may do, where and to what, as the table in code has it."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "indsats.web.settings")
os.environ.setdefault("INDSATS_SECRET", "documentation")
django.setup()

from indsats.web.rights import ROLES  # noqa: E402 - Django comes first
from indsats.web.screens.rights_words import lines  # noqa: E402


def rights_page() -> str:
    """The whole table of rights as a page, a heading for each role."""
    said = [
        "# Rights",
        "",
        "Made from `web/rights/table.py`. What does not stand here is refused, and answered as what is not there. The",
        "tests try every role against every page. [Let somebody in](../how-to/let-somebody-in.md).",
        "",
        "*Own*: cases they are responsible for. *Site*: those at the site the role was given for, or all of the",
        "programme's when it was given for none. Shielded persons are seen only by those with that right.",
        "",
    ]
    for name, role in ROLES.items():
        said += [f"## {role.title.en}", "", f"`{name}`, *{role.title.da}*. {role.held_by.en}", ""]
        said += ["| may | where | what |", "|---|---|---|"]
        said += [f"| {line.act} | {line.where} | {', '.join(line.what)} |" for line in lines(name, "en")]
        said.append("")
    return "\n".join(said)
