"""The server at the size of a country: a hundred thousand cases and two million facts, on SQLite and PostgreSQL.

    python benchmarks/server.py FOLDER [--cases 100000] [--postgres URL] [--seconds 60] [--only make,pages,users]

``make`` writes the database unless it lies in FOLDER already: it is kept from one run to the next. ``pages`` opens
each page some hundred times as an ordinary caseworker, one after another, in this process. ``users`` starts the server
on the database and lets fifty people work for a while, with time to think and without. ``rebuild`` makes every
projection anew. Without ``--postgres`` only SQLite is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]

from served import Server  # noqa: E402
from visitor import Visitor, hidden  # noqa: E402

Step = Callable[[Any, dict[str, Any]], Any]
ROUNDS = int(os.environ.get("ROUNDS", "100"))
USERS = 50
NO_QUESTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def main() -> None:
    """Measure what was asked for on each database, each in a process of its own."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--postgres")
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--only", default="make,pages,users")
    asked.add_argument("--database", help=argparse.SUPPRESS)
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.database is None:
        databases = [f"sqlite:///{given.folder.resolve()}/nation.sqlite3", given.postgres]
        for database in filter(None, databases):
            command = [sys.executable, __file__, *sys.argv[1:], "--database", database]
            subprocess.run(command, check=True)  # noqa: S603 - this very program
        return
    os.environ.setdefault("INDSATS_SECRET", "only for measuring")
    os.environ["INDSATS_DATABASE"] = given.database
    os.environ["DJANGO_SETTINGS_MODULE"] = "indsats.web.settings"
    import django

    django.setup()
    told(f"\n{given.database.partition(':')[0]}")
    steps = given.only.split(",")
    made(given.folder, given.cases, write="make" in steps)
    if "rebuild" in steps:
        rebuilt()
    if "pages" in steps:
        pages()
    if "users" in steps:
        for thinking in (5.0, 0.0):
            together(given.database, given.seconds, thinking)


def told(text: str) -> None:
    """A line, at once."""
    print(text, flush=True)  # noqa: T201 - what a benchmark is for


def made(folder: Path, cases: int, *, write: bool) -> None:
    """The database with the nation in it; what was made earlier is taken up. Today is the last day of its facts."""
    from django.core.management import call_command
    from django.db.models import F
    from server_data import PROGRAMME, about, nation

    from indsats.web.models import Case, Due, Fact, Person, Responsible, User
    from indsats.web.opening import last_day
    from indsats.web.record.loading import load_record
    from indsats.web.seed import invented_name, people_and_users

    call_command("migrate", verbosity=0)
    if not Fact.objects.exists():
        if not write:
            sys.exit("there is no database yet: leave --only out")
        found = nation(cases, folder)
        told(about(found))
        start = time.perf_counter()
        count = load_record(found.record, found.definition, invented_name)
        seconds = time.perf_counter() - start
        told(f"loaded {count:,} facts in {seconds:.0f} s ({count / seconds:,.0f} a second)")
        os.environ["INDSATS_TODAY"] = found.day.isoformat()
    kept = folder / "day"
    if not kept.exists():
        kept.write_text(str(last_day()))
    os.environ["INDSATS_TODAY"] = kept.read_text()
    if not User.objects.exists():
        people_and_users(PROGRAMME)
        Person.objects.annotate(one=F("pk") % 487).filter(one=0).update(protected=True)  # two in a thousand
    if not Case.objects.exists():
        rebuilt()
    told(
        f"{Case.objects.count():,} cases, {Fact.objects.count():,} facts, {Due.objects.count():,} due, "
        f"{Responsible.objects.count():,} responsible; today is {os.environ['INDSATS_TODAY']}"
    )


