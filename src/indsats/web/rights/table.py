"""Who may do what to which, where: the one table of rights.

A right is a role, an action, a kind and a scope. Everything that is not in the table is refused. The tests are made
from it: every role against every page, list, search and export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from indsats.programme import Text
from indsats.record import KINDS

RoleName = Literal[
    "caseworker",
    "job_broker",
    "company_consultant",
    "cti_worker",
    "coordinator",
    "manager",
    "evaluator",
    "administrator",
    "citizen",
]
Scope = Literal["self", "own", "site", "programme"]
"""self: the citizen's own person; own: cases the worker is responsible for; site: those at the membership's site (all
sites of the programme where it names none); programme: all of the programme."""

WIDER: Mapping[Scope, int] = {"self": 0, "own": 1, "site": 2, "programme": 3}

Action = Literal[
    "see", "register", "correct", "withdraw", "answer", "invite", "letter", "assign", "hand_over", "import", "draw",
    "merge", "export", "glass", "protected", "steer", "control", "administer",
]  # fmt: skip
"""see also lists and searches; ``answer`` is what a citizen may write: whether they come to a planned meeting, and a
questionnaire they are asked to fill in; ``invite`` gives a citizen the link to their own page, ``letter`` a letter;
``protected`` knows of shielded persons (on ``log``: reads of them too); ``glass`` may break the glass, with a reason;
``steer`` opens the pages of figures, ``control`` the log of reads, ``administer`` users and their memberships."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the server: what it is called, and who may hold it."""

    name: RoleName
    title: Text
    held_by: Text


@dataclass(frozen=True, slots=True)
class Right:
    """A role may do an action to a kind within a scope; ``kind`` is a kind of fact, or one of ``THINGS``."""

    role: RoleName
    action: Action
    kind: str
    scope: Scope


THINGS = ("case", "mine", "caseload", "figures", "batch", "person", "log", "users")
"""What rights are about beside the kinds of facts. ``case``: that somebody is in a programme, and where; what is known
of them is in their facts, kind by kind. ``mine``: the page a citizen has about their own course."""

PERSON_FACTS = tuple(kind for kind, model in KINDS.items() if model.needs_person)
SITE_FACTS = tuple(kind for kind, model in KINDS.items() if not model.needs_person)
INTAKE = ("drawn", "excluded", "visitation", "enrolled")
WORK = tuple(kind for kind in PERSON_FACTS if kind not in (*INTAKE, "assigned", "exit"))
"""What happens in a case between its beginning and its end."""
COMPANY = ("meeting", "contact_attempt", "agreement", "placement", "hours", "job_goal", "cv")
"""What those do who work with companies."""

ROLES: Mapping[RoleName, Role] = {
    role.name: role
    for role in (
        Role(
            "caseworker",
            Text(da="Sagsbehandler", en="Caseworker"),
            Text(
                da="Den, der har ansvar for borgerens sag.", en="Who is responsible for the citizen's case."
            ),
        ),
        Role(
            "job_broker",
            Text(da="Jobformidler", en="Job broker"),
            Text(
                da="Den, der finder job og ordinære timer sammen med borgeren.",
                en="Who finds jobs and ordinary hours together with the citizen.",
            ),
        ),
        Role(
            "company_consultant",
            Text(da="Virksomhedskonsulent", en="Company consultant"),
            Text(
                da="Den, der aftaler forløb med virksomheder.", en="Who agrees on placements with companies."
            ),
        ),
        Role(
            "cti_worker",
            Text(da="CTI-medarbejder", en="CTI worker"),
            Text(
                da="Den, der giver social støtte i overgangen til job.",
                en="Who gives social support in the transition to a job.",
            ),
        ),
        Role(
            "coordinator",
            Text(da="Tovholder", en="Coordinator"),
            Text(
                da="Den, der fordeler sager og følger indsatsen på et sted.",
                en="Who assigns cases and follows the effort at a site.",
            ),
        ),
        Role(
            "manager",
            Text(da="Leder", en="Manager"),
            Text(
                da="Den, der styrer efter mål og fører kontrol.",
                en="Who steers by targets and sees to control.",
            ),
        ),
        Role(
            "evaluator",
            Text(da="Evaluator", en="Evaluator"),
            Text(
                da="Den, der undersøger, om indsatsen virker.", en="Who finds out whether the effort works."
            ),
        ),
        Role(
            "administrator",
            Text(da="Administrator", en="Administrator"),
            Text(da="Den, der opretter brugere og giver roller.", en="Who creates users and gives roles."),
        ),
        Role(
            "citizen",
            Text(da="Borger", en="Citizen"),
            Text(da="Den, forløbet handler om.", en="Whom the course is about."),
        ),
    )
}
"""The roles, by name; ``held_by`` says who may hold one."""


