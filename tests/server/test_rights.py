"""Rights: for every role, every address and every kind of case, the server answers as the table of rights says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
from django.test import Client

import cast
from cast import KIND, NOWHERE, Played, Sample

pytestmark = pytest.mark.django_db

PUBLIC = {"sign-in", "sign-out", "language", "help", "look", "link", "link-code"}
"""Addresses for everybody, signed in or not."""
CASES = "sager/<str:public>/"
"""What the addresses of a case begin with."""
KINDS: dict[str, tuple[str, str]] = {
    "case-measurements": ("see", "questionnaire_answered"),
    "case-requirements": ("see", "requirement_answered"),
    "case-hours": ("see", "hours"),
    "case-plan": ("see", "plan"),
    "register": ("register", KIND),
    "renew": ("register", "agreement"),
    "correct": ("correct", KIND),
    "withdraw": ("withdraw", KIND),
    "draft": ("register", KIND),
}
"""What is asked for in a case beside the right to the screen."""
OF_CASE = {"hand-over"}
"""Further addresses whose ``public`` is a case's."""


def kwargs_of(name: str, whose: Played, one: Sample) -> dict[str, Any]:
    """What an address of a case takes beside the case."""
    return {
        "register": {"kind": KIND},
        "correct": {"fact": whose.facts[one.name]},
        "withdraw": {"fact": whose.facts[one.name]},
        "case-letter": {"letter": whose.letters[one.name]},
        "renew": {"fact": f"agreement-{one.case.public}"},
    }.get(name, {})


def data_of(name: str) -> dict[str, Any] | None:
    """What is sent to an address that does nothing without it."""
    return {"kind": KIND} if name == "draft" else None


OTHER: dict[str, dict[str, Any]] = {
    "hand-over-answer": {"pk": 10**9},
    "control-review": {"pk": 10**9},
    "user": {"pk": 10**9},
    "intake-part": {"key": 10**9},
    "intake-merge": {"one": NOWHERE, "other": NOWHERE},
    "intake-template": {"kind": "visitation"},
    "visit-undo": {"fact": NOWHERE},
    "figures-anew": {"page": "barometer"},
    "figure": {"page": "barometer", "programme": NOWHERE, "figure": NOWHERE},
    "link": {"token": NOWHERE},
    "mine-answer": {"public": NOWHERE, "asked": NOWHERE},
    "mine-meeting": {"fact": NOWHERE},
}
"""What the other addresses take; ``public`` is that of nothing."""


def other_kwargs(name: str, converters: set[str]) -> dict[str, Any]:
    """The arguments of an address that is not a case's; an address nobody has thought of fails."""
    known = OTHER.get(name, {"public": NOWHERE} if converters == {"public"} else {})
    assert set(known) == converters, f"say in OTHER what the address '{name}' takes: {sorted(converters)}"
    return known


QUERIES = {
    "assignment-bulk": ("?fra=ingen",),
    "cases": ("", "?tilstand=ended&orden=start", "?koe=no_next_step"),
    "cases-export": ("", "?tilstand=active"),
    "control": ("", "?alle=1&lister=1"),
    "users": ("", "?lukket=1"),
    "who-was-responsible": ("", "?medarbejder={user}", "?sag={own}", "?sag={away}", "?sag={shielded}"),
}
"""What the addresses of pages are opened with; others with nothing."""

EMPTY = {*(name for name in OTHER if name not in ("intake-template", "figures-anew")), "report-make"}
"""Addresses of something that is not there: nobody finds it, and those without the right not even the screen."""


def is_of_case(name: str, route: str) -> bool:
    """Whether an address is one of a case."""
    return route.startswith(CASES) or name in OF_CASE


@pytest.fixture
def reader_of(client: Client, db: None) -> Callable[[str], tuple[Client, Played]]:
    """A function that makes the cast of a role, and signs its user in."""

    def sign_in(role: str) -> tuple[Client, Played]:
        whose = cast.made(role)
        client.force_login(whose.user)
        client.raise_request_exception = False  # what breaks is told of together with its address
        return client, whose

    return sign_in


