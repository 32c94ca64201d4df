"""The fields of a kind of fact as a table needs them, read from the kind's model."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le

from indsats.programme import FieldType

from .kinds import KINDS


@dataclass(frozen=True, slots=True)
class PayloadField:
    """A payload field as a table needs it: type, whether it must be filled, values and bounds."""

    name: str
    type: FieldType
    required: bool
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


def payload_fields(kind: str) -> tuple[PayloadField, ...]:
    """The fields of a kind in order, read from its model; without the answers of a questionnaire."""
    return tuple(
        _field(name, info.annotation, info.metadata, info.is_required())
        for name, info in KINDS[kind].model_fields.items()
        if name != "answers"
    )


def _field(name: str, annotation: Any, metadata: list[Any], required: bool) -> PayloadField:
    kept = list(metadata)
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            for part in more:
                kept.extend(getattr(part, "metadata", None) or [part])
        elif origin in (Union, types.UnionType):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            break
    if origin is Literal:
        return PayloadField(name, "text", required, values=get_args(annotation))
    low = next((float(part.ge) for part in kept if isinstance(part, Ge)), None)  # type: ignore[arg-type]
    high = next((float(part.le) for part in kept if isinstance(part, Le)), None)  # type: ignore[arg-type]
    types_: dict[Any, FieldType] = {str: "text", float: "number", bool: "bool"}
    return PayloadField(name, types_[annotation], required, low=low, high=high)
