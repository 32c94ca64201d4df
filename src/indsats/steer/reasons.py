"""Why something is not in a denominator: the keys of ``Figure.excluded``, and what each says to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from indsats import measure
from indsats.programme import Text

UNKNOWN_OUTCOME: Final = "unknown_outcome"
UNKNOWN_VALUE: Final = "unknown_value"
PLANNED: Final = "planned"
NO_ENROLMENT: Final = "no_enrolment"
NO_SITE: Final = "no_site"
NO_OPEN_DAYS: Final = "no_open_days"
NOT_YET_DUE: Final = "not_yet_due"
EXITED_BEFORE_DUE: Final = "exited_before_due"
NOT_OBSERVED_LONG_ENOUGH: Final = "not_observed_long_enough"
PHASE_ENDED_FIRST: Final = "phase_ended_first"
NOT_APPLICABLE: Final = "not_applicable"
NOT_MEASURED: Final = "not_measured"
NOT_REACHED: Final = "not_reached"
INCOMPLETE: Final = "incomplete"
NOT_ANSWERED: Final = "not_answered"
NO_WORKER: Final = "no_worker"
UNCLASSED: Final = "unclassed"

REASONS: Mapping[str, Text] = {
    UNKNOWN_OUTCOME: Text(
        da="mødets udfald er ikke registreret", en="the outcome of the meeting is not recorded"
    ),
    UNKNOWN_VALUE: Text(
        da="en oplysning, der afgør om det tæller med, mangler",
        en="a value that decides whether it counts is missing",
    ),
    PLANNED: Text(da="planlagt, endnu ikke sket", en="planned, has not happened yet"),
    NO_ENROLMENT: Text(da="hører ikke til et forløb", en="belongs to no enrolment"),
    NO_SITE: Text(da="sted ikke registreret", en="place not recorded"),
    NO_OPEN_DAYS: Text(
        da="stedets åbningsdage er ikke angivet", en="the opening days of the place are not given"
    ),
    NOT_YET_DUE: Text(da="frist efter data slutter", en="due after the data end"),
    EXITED_BEFORE_DUE: Text(da="afsluttet før fristen", en="left before it was due"),
    NOT_OBSERVED_LONG_ENOUGH: Text(da="ikke fulgt længe nok endnu", en="not yet followed long enough"),
    PHASE_ENDED_FIRST: Text(da="fasen sluttede før fristen", en="the phase ended before it was due"),
    NOT_APPLICABLE: Text(da="ikke relevant", en="not applicable"),
    # A requirement that nothing dated decides, and a person nobody measured.
    NOT_MEASURED: Text(
        da="ikke målt, eller uden dateret oplysning at måle på",
        en="not measured, or nothing dated to measure by",
    ),
    NOT_REACHED: Text(da="ikke sket endnu", en="has not happened yet"),
    INCOMPLETE: Text(da="ufuldstændig besvarelse", en="incomplete answers"),
    NOT_ANSWERED: Text(da="ikke besvaret", en="not answered"),
    UNCLASSED: Text(da="gruppen er ikke registreret", en="the class is not recorded"),
    NO_WORKER: Text(da="ingen medarbejder tilknyttet", en="no worker assigned"),
    measure.TOO_LATE: Text(
        da="målt, men for sent til at gælde starten", en="measured, but too late to count as the start"
    ),
    measure.BEFORE_ENROLMENT: Text(
        da="målt for længe før forløbet begyndte", en="measured too long before the enrolment began"
    ),
    measure.DECLINED: Text(da="sagt nej til at svare", en="declined to answer"),
    measure.ANOTHER_EDITION: Text(
        da="målt med en anden udgave af skemaet", en="measured with another edition of the form"
    ),
    measure.ANOTHER_RATER: Text(da="målt igen, men af en anden", en="measured again, but by somebody else"),
    measure.NOT_MEASURED_AGAIN: Text(da="ikke målt igen", en="not measured again"),
    measure.OUTSIDE_ROUNDS: Text(da="svaret uden for runderne", en="answered outside the rounds"),
    measure.DUPLICATE: Text(da="endnu et svar i samme runde", en="another answer in the same round"),
    "left": Text(da="har forladt indsatsen", en="has left the programme"),
    "no_class": Text(da="svarene hører ikke til nogen gruppe", en="the answers belong to no class"),
    "upcoming": Text(da="runden er ikke åbnet endnu", en="the round has not opened yet"),
    "ended": Text(da="forløbet sluttede før fristen", en="the enrolment ended before it was due"),
    "open": Text(da="fristen løber endnu", en="there is still time to answer"),
    "uninvited": Text(
        da="svarede uden at være inviteret ved navn", en="answered without an invitation by name"
    ),
    "unnamed": Text(da="svarede uden navn", en="answered without a name"),
}
"""A title for each reason that this room and that of measurement give."""
