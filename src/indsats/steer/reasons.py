"""Why something is not in a denominator: the keys of ``Figure.excluded``, and what each says to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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

REASONS: Mapping[str, Text] = {
    UNKNOWN_OUTCOME: Text(
        da="mødets udfald er ikke registreret", en="the outcome of the meeting is not recorded"
    ),
    UNKNOWN_VALUE: Text(
        da="en oplysning, der afgør om det tæller med, mangler",
        en="a value that decides whether it counts is missing",
    ),
    PLANNED: Text(da="planlagt, endnu ikke holdt", en="planned, not yet held"),
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
    NOT_MEASURED: Text(da="kan ikke måles på daterede oplysninger", en="cannot be told from dated facts"),
    NOT_REACHED: Text(da="ikke sket endnu", en="has not happened yet"),
    INCOMPLETE: Text(da="ufuldstændig besvarelse", en="incomplete answers"),
    NOT_ANSWERED: Text(da="ikke besvaret", en="not answered"),
    NO_WORKER: Text(da="ingen medarbejder tilknyttet", en="no worker assigned"),
}
"""A title for each reason this room gives."""
