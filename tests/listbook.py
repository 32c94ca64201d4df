"""Lists of invented people as a coordinator brings them in, and what the database says before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

import town
from indsats.web import clock
from indsats.web.derive import project, waiting
from indsats.web.models import Batch, Case, Due, Fact, Membership, Person, Responsible
from indsats.web.record.batches import preview
from indsats.web.rights import Reader

OF = town.PROGRAMME


def coordinator(site: str | None = None) -> Reader:
    held = Membership.objects.filter(role="coordinator", site__isnull=False)
    if site:
        held = held.filter(site=site)
    one = held.order_by("user__username").first()
    assert one is not None
    return Reader.of(one.user)


def site_of(reader: Reader) -> str:
    return str(reader.memberships[0].site)


def as_csv(*rows: dict[str, Any]) -> bytes:
    return pl.DataFrame(list(rows), infer_schema_length=None).write_csv(separator=";").encode()


def visited(number: int = 0, **more: Any) -> dict[str, Any]:
    day = (clock.today() - timedelta(days=3)).strftime("%d-%m-%Y")
    row = {
        "person": f"{1 + number % 28:02}21{50 + number // 28:02}-1{number % 1000:03}",
        "occurred_from": day,
    }
    return {**row, "group": "gruppe-1", "name": f"Nanna Nummer{chr(97 + number % 26)}", **more}


def enrolled(reader: Reader, number: int = 0, **more: Any) -> dict[str, Any]:
    row = {name: value for name, value in visited(number).items() if name != "group"}
    return {
        **row,
        "service": "indsatsmodel",
        "site": site_of(reader),
        "enrolment": f"e-list-{number}",
        **more,
    }


def shown_list(
    reader: Reader, *rows: dict[str, Any], holds: str = "visitation", site: str | None = None
) -> Batch:
    return preview(reader, OF, "liste.csv", as_csv(*rows), holds, site or site_of(reader))


def derived() -> list[Any]:
    cases = sorted(
        Case.objects.values_list("pk", "person", "enrolment", "state", "start", "end", "group", "site"),
        key=str,
    )
    held = sorted(Responsible.objects.values_list("case", "role", "worker", "since", "until"), key=str)
    due = sorted(Due.objects.values_list("case", "queue", "what", "fact", "opens", "due"), key=str)
    return [cases, held, due]


def project_all() -> None:
    while found := waiting():
        project(found)


def everything() -> list[Any]:
    return [list(Fact.objects.order_by("pk").values()), list(Person.objects.order_by("pk").values())]