def rebuilt() -> None:
    """Every projection anew."""
    from django.db import connection

    from indsats.web.derive import rebuild

    start = time.perf_counter()
    count = rebuild()
    seconds = time.perf_counter() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told(f"rebuilt {count:,} persons in {seconds:.0f} s, at most {most} MB")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ordinary() -> tuple[str, dict[str, Any]]:
    """A caseworker with a middling number of active cases, and what there is to open."""
    from django.db.models import Count

    from indsats.web.models import Case, Responsible

    loads = list(
        Responsible.objects.filter(until=None, case__state="active")
        .values_list("worker")
        .annotate(n=Count("case", distinct=True))
        .order_by("n", "worker")
    )
    from indsats.web.models import Membership

    mine = set(Membership.objects.filter(role="caseworker").values_list("user__username", flat=True))
    ranked = [(name, count) for name, count in loads if name in mine]
    name, count = ranked[len(ranked) // 2]
    site = Membership.objects.get(user__username=name, role="caseworker").site
    there = Case.objects.filter(site=site, state="active", responsible__worker=name, responsible__until=None)
    cases = list(there.distinct().order_by("pk").values_list("pk", "person__name")[:400])
    told(
        f"as {name}: {count} active cases of their own, {Case.objects.filter(site=site).count():,} at the site"
    )
    return name, {"cases": cases, "site": site}


def _case(known: dict[str, Any]) -> str:
    return random.choice(known["cases"])[0]  # noqa: S311 - which case is opened


def _first_name(known: dict[str, Any]) -> str:
    return random.choice(known["cases"])[1].split()[0][:4]  # noqa: S311


def _fill(visitor: Any, path: str, field: str, sent: dict[str, str]) -> Callable[[], Any]:
    """A form that has been opened, ready to be sent."""
    shown = visitor.get(path)
    fields = hidden(getattr(shown, "text", None) or shown.content.decode(), f'name="{field}"')
    return lambda: visitor.post(path, {**dict(fields), **sent})


def _register(visitor: Any, known: dict[str, Any]) -> Callable[[], Any]:
    path = f"/sager/{_case(known)}/ny/contact_attempt/"
    return _fill(visitor, path, "reached", {"reached": "false", "occurred_from": os.environ["INDSATS_TODAY"]})


def _search(visitor: Any, known: dict[str, Any]) -> Callable[[], Any]:
    """The search, and the page it leads to."""
    ask = _fill(visitor, "/soeg/", "q", {"q": _first_name(known)})

    def both() -> Any:
        answer = ask()
        place = getattr(answer, "location", None) or answer["Location"]
        return visitor.get(place)

    return both


STEPS: dict[str, Step] = {
    "my day": lambda visitor, _: lambda: visitor.get("/"),
    "a queue": lambda visitor, _: lambda: visitor.get("/?koe=meetings_late"),
    "case": lambda visitor, known: lambda: visitor.get(f"/sager/{_case(known)}/"),
    "form": lambda visitor, known: lambda: visitor.get(f"/sager/{_case(known)}/ny/meeting/"),
    "registering": _register,
    "search": lambda visitor, known: _search(visitor, known),
    "cases": lambda visitor, _: lambda: visitor.get("/sager/"),
}


def pages() -> None:
    """Each page in this process, without a network: milliseconds, and queries of a request; a search is two of them."""
    from django.conf import settings
    from django.core.signals import request_started
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from indsats.web.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    name, known = ordinary()
    client = Client()
    client.force_login(User.objects.get(username=name))
    client.get("/")
    begun: list[int] = []
    request_started.connect(lambda **_: begun.append(len(connection.queries)), weak=False)
    told(f"{'page':16}{'p50 ms':>8}{'p95 ms':>8}{'most':>8}{'queries':>9}")
    for page, step in STEPS.items():
        times, counts = [], []
        for number in range(ROUNDS + 3):
            ready = step(client, known)
            if number < 3:  # what is read once by a process
                ready()
                continue
            start = time.perf_counter()
            answer = ready()
            times.append(time.perf_counter() - start)
            if answer.status_code not in (200, 302):
                sys.exit(f"{page}: {answer.status_code}")
        for _ in range(5):
            ready = step(client, known)
            begun.clear()
            with CaptureQueriesContext(connection) as said:
                ready()
            log = connection.queries
            for start, end in pairwise([*begun, len(log)]):
                counts.append(sum(not one["sql"].startswith(NO_QUESTIONS) for one in log[start:end]))
        told(f"{page:16}{_ms(times, 50):8.0f}{_ms(times, 95):8.0f}{max(times) * 1000:8.0f}{max(counts):9}")
        if os.environ.get("PLANS") == page:
            _explained(said)


def _explained(said: Any) -> None:
    from django.db import connection

    for one in said.captured_queries:
        told(f"{one['time']} {one['sql'][:3000]}")
        if one["sql"].startswith(("SELECT", "UPDATE", "DELETE")):
            with connection.cursor() as cursor:
                plan = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
                cursor.execute(plan + one["sql"].replace("%", "%%"))
                for row in cursor.fetchall():
                    told(f"      {row[-1]}")


def _ms(times: Sequence[float], share: int) -> float:
    return statistics.quantiles(times, n=100)[share - 1] * 1000 if len(times) > 1 else times[0] * 1000


def together(database: str, seconds: int, thinking: float) -> None:
    """Fifty people at once on a real server, each with cases of their own, for a while."""
    from django.db import connections

    people = list(_people())
    connections.close_all()
    with_time = f"{thinking:.0f} s to think" if thinking else "no time to think"
    server = Server(database, environment={"INDSATS_SECRET": "only for measuring"}).start(600)
    try:
        command = [sys.executable, __file__, "--client", server.url, str(seconds), str(thinking)]
        found = subprocess.run(  # noqa: S603 - this very program
            command, input=json.dumps(people), capture_output=True, text=True, check=True
        )
    finally:
        server.stop()
    told(f"{len(people)} people, {with_time}, {seconds} s:")
    told(found.stdout.rstrip())


def _people() -> Iterator[tuple[str, dict[str, Any]]]:
    from django.contrib.auth.hashers import make_password

    from indsats.web.models import Case, Membership, User

    some = (
        Membership.objects.filter(role="caseworker", site__isnull=False).select_related("user").order_by("pk")
    )
    chosen = random.Random(1).sample(list(some), USERS)  # noqa: S311 - the same people each time
    quick = make_password("kun-til-afproevning")
    User.objects.filter(pk__in=[one.user_id for one in chosen]).update(password=quick)
    for one in chosen:
        open_ = Case.objects.filter(site=one.site, state="active", person__protected=False)
        cases = open_.order_by("pk")[:100]
        yield one.user.username, {"cases": list(cases.values_list("pk", "person__name"))}


def client(url: str, seconds: int, thinking: float) -> None:
    """What the fifty do, in a process beside the server's; prints a line for each page."""
    people = json.loads(sys.stdin.read())
    os.environ.setdefault("INDSATS_TODAY", date.today().isoformat())  # noqa: DTZ011
    times: dict[str, list[float]] = defaultdict(list)
    errors: list[str] = []
    ready = threading.Barrier(len(people) + 1)
    threads = [
        threading.Thread(target=_works, args=(url, name, known, thinking, times, errors, ready), daemon=True)
        for name, known in people
    ]
    for one in threads:
        one.start()
    ready.wait(600)
    for one in threads:
        one.join(seconds + 300)
    every = [each for some in times.values() for each in some]
    told(f"  {'page':16}{'times':>7}{'p50 ms':>8}{'p95 ms':>8}")
    for page, some in {**times, "all": every}.items():
        told(f"  {page:16}{len(some):7}{_ms(some, 50):8.0f}{_ms(some, 95):8.0f}")
    told(f"  errors: {len(errors)}{''.join(f'{chr(10)}    {one}' for one in errors[:5])}")
    told(f"  {len(every) / seconds:.1f} pages a second")


def _works(
    url: str,
    name: str,
    known: dict[str, Any],
    thinking: float,
    times: dict[str, list[float]],
    errors: list[str],
    ready: threading.Barrier,
) -> None:
    """One of the fifty: my day, a case, a registration, now and then a search or the list."""
    visitor = Measured(url)
    visitor.sign_in(name, "kun-til-afproevning")
    visitor.get("/")
    ready.wait(600)
    until = time.monotonic() + float(sys.argv[3])
    own = random.Random(name)  # noqa: S311 - the same work each time
    if thinking:
        time.sleep(own.random() * thinking * 2)
    while time.monotonic() < until:
        page = own.choices(list(STEPS), weights=(3, 2, 5, 1, 3, 1, 1))[0]
        try:
            step = STEPS[page](visitor, known)
            start = time.perf_counter()
            answer = step()
            times[page].append(time.perf_counter() - start)
            if answer.status not in (200, 302):
                errors.append(f"{page}: {answer.status}")
        except Exception as failed:
            errors.append(f"{page}: {failed!r}")
        if thinking:
            time.sleep(own.random() * thinking * 2)


class Measured(Visitor):
    """A visitor who takes the fields of a form as a mapping, as Django's test client does."""

    def post(self, path: str, fields: Any) -> Any:
        """The answer to a form."""
        return super().post(path, fields.items() if isinstance(fields, dict) else fields)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--client"]:
        client(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    else:
        main()