def roles() -> tuple[str, ...]:
    """Every role there is."""
    from indsats.web.rights import RoleName

    return get_args(RoleName)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test with a ``role`` is run for every role."""
    if "role" in metafunc.fixturenames:
        metafunc.parametrize("role", roles())


def test_every_address_has_a_rule() -> None:
    from indsats.web.rights import OPEN, SCREENS

    names = [name for name, _ in cast.patterns()]
    assert len(names) == len(set(names)), "two addresses have the same name"
    for name, pattern in cast.patterns():
        of = cast.screen_of(pattern)
        assert of in SCREENS or of in OPEN or name in PUBLIC, f"who may open '{name}' ({of})?"
        assert not (of in SCREENS and name in PUBLIC), name


def test_every_role_and_every_right_is_used_by_a_screen_or_asked_for_in_one() -> None:
    from indsats.web.rights import RIGHTS, ROLES, SCREENS

    assert {right.role for right in RIGHTS} == set(ROLES)
    assert {pair for pair in SCREENS.values() if pair[1] in ("log", "users")} <= {
        (right.action, right.kind) for right in RIGHTS
    }


def test_cases(role: str, reader_of: Callable[[str], tuple[Client, Played]]) -> None:
    """Every address of a case, for every case: found exactly when the table says so, and else as if there were none."""
    from indsats.web.models import Access, Person
    from indsats.web.rights import SCREENS

    client, whose = reader_of(role)
    wrong: list[str] = []
    for name, pattern in cast.patterns():
        if not is_of_case(name, str(pattern.pattern)):
            continue
        screen = SCREENS[cast.screen_of(pattern)]
        kwargs = kwargs_of(name, whose, whose.sample("own"))
        nowhere = cast.opened(client, name, data_of(name), public=NOWHERE, **kwargs)
        assert nowhere.status == 404, (name, nowhere.status)
        for one in whose.samples:
            before = Access.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            kwargs = kwargs_of(name, whose, one)
            found = cast.opened(client, name, data_of(name), public=one.case.public, **kwargs)
            allowed = whose.may(*screen, one) and (name not in KINDS or whose.may(*KINDS[name], one))
            if allowed and found.status in (403, 404, 500):
                wrong.append(f"{name}, {one.name}: may, and gets {found.status}")
            if not allowed and found.status != 404:
                wrong.append(f"{name}, {one.name}: may not, and gets {found.status}")
            if not allowed and not whose.may("see", "case", one):
                assert found.plain == nowhere.plain, (name, one.name)
                assert found.queries == nowhere.queries, (name, one.name)
            noted = set(
                Access.objects.filter(pk__gt=before, user=whose.user).values_list("person", flat=True)
            )
            assert found.named <= noted | {whose.user.person_id}, (
                f"{name}, {one.name}: a name was shown and not noted"
            )
            hidden = {other.case.person_id for other in whose.samples if not whose.may("see", "case", other)}
            assert not found.named & (hidden - {whose.user.person_id}), (
                f"{name}, {one.name}: shows who is hidden"
            )
    assert not wrong, f"{role}:\n" + "\n".join(wrong)
    assert Person.objects.filter(protected=True).exists()


def test_pages(role: str, reader_of: Callable[[str], tuple[Client, Played]]) -> None:
    """Every other address: found exactly when the table says so; it shows nobody hidden, and notes whom it shows."""
    from indsats.web.models import Access
    from indsats.web.rights import OPEN, SCREENS

    client, whose = reader_of(role)
    hidden = {one.case.person_id for one in whose.samples if not whose.may("see", "case", one)}
    if whose.may("protected", "log"):  # who sees to control knows of shielded persons that were read
        hidden -= {one.case.person_id for one in whose.samples if one.programme}
    if whose.may("see", "mine"):
        hidden -= {whose.user.person_id}
    wrong: list[str] = []
    for name, pattern in cast.patterns():
        if is_of_case(name, str(pattern.pattern)) or name in ("look", "sign-out"):
            continue
        for query in QUERIES.get(name, ("",)):
            before = Access.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            said = query.format(
                user=whose.user.username,
                **{one.name.replace(" ", "_"): one.case.public for one in whose.samples},
            )
            found = cast.opened(
                client, name, query=said, **other_kwargs(name, set(pattern.pattern.converters))
            )
            of = cast.screen_of(pattern)
            nothing = cast.sent(client, "", f"{found.asked.split('?')[0]}{NOWHERE}/")
            if of in SCREENS:
                allowed = whose.may(*SCREENS[of])
                gone = name in EMPTY or "?sag=" in said or pattern.pattern.converters.keys() == {"public"}
                if allowed and (found.status in (403, 500) or (found.status == 404 and not gone)):
                    wrong.append(f"{name}: may, and gets {found.status}")
                if not allowed and found.plain != nothing.plain:
                    wrong.append(f"{name}: may not, and gets {found.status}")
            else:
                assert of in OPEN or name in PUBLIC
                if found.status in (403, 500):
                    wrong.append(f"{name}: {found.status}")
            noted = set(
                Access.objects.filter(pk__gt=before, user=whose.user).values_list("person", flat=True)
            )
            missing = found.named - noted - {whose.user.person_id}
            if missing:
                wrong.append(f"{name}: shows {len(missing)} whose read was not noted")
            if found.named & hidden:
                wrong.append(f"{name}: shows somebody hidden")
    assert not wrong, f"{role}:\n" + "\n".join(wrong)


def test_nobody_signed_in_sees_the_way_in_and_nothing_else(client: Client) -> None:
    whose = cast.made("caseworker")
    for name, pattern in cast.patterns():
        kwargs = (
            {"public": whose.sample("own").case.public, **kwargs_of(name, whose, whose.sample("own"))}
            if is_of_case(name, str(pattern.pattern))
            else other_kwargs(name, set(pattern.pattern.converters))
        )
        if name in PUBLIC:
            continue
        found = cast.opened(client, name, **kwargs)
        there = found.response.headers.get("Location", "").split("?")[0]
        assert (found.status, there) == (302, "/log-ind/"), name


def test_scope_is_what_the_table_says(role: str, reader_of: Callable[[str], tuple[Client, Played]]) -> None:
    """The one scoping function, for every action and kind of the table, on every model."""
    from indsats.web.models import Case, Due, Fact, Person, Responsible
    from indsats.web.rights import RIGHTS, Reader, may, scope

    _, whose = reader_of(role)
    reader = Reader.of(whose.user)
    keys = {one.case.public: one for one in whose.samples}
    for action, kind in sorted({(right.action, right.kind) for right in RIGHTS}):
        wanted = {one.name for one in whose.samples if whose.may(action, kind, one)}
        of_cases = scope(reader, Case, action, kind).filter(pk__in=keys).values_list("pk", flat=True)
        assert {keys[key].name for key in of_cases} == wanted, (action, kind)
        assert {one.name for one in whose.samples if may(reader, action, kind, one.case)} == wanted
        assert may(reader, action, kind) == whose.may(action, kind)
        for model in (Due, Responsible):
            of_rows = scope(reader, model, action, kind).filter(case__in=keys).values_list("case", flat=True)
            assert {keys[key].name for key in of_rows} <= wanted, (model, action, kind)
        persons = {one.case.person_id: one.name for one in whose.samples}
        of_persons = scope(reader, Person, action, kind).filter(pk__in=persons).values_list("pk", flat=True)
        assert {persons[key] for key in of_persons} == wanted, (action, kind)
    for action in ("see", "correct", "withdraw"):
        facts = scope(reader, Fact, action).filter(fact__in=whose.facts.values(), kind=KIND)
        found = set(facts.values_list("fact", flat=True))
        assert found == {whose.facts[one.name] for one in whose.samples if whose.may(action, KIND, one)}, (
            action
        )


def test_whoever_may_do_something_in_a_case_may_see_it(role: str) -> None:
    from indsats.web.rights import RIGHTS
    from indsats.web.rights.table import PERSON_FACTS

    for right in RIGHTS:
        of_case = right.kind in PERSON_FACTS or (
            right.kind == "case" and right.action not in ("glass", "protected")
        )
        if right.role == role and of_case and right.action != "see":
            # a citizen sees no case, but a page of their own
            page = "mine" if right.action == "answer" else "case"
            sees = {
                one.scope for one in RIGHTS if (one.role, one.action) == (role, "see") and one.kind == page
            }
            assert right.scope in sees, right


def test_a_citizen_writes_two_narrow_things_and_only_about_themselves() -> None:
    from indsats.web.rights import RIGHTS

    written = {right for right in RIGHTS if right.role == "citizen" and right.action != "see"}
    assert {(right.action, right.kind, right.scope) for right in written} == {
        ("answer", "meeting", "self"),
        ("answer", "questionnaire_answered", "self"),
    }
    assert {right.role for right in RIGHTS if right.action == "answer"} == {"citizen"}


def test_an_enrolment_elsewhere_does_not_open_its_facts(
    reader_of: Callable[[str], tuple[Client, Played]],
) -> None:
    """Somebody's earlier course at another site stays with that site, though their present one is here."""
    from indsats.web.models import Case, Fact
    from indsats.web.rights import Reader, scope

    _, whose = reader_of("caseworker")
    away, site = whose.sample("away").case, whose.sample("site").case
    Case.objects.filter(pk=away.pk).update(person=site.person)
    Fact.objects.create(
        programme=away.programme, fact="elsewhere", kind=KIND, programme_version=1, person=site.person,
        enrolment=away.enrolment, site=away.site, occurred_from=away.start, payload={"reached": True},
        recorded_at="2020-01-01T00:00Z", recorded_by="prøve",
    )  # fmt: skip
    seen = scope(Reader.of(whose.user), Fact).values_list("fact", flat=True)
    assert "elsewhere" not in seen
    assert whose.facts["site"] in seen


