"""The commands of the server: serve, rebuild, and users."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from indsats.problem import InputRefused, Problem

from .arguments import day, definition_path, err, must_be_one, out, progress_bars

if TYPE_CHECKING:
    from indsats.web.models import User
    from indsats.web.opening import Opened, Place, Source
    from indsats.web.serve import Address

Database = Annotated[
    str | None,
    typer.Option(
        help="sqlite:///FILE or postgres://user:word@host/name; INDSATS_DATABASE, else a file here, when left out."
    ),
]
users = typer.Typer(
    help="Users of the server: who signs in, and what for.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


def serve_command(
    database: Database = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Data folder to bring in if it is not there yet; give it again for more."),
    ] = None,
    programme: Annotated[
        list[str] | None,
        typer.Option(help="Definition for each --data, in the same order; the folder's own when left out."),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(help="A day that counts as today, or 'last': where the facts end. For old data."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to answer on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to answer on.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that answer, each of eight threads.")
    ] = 2,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Invented users for invented people, a login printed for each role."),
    ] = False,
) -> None:
    """Start the server; Ctrl-C ends it. Tables are made or brought up to date first."""
    from indsats.web import opening, serve

    address = serve.Address(host, port, workers)
    sources = _sources(data or [], programme or [])
    place = opening.place_of(database)
    serve.free(address)
    asked = None if today in (None, "last") else day(today or "")
    opening.ready(place, asked)
    opening.reached(place)
    opening.shaped(place, migrate=True, tell=lambda text: err.print(escape(text)))
    with progress_bars() as progress:
        found = opening.filled(
            sources, users=demo, move=asked is None and (demo or today == "last"), progress=progress
        )
        opening.collected()
    statistics = opening.Statistics()
    statistics.kept()
    serve.together(address, lambda: _started(address, place, found), _told, statistics.kept)


def _told(text: str) -> None:
    err.print(escape(text), soft_wrap=True)


def _started(address: Address, place: Place, found: Opened) -> None:
    out.print(f"[green]✓[/] {escape(place.shown)}: {found.facts:,} facts about {found.persons:,} persons")
    if found.today is not None:
        out.print(f"  {found.today} counts as today: the data end there")
    if found.logins:
        from indsats.web.rights import ROLES
        from indsats.web.seed import PASSWORD

        table = Table(
            "Role", "User", "Password", title="The people are invented; so are these", title_justify="left"
        )
        for role, name in found.logins.items():
            table.add_row(ROLES[role].title.en, escape(name), PASSWORD)
        out.print(table)
        if address.host not in ("127.0.0.1", "localhost", "::1"):
            err.print(
                "[yellow]The password is known to everybody, and others on the network can reach this server.[/]"
            )
    elif not found.users:
        out.print(
            "  Nobody can sign in yet: indsats user add NAME --role administrator --programme PROGRAMME"
        )
        if found.synthetic:
            out.print("  The people are invented: start with --demo for invented users")
    out.print(f"  Open {address.url} (Ctrl-C ends the server)", highlight=False)


def _sources(data: list[Path], programmes: list[str]) -> list[Source]:
    from indsats.web.opening import Source

    if programmes and len(programmes) != len(data):
        raise InputRefused(
            [
                Problem(
                    f"{len(data)} data folders and {len(programmes)} programmes were given",
                    "Give one --programme for each --data, in the same order, or none",
                    file="--programme",
                )
            ]
        )
    names = programmes or [_programme_in(folder) for folder in data]
    return [Source(folder, definition_path(name)) for folder, name in zip(data, names, strict=True)]


def _programme_in(folder: Path) -> str:
    """The programme a data folder says it is of."""
    said = folder / "dataset.json"
    try:
        return str(json.loads(said.read_text(encoding="utf-8"))["programme"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputRefused(
            [
                Problem(
                    "the data folder does not say which programme it is of"
                    if folder.is_dir()
                    else "there is no such data folder",
                    "Name it: --programme PROGRAMME" if folder.is_dir() else "Check the path given as --data",
                    file=str(folder),
                )
            ]
        ) from None


def rebuild_command(database: Database = None) -> None:
    """Make all projections anew from the facts: who is where, who is responsible, what is due."""
    _opened(database)
    from indsats.web.derive import rebuild

    with progress_bars() as progress:
        count = rebuild(progress=progress)
    out.print(f"[green]✓[/] projections of {count:,} persons made from the facts")


def _opened(database: str | None) -> None:
    from indsats.web import opening

    place = opening.place_of(database)
    opening.ready(place)
    opening.reached(place)
    opening.shaped(place, migrate=False)


@users.command("add")
def add_command(
    username: Annotated[str, typer.Argument(metavar="USER", help="As the worker is called in facts.")],
    role: Annotated[str, typer.Option(help="What the user is to do.")],
    programme: Annotated[str, typer.Option(help="The programme it is done in.")],
    name: Annotated[str, typer.Option(help="The name colleagues know.")] = "",
    site: Annotated[str | None, typer.Option(help="One site; all of them when left out.")] = None,
    function: Annotated[str | None, typer.Option(help="The role in the programme's definition.")] = None,
    database: Database = None,
) -> None:
    """Add a user, with a first role. A word to sign in with is asked for, or made when there is no terminal."""
    _opened(database)
    import secrets
    import sys

    from django.db import transaction

    from indsats.web.models import User

    if User.objects.filter(username=username).exists():
        raise InputRefused(
            [Problem(f"there is a user '{username}' already", "Give the role with 'indsats user role'")]
        )
    made = secrets.token_urlsafe(12)
    word = made
    if sys.stdin.isatty():
        word = (
            typer.prompt("Password (empty: one is made)", default="", hide_input=True, show_default=False)
            or made
        )
    _acceptable(word)
    with transaction.atomic():
        user = User(username=username, name=name or username)
        user.set_password(word)
        user.save()
        _given(user, role, programme, site, function)
    shown = f"; sign in with: {word}" if word == made else ""
    out.print(
        f"[green]✓[/] {escape(username)} is {escape(role)} in {escape(programme)}{escape(shown)}",
        soft_wrap=True,
    )


@users.command("role")
def role_command(
    username: Annotated[str, typer.Argument(metavar="USER", help="Who.")],
    role: Annotated[str, typer.Argument(help="What the user is to do.")],
    programme: Annotated[str, typer.Option(help="The programme it is done in.")],
    site: Annotated[str | None, typer.Option(help="One site; all of them when left out.")] = None,
    function: Annotated[str | None, typer.Option(help="The role in the programme's definition.")] = None,
    end: Annotated[bool, typer.Option("--end", help="Take the role away instead.")] = False,
    database: Database = None,
) -> None:
    """Give a user a role, or take it away."""
    _opened(database)
    from indsats.web.models import Membership, User

    must_be_one(username, User.objects.values_list("username", flat=True), "user", "USER")
    user = User.objects.get(username=username)
    if end:
        gone, _ = Membership.objects.filter(user=user, role=role, programme=programme, site=site).delete()
        if not gone:
            raise InputRefused(
                [
                    Problem(
                        f"{username} does not hold that role there",
                        "See 'indsats user list' for what is held",
                    )
                ]
            )
        out.print(f"[green]✓[/] {escape(username)} is no longer {escape(role)} in {escape(programme)}")
        return
    _given(user, role, programme, site, function)
    out.print(f"[green]✓[/] {escape(username)} is {escape(role)} in {escape(programme)}")


@users.command("list")
def list_command(database: Database = None) -> None:
    """Tell who can sign in, and what for."""
    _opened(database)
    from indsats.web.models import Membership

    table = Table("User", "Name", "Role", "Programme", "Site")
    for one in Membership.objects.select_related("user").order_by(
        "user__username", "programme", "role", "site"
    ):
        ended = "" if one.user.is_active else " (closed)"
        table.add_row(
            *(
                escape(cell)
                for cell in (
                    one.user.username + ended,
                    one.user.name,
                    one.role,
                    one.programme,
                    one.site or "all",
                )
            )
        )
    out.print(table)


def _given(user: User, role: str, programme: str, site: str | None, function: str | None) -> None:
    """Give the role, after a look whether there are such a programme, site, and roles."""
    from indsats.web.models import Membership, Served, Site
    from indsats.web.programmes import programme as definition
    from indsats.web.rights import ROLES

    must_be_one(role, [name for name in ROLES if name != "citizen"], "role", "--role")
    must_be_one(
        programme,
        Served.objects.values_list("programme", flat=True),
        "programme in the database",
        "--programme",
    )
    must_be_one(
        site, Site.objects.filter(programme=programme).values_list("key", flat=True), "site", "--site"
    )
    must_be_one(function, definition(programme).roles, "role in the definition", "--function")
    Membership.objects.get_or_create(user=user, role=role, programme=programme, site=site, function=function)


def _acceptable(word: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(word)
    except ValidationError:
        raise InputRefused(
            [
                Problem(
                    "the password is too short or too common",
                    "Choose one of at least 12 signs nobody would guess",
                )
            ]
        ) from None
