"""The kinds of facts: their fields, which must be filled, and the values that are the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that says something."""

Hours = Annotated[float, Field(ge=0, le=168)]
"""Hours in a week; a week has 168."""


class FactPayload(BaseModel):
    """What a fact of one kind says beside who, where and when.

    The class variables say which of the common columns the kind needs and whether it may lie ahead of the
    day it was recorded; ``validate`` reads them, so that a rule about a kind stands in one place.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    needs_person: ClassVar[bool] = True
    nameless_when: ClassVar[Mapping[str, tuple[bool, ...]]] = {}
    """Field and values with which a fact of a kind that needs a person may name nobody; it then needs a site."""
    needs_enrolment: ClassVar[bool] = False
    needs_site: ClassVar[bool] = False
    has_service: ClassVar[bool] = False
    """Whether the fact itself names the service; other facts take it from their enrolment."""
    ends_ahead: ClassVar[bool] = False
    """Whether ``occurred_to`` may lie after the day it was recorded (an agreed end)."""
    begins_ahead: ClassVar[bool] = False
    """Whether ``occurred_from`` may lie ahead of the recording whatever the fact says (agreed on beforehand)."""
    starts_ahead: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Field and values with which ``occurred_from`` may lie ahead of the recording (an appointment)."""
    form_filled_when: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Field and values with which the form's required fields must be filled; always when empty."""
    lists: ClassVar[tuple[str, ...]] = ()
    """Text fields that hold several names joined by ";"."""
    follows: ClassVar[bool] = True
    """Whether a fact of the kind shows that the data reach to its day; what is said about figures does not."""


class Drawn(FactPayload):
    """A draw put the person in an arm."""

    draw: Words
    arm: Words


class Excluded(FactPayload):
    """The person was left out before or after a draw or visitation."""

    reason: Words


class Visitation(FactPayload):
    """The person was assessed; ``group`` is the target group found, none when no group fitted.

    ``legal_basis`` is the paragraph the person can be enrolled under.
    """

    group: Words | None = None
    legal_basis: Words | None = None


class Enrolled(FactPayload):
    """The person began in a service; the enrolment is named by the common column ``enrolment``."""

    needs_enrolment: ClassVar[bool] = True
    has_service: ClassVar[bool] = True

    case_opened: bool | None = None


class Assigned(FactPayload):
    """A worker took a role towards the person."""

    role: Words
    worker: Words | None = None


class Plan(FactPayload):
    """A plan was made or changed; each one is a version of the citizen's one plan.

    ``on_behalf`` says why somebody agreed to it on the citizen's behalf.
    """

    ends_ahead: ClassVar[bool] = True

    goal: Words | None = None
    agreed_by_citizen: bool | None = None
    on_behalf: Words | None = None


class Activity(FactPayload):
    """Something the plan holds, for a sub-goal: what, why, who sees to it, and when.

    ``by`` is a role, a department or a name of what the citizen is offered; it names no person. An activity that
    gets under way, is done or dropped is corrected, so that each of its versions stays.
    """

    ends_ahead: ClassVar[bool] = True
    starts_ahead: ClassVar[Mapping[str, tuple[str, ...]]] = {"status": ("planned", "dropped")}

    subgoal: Words
    activity: Words
    purpose: Words | None = None
    by: Words | None = None
    hours_per_week: Hours | None = None
    status: Literal["planned", "under_way", "done", "dropped"]


class SubgoalReviewed(FactPayload):
    """A sub-goal of the plan was looked at: how far it is, and whether what is done for it works.

    ``activities_work``: the activities have the effect they were to have. ``adjust``: their content is to be
    changed. ``other_activities``: others are needed.
    """

    subgoal: Words
    status: Literal["not_started", "under_way", "reached", "dropped"]
    activities_work: bool | None = None
    adjust: bool | None = None
    other_activities: bool | None = None


class Cv(FactPayload):
    """A CV was made or changed."""

    published: bool


class JobGoal(FactPayload):
    """A job goal: A now, B with some effort, C in the long run."""

    level: Literal["A", "B", "C"] | None = None
    occupation: Words | None = None


