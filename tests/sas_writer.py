"""Writes small SAS7BDAT files for tests, with the C library ReadStat that pyreadstat carries inside.

pyreadstat writes other formats only, but the functions of its C library stand open in its extension module.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyreadstat._readstat_writer as extension

_TEXT, _DOUBLE = 0, 5  # READSTAT_TYPE_STRING, READSTAT_TYPE_DOUBLE
_SINK = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_POINTER, _SIZE, _INT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
_SIGNATURES: Mapping[str, tuple[object, list[object]]] = {
    "readstat_writer_init": (_POINTER, []),
    "readstat_writer_free": (None, [_POINTER]),
    "readstat_set_data_writer": (_INT, [_POINTER, _SINK]),
    "readstat_add_variable": (_POINTER, [_POINTER, ctypes.c_char_p, _INT, _SIZE]),
    "readstat_begin_writing_sas7bdat": (_INT, [_POINTER, _POINTER, ctypes.c_long]),
    "readstat_begin_row": (_INT, [_POINTER]),
    "readstat_end_row": (_INT, [_POINTER]),
    "readstat_end_writing": (_INT, [_POINTER]),
    "readstat_insert_string_value": (_INT, [_POINTER, _POINTER, ctypes.c_char_p]),
    "readstat_insert_double_value": (_INT, [_POINTER, _POINTER, ctypes.c_double]),
    "readstat_insert_missing_value": (_INT, [_POINTER, _POINTER]),
    "readstat_insert_tagged_missing_value": (_INT, [_POINTER, _POINTER, ctypes.c_char]),
}


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(extension.__file__)
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def write_sas(path: Path, columns: Mapping[str, Sequence[str | float | None]]) -> Path:
    """Writes ``columns`` of one length; a column is text if all its values are, else numbers.

    ``None`` is missing; a letter among numbers is a special missing value (``.A``).
    """
    library = _library()
    writer = library.readstat_writer_init()
    pieces: list[bytes] = []

    def take(data: int, length: int, _: object) -> int:
        pieces.append(ctypes.string_at(data, length))
        return length

    sink = _SINK(take)
    rows = len(next(iter(columns.values())))
    try:
        _ok(library.readstat_set_data_writer(writer, sink))
        variables = []
        for name, values in columns.items():
            text = all(isinstance(value, str) or value is None for value in values)
            width = max((len(str(value).encode()) for value in values), default=1) if text else 8
            kind = _TEXT if text else _DOUBLE
            variables.append((library.readstat_add_variable(writer, name.encode(), kind, width), text))
        _ok(library.readstat_begin_writing_sas7bdat(writer, None, rows))
        for row in range(rows):
            _ok(library.readstat_begin_row(writer))
            for (variable, text), values in zip(variables, columns.values(), strict=True):
                value = values[row]
                if value is None or (isinstance(value, float) and math.isnan(value)):
                    _ok(library.readstat_insert_missing_value(writer, variable))
                elif text:
                    _ok(library.readstat_insert_string_value(writer, variable, str(value).encode()))
                elif isinstance(value, str):
                    _ok(library.readstat_insert_tagged_missing_value(writer, variable, value.encode()))
                else:
                    _ok(library.readstat_insert_double_value(writer, variable, float(value)))
            _ok(library.readstat_end_row(writer))
        _ok(library.readstat_end_writing(writer))
    finally:
        library.readstat_writer_free(writer)
    path.write_bytes(b"".join(pieces))
    return path


def _ok(error: int) -> None:
    if error:
        raise RuntimeError(f"ReadStat refused with error {error}")
