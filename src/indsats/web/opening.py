"""Opens a database for the server: reached, of the right shape, filled, with what the server keeps beside it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

if TYPE_CHECKING:
    from .rights import RoleName

DEFAULT = "sqlite:///indsats.sqlite3"
_OLDEST_POSTGRES = 150000
"""PostgreSQL 15 is the first where a missing site or function is a value like others in a unique constraint."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is, and the folder for what is kept beside it: the secret, and styles ready to be sent."""

    database: str
    beside: Path

    @property
    def shown(self) -> str:
        """The place without a password."""
        if self.database.startswith("sqlite"):
            return self.database.removeprefix("sqlite:///")
        parts = urlsplit(self.database)
        return f"{parts.scheme}://{unquote(parts.netloc.rpartition('@')[2])}{parts.path}"


@dataclass(frozen=True, slots=True)
class Source:
    """A data folder to bring in, and the definition folder of the programme it is of."""

    data: Path
    definition: Path


@dataclass(slots=True)
class Opened:
    """What the database holds now.

    ``today`` is the day that counts as today where it is not the calendar's; ``logins`` a user of each role, where
    users were invented.
    """

    facts: int
    persons: int
    users: int
    synthetic: bool
    today: date | None
    loaded: list[str] = field(default_factory=list)
    logins: dict[RoleName, str] = field(default_factory=dict)


def place_of(database: str | None) -> Place:
    """The place a database setting names; None: ``INDSATS_DATABASE``, else a file in the working directory.

    Raises ``InputRefused`` for a setting that names no database, or a folder that is not there.
    """
    said = database or os.environ.get("INDSATS_DATABASE") or DEFAULT
    scheme = said.partition("://")[0]
    if scheme == "sqlite":
        file = Path(said.removeprefix("sqlite:///") or "indsats.sqlite3").absolute()
        if not file.parent.is_dir():
            raise _refused(
                f"there is no folder {file.parent}", "Make it, or give --database another place", str(file)
            )
        return Place(f"sqlite:///{file}", file.with_name(f"{file.name}.files"))
    if scheme in ("postgres", "postgresql"):
        home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
        return Place(said, home / "indsats" / blake2b(said.encode(), digest_size=6).hexdigest())
    raise _refused(
        "--database names no database the server knows",
        "Write sqlite:///path/of/file.sqlite3 or postgres://user:word@host/name",
    )


def ready(place: Place, today: date | None = None) -> None:
    """Set the environment the server's settings are read from, and start Django in this process.

    Processes started from here on work in the same database, with the same secret and day.
    """
    os.environ["INDSATS_DATABASE"] = place.database
    os.environ["INDSATS_STATIC"] = str(place.beside / "static")
    os.environ["DJANGO_SETTINGS_MODULE"] = "indsats.web.settings"
    if today is not None:
        os.environ["INDSATS_TODAY"] = today.isoformat()
    from indsats.register.writing import OWNERS_FOLDER

    place.beside.mkdir(parents=True, exist_ok=True, mode=OWNERS_FOLDER)
    if not os.environ.get("INDSATS_SECRET"):
        os.environ["INDSATS_SECRET"] = _secret(place.beside)
    (place.beside / "static").mkdir(exist_ok=True)
    import django

    try:
        django.setup()
    except ImportError as missing:
        if "psycopg" not in str(missing):
            raise
        raise _refused(
            "the driver of PostgreSQL is not installed", "Install it: pip install 'indsats[postgres]'"
        ) from None


def _secret(beside: Path) -> str:
    """The secret sessions are signed with, made once and readable to its owner alone."""
    from indsats.register.writing import put

    kept = beside / "secret"
    if not kept.exists():
        put(kept, secrets.token_urlsafe(48).encode(), durable=True)
    return kept.read_text().strip()


def reached(place: Place) -> None:
    """Refuse in words when the database cannot be reached, is too old, or is no database."""
    from django.db import DatabaseError, connection
    from django.db.utils import NotSupportedError

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "postgresql":
                cursor.execute("SHOW server_version_num")
                number = (cursor.fetchone() or ("0",))[0]
                if int(number) < _OLDEST_POSTGRES:
                    raise NotSupportedError(f"PostgreSQL {int(number) // 10000}")
            else:
                cursor.execute("PRAGMA schema_version")
    except NotSupportedError as old:
        raise _refused(f"the database is too old: {old}", "Use PostgreSQL 15 or newer", place.shown) from None
    except (DatabaseError, UnicodeDecodeError) as failed:
        said = str(failed).strip().splitlines() or [type(failed).__name__]
        raise _refused(
            f"the database cannot be opened ({said[0]})",
            "Check that it runs, its name, and that you may use it; a file must be a database made by indsats",
            place.shown,
        ) from None


