"""The JSON Schema of a definition, for editors that complete and check YAML while it is written."""

from __future__ import annotations

from typing import Any

from .definition import Programme


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a whole definition.

    A folder's files each hold some of the top-level keys; an editor that checks one file at a time should use
    the schema without its top-level ``required``.
    """
    made = Programme.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Indsats definition", **made}
