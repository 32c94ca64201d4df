"""The JSON Schema of a definition, for editors that complete and check YAML while it is written."""

from __future__ import annotations

from typing import Any

from .definition import Programme

# These two are parts in Python and texts in YAML.
_DURATION = {
    "type": "string",
    "pattern": r"^(P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?|[a-z][a-z0-9_]*(-[a-z0-9_]+)*)$",
    "examples": ["P3M", "P26W", "P14D", "talk-interval"],
}
_PERIOD = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$",
    "examples": ["2016-05-01/2016-09-30"],
}


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a whole definition.

    A folder's files each hold some of the top-level keys; an editor that checks one file at a time should use
    the schema without its top-level ``required``.
    """
    strings = {"Duration": _DURATION, "Period": _PERIOD}
    made = Programme.model_json_schema(by_alias=True, mode="validation")
    for name, written in strings.items():
        made["$defs"][name] = {**written, "description": made["$defs"][name].get("description", "")}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Indsats definition", **made}
