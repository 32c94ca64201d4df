"""What is asked of a register: states, when a person's clock starts, what lies before and what comes after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from indsats.library import register_preset_path
from indsats.problem import InputRefused, Problem
from indsats.programme import (
    ColumnOutcome,
    History,
    HoursOutcome,
    IndexEvent,
    MonthsOutcome,
    Programme,
    RegisterOutcome,
    RegisterState,
    states_of,
)

from ..population import evaluation_of

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
            yield from states_named(outcome)

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


def states_named(outcome: RegisterOutcome) -> tuple[str, ...]:
    """The ids of the states an outcome looks at, each once; for a state outcome its own state comes first."""
    return tuple(dict.fromkeys(state for _, state in states_of(outcome)))


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
    return read_question(register_preset_path(name))


def read_question(path: Path | str) -> Question:
    """A question in a YAML file of one's own: ``states``, ``index``, ``history`` and ``outcomes``.

    They are written as in a programme's definition; the shipped presets are examples. Raises ``InputRefused``
    with every problem found.
    """
    path = Path(path)
    try:
        # YAML 1.2, as definitions are in: in 1.1 a state named "on" would be a truth value.
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        what, remedy = "the question cannot be read as YAML", "Give a file like the shipped presets"
        raise InputRefused([Problem(what, remedy, path.name)]) from None
    if not isinstance(content, dict):
        what, remedy = "the question has no parts", "Write 'states:', 'index:' and 'outcomes:'"
        raise InputRefused([Problem(what, remedy, path.name)])
    problems: list[Problem] = []
    made: dict[str, Any] = {}
    for part, kind in _PARTS.items():
        try:
            made[part] = kind.validate_python(
                content.get(part, [] if part in ("history", "outcomes") else {})
            )
        except ValidationError as error:
            for fault in error.errors():
                place = ".".join(map(str, (part, *fault["loc"])))
                problems.append(Problem(fault["msg"], f"Correct it in '{part}'", path.name, field=place))
    if not problems:
        try:
            return Question(made["states"], made["index"], tuple(made["history"]), tuple(made["outcomes"]))
        except ValueError as error:
            problems = [Problem(str(error), "Define each state once and name it as it is written", path.name)]
    raise InputRefused(problems)


_PARTS: Mapping[str, TypeAdapter[Any]] = {
    "states": TypeAdapter(dict[str, RegisterState]),
    "index": TypeAdapter(IndexEvent),
    "history": TypeAdapter(list[History]),
    "outcomes": TypeAdapter(list[RegisterOutcome]),
}