class Meeting(FactPayload):
    """A meeting that is planned, was held, or came to nothing.

    An appointment can be cancelled or moved before its day comes, so those too may lie ahead. Only a meeting
    that was held must have the required fields of its form. ``participants`` are the roles that took part beside
    the person, joined by ";". ``minutes_shared``: the person has the minutes (true), they are written and not
    shared (false), there are none (empty). ``citizen_said`` is what the citizen answered to the appointment:
    that they come, or that they ask to move it, ``citizen_wish`` to when.
    """

    starts_ahead: ClassVar[Mapping[str, tuple[str, ...]]] = {"outcome": ("planned", "cancelled", "moved")}
    form_filled_when: ClassVar[Mapping[str, tuple[str, ...]]] = {"outcome": ("held",)}
    lists: ClassVar[tuple[str, ...]] = ("participants",)

    type: Words
    outcome: Literal["planned", "held", "no_show", "cancelled", "moved"]
    reason: Words | None = None
    place: Words | None = None
    worker: Words | None = None
    participants: Words | None = None
    minutes_shared: bool | None = None
    citizen_said: Literal["coming", "move"] | None = None
    citizen_wish: Words | None = None


class ContactAttempt(FactPayload):
    """Somebody tried to reach the person."""

    channel: Words | None = None
    reached: bool


class WalkIn(FactPayload):
    """The person came by without an appointment.

    Who has no case is counted at the site and needs no name: advice is given to anybody.
    """

    nameless_when: ClassVar[Mapping[str, tuple[bool, ...]]] = {"has_case": (False,)}

    topic: Words | None = None
    action: Words | None = None
    summoned: bool | None = None
    has_case: bool | None = None


class Agreement(FactPayload):
    """An agreement with the person, an employer or somebody else, from its first day to its agreed end."""

    begins_ahead: ClassVar[bool] = True
    ends_ahead: ClassVar[bool] = True

    type: Words
    counterpart: Words | None = None
    hours_per_week: Hours | None = None


class Placement(FactPayload):
    """A company-directed effort, from and to."""

    begins_ahead: ClassVar[bool] = True
    ends_ahead: ClassVar[bool] = True

    type: Words
    employer: Words | None = None
    hours_per_week: Hours | None = None


class WorkHours(FactPayload):
    """Hours worked a week, from and to, and how we know."""

    ends_ahead: ClassVar[bool] = True

    hours_per_week: Hours
    type: Literal["ordinary", "subsidised", "flex", "education", "unpaid"]
    evidence: Literal["payslip", "register", "employer", "citizen", "estimate"] | None = None


class ParallelEffort(FactPayload):
    """An effort of another kind that runs beside, by whoever has it (``by``), with the hours a week it takes."""

    ends_ahead: ClassVar[bool] = True

    type: Words
    by: Words | None = None
    hours_per_week: Hours | None = None


class Pause(FactPayload):
    """A time in which nothing falls due."""

    ends_ahead: ClassVar[bool] = True

    reason: Words | None = None


class RequirementAnswered(FactPayload):
    """Whether a minimum requirement was met for an enrolment; some requirements can be met partly."""

    needs_enrolment: ClassVar[bool] = True

    requirement: Words
    answer: Literal["yes", "partly", "no", "not_applicable"]
    reason: Words | None = None


class QuestionnaireAnswered(FactPayload):
    """Answers to a questionnaire about a person; an item without an answer is None.

    ``wave`` is the round of the questionnaire it belongs to, where it has rounds. ``edition`` is the edition that
    was answered; without it the day says which.
    """

    questionnaire: Words
    rater: Words
    wave: Words | None = None
    edition: Words | None = None
    answers: dict[str, int | None] = Field(min_length=1)


AskedStep = Literal["invited", "reminded", "declined", "not_relevant", "not_reached"]
"""What was done, or came of it, when somebody was asked to answer a round; an answer is a fact of its own."""


class QuestionnaireAsked(FactPayload):
    """What was done about a round of a questionnaire about a person, beside an answer.

    It needs no enrolment, as an answer needs none: somebody can be invited, or decline, before they begin. Without
    a ``rater`` it is about all who may answer. ``wave`` is the round, where the questionnaire has rounds.
    """

    questionnaire: Words
    rater: Words | None = None
    wave: Words | None = None
    step: AskedStep
    channel: Words | None = None
    reason: Words | None = None


class ProgrammeEvent(FactPayload):
    """A dated fact of the programme's own; ``event`` names it in the definition, ``value`` its outcome."""

    event: Words
    value: Words | None = None