def shaped(place: Place, *, migrate: bool, tell: Callable[[str], None] | None = None) -> None:
    """The tables as this version of the program has them: made with ``migrate``, else required.

    Raises ``InputRefused`` where a newer version made them, and where they are missing and not to be made.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    newer = sorted(
        name
        for app, name in executor.loader.applied_migrations
        if app == "web" and ("web", name) not in known
    )
    if newer:
        raise _refused(
            f"the database was made by a newer version of indsats (it has the change {newer[-1]})",
            "Install the version that made it, or a newer one",
            place.shown,
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    if not migrate:
        raise _refused(
            "the tables of the database are not those of this version",
            "Start 'indsats serve' on it once: it brings them up to date",
            place.shown,
        )
    if tell:
        tell(f"bringing the tables up to date: {len(plan)} steps")
    call_command("migrate", verbosity=0, interactive=False)


def filled(
    sources: Sequence[Source], *, users: bool, move: bool = False, progress: Progress | None = None
) -> Opened:
    """Bring in the data folders that are not in the database yet, whole or not at all, and invented users if asked.

    With ``move`` the last day of the facts counts as today, where the people are invented. Raises ``InputRefused``
    for data that are not in order.
    """
    from indsats import programme as definitions
    from indsats.record import read_record

    from .derive import rebuild
    from .models import Fact, Membership, Person, Served, User
    from .record.loading import load_record
    from .seed import invented_name, login_of_each_role, people_and_users
    from .seed_appointments import with_appointments

    loaded: list[str] = []
    for source in sources:
        of = definitions.load(source.definition)
        if Served.objects.filter(programme=of.programme).update(definition=str(source.definition.absolute())):
            continue
        record = read_record(source.data, of, progress)
        names = None
        if users and record.synthetic:
            record, names = with_appointments(record), invented_name
        load_record(record, source.definition.absolute(), names, progress)
        loaded.append(of.programme)
    _there(list(Served.objects.values_list("programme", "definition")))
    kinds = set(Served.objects.values_list("synthetic", flat=True))
    synthetic = bool(kinds) and False not in kinds
    if move:
        _moved(synthetic)
    if users:
        for name in Served.objects.filter(synthetic=True).values_list("programme", flat=True):
            if not Membership.objects.filter(programme=name).exists():
                people_and_users(name)
    if loaded:
        rebuild(progress=progress)
    said = os.environ.get("INDSATS_TODAY")
    return Opened(
        facts=Fact.objects.count(),
        persons=Person.objects.count(),
        users=User.objects.filter(is_active=True).count(),
        synthetic=synthetic,
        today=date.fromisoformat(said) if said else None,
        loaded=loaded,
        logins=dict(login_of_each_role()) if users else {},
    )


def _moved(synthetic: bool) -> None:
    """Let the last day of the facts count as today."""
    if not synthetic:
        raise _refused(
            "there are real people in the database, and their days are the calendar's",
            "Leave --demo and --today out",
        )
    last = last_day()
    if last is not None:
        os.environ["INDSATS_TODAY"] = last.isoformat()


def last_day() -> date | None:
    """The last day on which any fact in the database occurred that was not ahead when it was recorded.

    As ``Facts.last_day``, on the rows as they are; None without facts.
    """
    from django.db.models import F, Max
    from django.db.models.functions import TruncDate

    from indsats.record import KINDS

    from .models import Fact

    follows = [kind for kind, model in KINDS.items() if model.follows]
    facts = Fact.objects.filter(kind__in=follows, replaced_at=None).annotate(known=TruncDate("recorded_at"))
    ends = [
        facts.filter(**{f"{name}__lte": F("known")}).aggregate(last=Max(name))["last"]
        for name in ("occurred_from", "occurred_to")
    ]
    return max((day for day in ends if day is not None), default=None)


def _there(served: Sequence[tuple[str, str]]) -> None:
    """Every definition in use can be read; one that was moved is told with its programme."""
    from indsats import programme as definitions

    for name, folder in served:
        if not Path(folder).exists():
            raise _refused(
                f"the definition of '{name}' is not where it was when its data were loaded",
                "Put the folder back, or start once with --programme and the folder's new place",
                folder,
            )
        definitions.load(Path(folder))


class Statistics:
    """Tells the database how its rows lie when that has changed: it chooses its way by that.

    Without them SQLite goes through all cases where it could look up a few. They are made when the server starts, and
    whenever there have come as many facts or persons as there were.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._size = 0

    def kept(self) -> None:
        """Make them if it is time; where somebody is writing they wait for another time."""
        from django.db import DatabaseError, connection
        from django.db.models import Max

        from .models import Fact, Person

        try:
            size = sum(model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in (Fact, Person))
            if size < 2 * self._size or not size:
                return
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            self._size = size
        except DatabaseError:
            return
        finally:
            connection.close()


def collected() -> None:
    """Styles and scripts under lasting names in the folder beside the database, unless they are there already."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    from .serve import READY

    found = blake2b(digest_size=16)
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            found.update(f"{name}\x1f{status.st_size}\x1f{status.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / READY
    if not stamp.exists() or stamp.read_text() != found.hexdigest():
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(found.hexdigest())


def _refused(what: str, remedy: str, file: str = "") -> InputRefused:
    return InputRefused([Problem(what, remedy, file=file)])