def test_late_registrations_are_still_possible_a_while_after_the_end(
    reader_of: Callable[[str], tuple[Client, Played]],
) -> None:
    from datetime import timedelta

    from indsats.web import clock
    from indsats.web.models import Case, Responsible
    from indsats.web.rights import Reader, may
    from indsats.web.rights.scope import AFTER

    _, whose = reader_of("job_broker")
    case = whose.sample("own").case
    for days, wanted in ((1, True), (AFTER.days, True), (AFTER.days + 1, False)):
        end = clock.today() - timedelta(days=days)
        Case.objects.filter(pk=case.pk).update(end=end, state="ended")
        Responsible.objects.filter(case=case, worker=whose.user.username).update(until=end)
        assert may(Reader.of(whose.user), "register", "meeting", case) is wanted, days
    # who gave the case away before it ended has no more to do with it
    given_away = clock.today() - timedelta(days=20)
    Responsible.objects.filter(case=case, worker=whose.user.username).update(until=given_away)
    Case.objects.filter(pk=case.pk).update(end=clock.today() - timedelta(days=1))
    assert not may(Reader.of(whose.user), "register", "meeting", case)


def test_a_role_that_is_not_in_the_table_gives_nothing(client: Client) -> None:
    from indsats.web.models import Case, Membership, User
    from indsats.web.rights import Reader, scope

    user = User.objects.create(username="ukendt")
    Membership.objects.create(user=user, role="overlord", programme="flere-skal-med")
    assert not scope(Reader.of(user), Case).exists()
    client.force_login(user)
    assert client.get("/sager/").status_code == 404
    with pytest.raises(TypeError, match="nobody has said"):
        scope(Reader.of(user), User)
