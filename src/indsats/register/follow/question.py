"""What is asked of a register: states, when a person's clock starts, what lies before and what comes after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml
from pydantic import TypeAdapter

from indsats.library import register_preset_path
from indsats.programme import (
    ColumnOutcome,
    History,
    HoursOutcome,
    IndexEvent,
    MonthsOutcome,
    Programme,
    RegisterOutcome,
    RegisterState,
    StateOutcome,
)

from ..population import evaluation_of

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: the same, slower
    from yaml import SafeLoader as _Loader

OWN_COLUMNS = ("person", "index_week", "left_truncated", "observed_until")
"""The columns every table of cases has beside those that the question names."""


@dataclass(frozen=True)
class Question:
    """States by id, the index event, covariates from before it and outcomes after it.

    Raises ``ValueError`` when a state is named that is not there, or two columns would have one name.
    """

    states: Mapping[str, RegisterState]
    index: IndexEvent
    history: tuple[History, ...] = ()
    outcomes: tuple[RegisterOutcome, ...] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.named()).difference(self.states))
        if unknown:
            raise ValueError(f"no state is defined as {', '.join(unknown)}")
        ids = [*OWN_COLUMNS, *(part.id for part in (*self.history, *self.outcomes))]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"several columns would have the name {', '.join(twice)}")

    def named(self) -> Iterator[str]:
        """The states the index event, histories and outcomes look at; some several times."""
        if self.index.state is not None:
            yield self.index.state
        for history in self.history:
            yield history.state
            if history.of is not None:
                yield history.of
        for outcome in self.outcomes:
            yield from states_of(outcome)

    @property
    def counts_hours(self) -> bool:
        """Whether an outcome is made of monthly hours, whatever the states' rules are."""
        return any(
            isinstance(outcome, HoursOutcome) or (isinstance(outcome, MonthsOutcome) and outcome.hours)
            for outcome in self.outcomes
        )

    @property
    def needs_hours(self) -> bool:
        """Whether it cannot be answered without monthly hours."""
        return self.counts_hours or any(self.states[state].paid_hours for state in self.named())

    def without_hours(self) -> tuple[str, ...]:
        """The ids of the outcomes that can be answered without monthly hours."""
        alone = (Question(self.states, self.index, (), (outcome,)) for outcome in self.outcomes)
        return tuple(one.outcomes[0].id for one in alone if not one.needs_hours)


def states_of(outcome: RegisterOutcome) -> tuple[str, ...]:
    """The ids of the states an outcome looks at, each once; for a state outcome its own state comes first."""
    if isinstance(outcome, HoursOutcome):
        return ()
    if isinstance(outcome, MonthsOutcome):
        return tuple(dict.fromkeys(outcome.states))
    if isinstance(outcome, StateOutcome):
        return tuple(dict.fromkeys((outcome.state, *outcome.ends)))
    return (outcome.state,)


def question_of(programme: Programme, evaluation: str) -> Question:
    """The question an evaluation asks of the register; outcomes that are columns of the data are left out.

    Raises ``ValueError`` when the programme has no such evaluation or it is on packaged tables.
    """
    ev = evaluation_of(programme, evaluation)
    if ev.index is None:
        raise ValueError(
            f"the evaluation '{evaluation}' is on packaged tables and asks nothing of a register"
        )
    asked = tuple(outcome for outcome in ev.outcomes if not isinstance(outcome, ColumnOutcome))
    return Question(programme.states, ev.index, tuple(ev.history), asked)


def preset(name: str) -> Question:
    """A shipped question, such as ``employment-four-weeks``: a definition somebody has published.

    Raises ``KeyError`` naming the shipped ones when there is none of this name.
    """
    content = yaml.load(register_preset_path(name).read_text(encoding="utf-8"), _Loader)
    return Question(
        TypeAdapter(dict[str, RegisterState]).validate_python(content["states"]),
        IndexEvent.model_validate(content["index"]),
        tuple(TypeAdapter(list[History]).validate_python(content.get("history", []))),
        tuple(TypeAdapter(list[RegisterOutcome]).validate_python(content.get("outcomes", []))),
    )