def _rights(role: RoleName, scope: Scope, actions: tuple[Action, ...], kinds: tuple[str, ...]) -> list[Right]:
    return [Right(role, action, kind, scope) for action in actions for kind in kinds]


RIGHTS: tuple[Right, ...] = (
    # a caseworker works on every case at the site: colleagues stand in for one another
    *_rights("caseworker", "site", ("see",), ("case", "caseload", "figures", *PERSON_FACTS)),
    *_rights("caseworker", "site", ("register", "correct"), (*INTAKE, *WORK, "exit")),
    # and on the cases they have themselves, wherever those are
    *_rights("caseworker", "own", ("see",), ("case", *PERSON_FACTS)),
    *_rights("caseworker", "own", ("register", "correct"), (*INTAKE, *WORK, "exit")),
    *_rights("caseworker", "own", ("withdraw",), (*WORK, "exit")),
    *_rights("caseworker", "own", ("protected", "hand_over", "invite", "letter"), ("case",)),
    *_rights("caseworker", "site", ("invite", "letter"), ("case",)),
    *_rights("caseworker", "programme", ("glass",), ("case",)),
    *_rights("caseworker", "site", ("steer",), ("figures",)),
    # who works with companies sees the case they are in, and does their part of it
    *_rights("job_broker", "own", ("see",), ("case", *PERSON_FACTS)),
    *_rights("job_broker", "own", ("register", "correct", "withdraw"), WORK),
    *_rights("job_broker", "own", ("protected", "hand_over", "invite", "letter"), ("case",)),
    *_rights("job_broker", "site", ("steer", "see"), ("figures",)),
    *_rights(
        "company_consultant", "own", ("see",), ("case", "enrolled", "assigned", "exit", "pause", *COMPANY)
    ),
    *_rights("company_consultant", "own", ("register", "correct"), COMPANY),
    *_rights("company_consultant", "own", ("protected", "hand_over"), ("case",)),
    # social support: no work agreements, no wages, no reasons for leaving out
    *_rights(
        "cti_worker",
        "own",
        ("see",),
        ("case", *(kind for kind in PERSON_FACTS if kind not in ("hours", "excluded", "drawn"))),
    ),
    *_rights(
        "cti_worker",
        "own",
        ("register", "correct"),
        (
            "meeting",
            "contact_attempt",
            "event",
            "activity",
            "subgoal_reviewed",
            "questionnaire_answered",
            "questionnaire_asked",
        ),
    ),
    *_rights("cti_worker", "own", ("protected", "hand_over", "invite"), ("case",)),
    # a coordinator runs the site: intake, assignment, and the figures behind the barometer
    *_rights("coordinator", "site", ("see",), ("case", "caseload", "figures", *PERSON_FACTS, *SITE_FACTS)),
    *_rights("coordinator", "site", ("register", "correct", "withdraw"), (*PERSON_FACTS, *SITE_FACTS)),
    *_rights("coordinator", "site", ("assign", "hand_over", "invite", "letter", "protected"), ("case",)),
    *_rights("coordinator", "site", ("import", "draw"), ("batch",)),
    *_rights("coordinator", "site", ("merge",), ("person",)),
    *_rights("coordinator", "programme", ("glass",), ("case",)),
    *_rights("coordinator", "programme", ("steer",), ("figures",)),
    *_rights("coordinator", "site", ("export",), ("case",)),
    # a manager steers, explains and controls; a case is opened only to follow a figure or a read
    *_rights("manager", "site", ("see",), ("case", "caseload", "figures", *PERSON_FACTS, *SITE_FACTS)),
    *_rights(
        "manager", "site", ("register", "correct"), ("deviation_explained", "action_planned", "site_setting")
    ),
    *_rights("manager", "programme", ("steer",), ("figures",)),
    *_rights("manager", "site", ("control",), ("log",)),
    *_rights("manager", "site", ("export",), ("figures",)),
    # an evaluator sees figures, never persons
    *_rights("evaluator", "programme", ("steer", "see", "export"), ("figures",)),
    *_rights("evaluator", "programme", ("see",), SITE_FACTS),
    # an administrator gives rights and has none over cases
    *_rights("administrator", "programme", ("administer", "see"), ("users",)),
    *_rights("administrator", "programme", ("control", "protected"), ("log",)),
    # a citizen has a page of their own, and no page of the staff's
    *_rights(
        "citizen",
        "self",
        ("see",),
        ("mine", "plan", "activity", "meeting", "subgoal_reviewed", "agreement", "placement", "enrolled"),
    ),
    *_rights("citizen", "self", ("answer",), ("meeting", "questionnaire_answered")),
)
"""Every right there is."""

assert all(right.kind in (*THINGS, *KINDS) and right.action in get_args(Action) for right in RIGHTS)  # noqa: S101