class Exit(FactPayload):
    """The enrolment ended."""

    needs_enrolment: ClassVar[bool] = True

    reason: Words | None = None


class SiteAnswered(FactPayload):
    """Answers to a questionnaire about how a site works; an item without an answer is None.

    ``respondent`` tells those apart who answer for the same site. ``wave`` and ``edition`` are as in
    ``questionnaire_answered``.
    """

    needs_person: ClassVar[bool] = False
    needs_site: ClassVar[bool] = True

    questionnaire: Words
    rater: Words
    respondent: Words | None = None
    wave: Words | None = None
    edition: Words | None = None
    answers: dict[str, int | None] = Field(min_length=1)


class SiteAsked(FactPayload):
    """What was done about a round of a questionnaire about how a site works, beside an answer.

    ``respondent`` is who was asked, named as in the answers; without one it is about all who answer for the site.
    """

    needs_person: ClassVar[bool] = False
    needs_site: ClassVar[bool] = True

    questionnaire: Words
    rater: Words | None = None
    respondent: Words | None = None
    wave: Words | None = None
    step: AskedStep
    channel: Words | None = None
    reason: Words | None = None


class SiteSetting(FactPayload):
    """A site chose its own value of a setting; it holds from its day until the site chooses another."""

    needs_person: ClassVar[bool] = False
    needs_site: ClassVar[bool] = True

    setting: Words
    value: float


class DeviationExplained(FactPayload):
    """Why a target was not met, from ``occurred_from`` to ``occurred_to``, in a unit, at a site or in the whole.

    With neither ``unit`` nor ``site`` it is about the whole programme. ``explanation`` is shown in reports as it is
    written: it is about figures, and names nobody.
    """

    needs_person: ClassVar[bool] = False
    follows: ClassVar[bool] = False

    indicator: Words
    unit: Words | None = None
    cause: Words | None = None
    explanation: Words


class ActionPlanned(FactPayload):
    """What is done about a target that was not met, from ``occurred_from`` and at the latest on ``occurred_to``.

    ``owner`` is the role that sees to it. A plan that gets under way, is done or dropped is corrected, so that each
    of its versions stays. ``action`` is shown in reports as it is written, and names nobody.
    """

    needs_person: ClassVar[bool] = False
    ends_ahead: ClassVar[bool] = True
    starts_ahead: ClassVar[Mapping[str, tuple[str, ...]]] = {"status": ("planned", "dropped")}
    follows: ClassVar[bool] = False

    indicator: Words
    unit: Words | None = None
    action: Words
    owner: Words | None = None
    status: Literal["planned", "under_way", "done", "dropped"]


KINDS: Mapping[str, type[FactPayload]] = {
    "drawn": Drawn,
    "excluded": Excluded,
    "visitation": Visitation,
    "enrolled": Enrolled,
    "assigned": Assigned,
    "plan": Plan,
    "activity": Activity,
    "subgoal_reviewed": SubgoalReviewed,
    "cv": Cv,
    "job_goal": JobGoal,
    "meeting": Meeting,
    "contact_attempt": ContactAttempt,
    "walk_in": WalkIn,
    "agreement": Agreement,
    "placement": Placement,
    "hours": WorkHours,
    "parallel_effort": ParallelEffort,
    "pause": Pause,
    "requirement_answered": RequirementAnswered,
    "questionnaire_answered": QuestionnaireAnswered,
    "questionnaire_asked": QuestionnaireAsked,
    "event": ProgrammeEvent,
    "exit": Exit,
    "site_answered": SiteAnswered,
    "site_asked": SiteAsked,
    "site_setting": SiteSetting,
    "deviation_explained": DeviationExplained,
    "action_planned": ActionPlanned,
}
"""The model of each kind, by the name that files, rules and indicators use."""

ASKED_ABOUT: Mapping[str, Literal["person", "site"]] = {
    "questionnaire_answered": "person",
    "site_answered": "site",
}
"""The kinds that hold answers, and what the questionnaires they answer are about."""

ROUND_ABOUT: Mapping[str, Literal["person", "site"]] = {
    **ASKED_ABOUT,
    "questionnaire_asked": "person",
    "site_asked": "site",
}
"""The kinds that name a questionnaire, its rater and its round, and what those questionnaires are about."""
