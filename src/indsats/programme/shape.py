"""What a definition may look like at a given place: follows pydantic's error locations through the schema."""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@dataclass(frozen=True)
class Spot:
    """A location of an error, freed of what pydantic adds: ``path`` leads through the YAML, ``model`` is the
    part the last step stands in, ``wanted`` the annotation at the end (None where nothing is known)."""

    path: tuple[Any, ...]
    model: type[BaseModel] | None
    wanted: Any


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys a part may have, as written in YAML."""
    return [info.alias or name for name, info in model.model_fields.items()]


def field_of(model: type[BaseModel], key: Any) -> FieldInfo | None:
    """The field a YAML key stands for."""
    for name, info in model.model_fields.items():
        if key in (info.alias, name):
            return info
    return None


def spot(root: type[BaseModel], loc: Sequence[Any]) -> Spot:
    """Where in the YAML the pydantic location ``loc`` of ``root`` is.

    A tagged union puts the tag among the steps (``indicators, x, share, where``); here it is taken out again,
    and the schema is what tells a tag from a key of the same name.
    """
    path: list[Any] = []
    model: type[BaseModel] | None = root
    wanted: Any = root
    for step in loc:
        union = tagged(wanted)
        if union is not None:
            wanted = union.get(step)
            continue
        model, wanted = _below(model, wanted, step)
        if step != "[key]":
            path.append(step)
    return Spot(tuple(path), model, wanted)


def _below(model: type[BaseModel] | None, wanted: Any, step: Any) -> tuple[type[BaseModel] | None, Any]:
    """The part and annotation one step further down."""
    bare = plain(wanted)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        info = field_of(bare, step)
        return bare, _with_metadata(info) if info is not None else None
    origin = get_origin(bare)
    if origin is dict:
        return model, get_args(bare)[1]
    if origin is list:
        return model, get_args(bare)[0]
    return model, None


def _with_metadata(info: FieldInfo) -> Any:
    metadata = [*info.metadata, *([info] if info.discriminator is not None else [])]
    return Annotated[info.annotation, *metadata] if metadata else info.annotation


def plain(annotation: Any) -> Any:
    """An annotation without ``Annotated`` and ``| None``."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation):
            rest = tuple(one for one in get_args(annotation) if one is not type(None))
            annotation = rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - built from a tuple
        else:
            return annotation


def tagged(annotation: Any) -> dict[Any, type[BaseModel]] | None:
    """The members of a tagged union by tag, or none when the annotation is no such union."""
    if get_origin(annotation) is not Annotated:
        return None
    union, *metadata = get_args(annotation)
    tag = next((m.discriminator for m in metadata if getattr(m, "discriminator", None)), None)
    if not isinstance(tag, str):
        return None
    members: dict[Any, type[BaseModel]] = {}
    for member in get_args(union):
        for value in get_args(plain(member.model_fields[tag].annotation)):
            members[value] = member
    return members


def choices(annotation: Any) -> list[str]:
    """The fixed values an annotation allows, or an empty list."""
    bare = plain(annotation)
    return [str(value) for value in get_args(bare)] if get_origin(bare) is Literal else []
