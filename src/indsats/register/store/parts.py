"""The first half of a build: every part of every file becomes one file, its persons in order of their bucket.

Such a file holds plain arrays: they live for minutes on the machine that wrote them, and a bucket of a part is then
one slice of bytes. Its heading says how long the slices are, and a checksum tells a whole file from a broken one.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from indsats.problem import Problem

from ..faults import each_row
from ..sources.source import Encoded, Part, Repair, Runs, Source
from ..writing import put
from .hashing import fnv1a, text_bytes

_MARK = b"indsats part 1\n"


@dataclass(frozen=True, slots=True)
class Slice:
    """The persons of one bucket in one part: ``position`` in the part, ``row`` of the file, identification.

    ``length`` is the number of runs of each person; the runs themselves follow person by person.
    """

    position: np.ndarray
    row: np.ndarray
    identity: pl.Series
    length: np.ndarray
    first: np.ndarray
    last: np.ndarray
    code: np.ndarray


def write_part(
    source: Source, part: Part, buckets: int, key: bytes | None, path: Path
) -> tuple[int, list[Problem]]:
    """Reads a part and writes it to ``path``: the number of persons, or what is wrong with it."""
    encoded = source.read(part)
    if encoded.problems:
        return 0, encoded.problems
    return put_part(encoded, buckets, key, path, source.file.name)


def put_part(
    encoded: Encoded, buckets: int, key: bytes | None, path: Path, file: str
) -> tuple[int, list[Problem]]:
    """Writes a part to ``path``, which is there whole or not at all: the number of persons, or what is wrong.

    With a ``key`` identifications become pseudonyms before anything is written; one that is nothing but hyphens
    names nobody. ``file`` is the name of the file the part is of.
    """
    identity = encoded.person
    if key is not None:
        from ..link import pseudonyms

        identity = pseudonyms(identity, key)
        if identity.null_count():
            remedy = "Fill in the person; hyphens alone name nobody"
            nameless = encoded.row[identity.is_null().to_numpy()]
            return 0, each_row("the row has no person", remedy, file, nameless)
    bucket = fnv1a(identity) % np.uint64(buckets)
    order = np.argsort(bucket, kind="stable")
    moved = _moved(encoded.runs, order, len(identity))
    length = np.bincount(encoded.runs.person, minlength=len(identity))[order]
    slices, sizes = [], []
    until = np.searchsorted(bucket[order], np.arange(buckets + 1, dtype=np.uint64))
    run = np.concatenate([[0], np.cumsum(length)])
    for begin, end in itertools.pairwise(until):
        persons, runs = order[begin:end], slice(run[begin], run[end])
        start, text = text_bytes(identity.gather(persons))
        numbers = (
            encoded.row[persons].astype(np.int64),
            persons.astype(np.int32),
            length[begin:end].astype(np.int32),
            np.diff(start).astype(np.int32),
            moved.first[runs].astype(np.int16),
            moved.last[runs].astype(np.int16),
            moved.code[runs],
            text,
        )
        whole = b"".join(array.tobytes() for array in numbers)
        slices.append(whole + b"\0" * (-len(whole) % 8))
        sizes.append((len(persons), int(run[end] - run[begin]), len(text)))
    body = b"".join(slices)
    told = {
        "persons": len(identity),
        "repairs": [[repair.what, repair.count, repair.file] for repair in encoded.repairs],
        "sizes": sizes,
        "check": zlib.crc32(body),
    }
    heading = json.dumps(told).encode()
    heading += b" " * (-(len(heading) + len(_MARK) + 1) % 8) + b"\n"
    put(path, _MARK + heading, body)
    return len(identity), []


def _moved(runs: Runs, order: np.ndarray, persons: int) -> Runs:
    """The runs with persons in another order. Each person's runs stand together: blocks move, nothing is sorted."""
    if np.array_equal(order, np.arange(persons)):
        return runs
    length = np.bincount(runs.person, minlength=persons)
    start = np.cumsum(length) - length
    new = length[order]
    at = np.repeat(start[order] - (np.cumsum(new) - new), new) + np.arange(len(runs.person))
    return Runs(runs.person[at], runs.first[at], runs.last[at], runs.code[at])


def whole_part(path: Path) -> int | None:
    """The number of persons in a part written earlier; None when it is missing or broken."""
    try:
        with path.open("rb") as file:
            heading, _ = _heading(file.read(len(_MARK)), file.readline())
            check = 0
            while block := file.read(1 << 24):
                check = zlib.crc32(block, check)
    except (OSError, ValueError):
        return None
    return int(heading["persons"]) if check == heading["check"] else None


def part_repairs(path: Path) -> list[Repair]:
    """What was put right in the reading of a part that is whole."""
    with path.open("rb") as file:
        heading, _ = _heading(file.read(len(_MARK)), file.readline())
    return [Repair(*repair) for repair in heading["repairs"]]


def _heading(mark: bytes, line: bytes) -> tuple[dict, int]:
    if mark != _MARK:
        raise ValueError("not a part")
    return json.loads(line), len(mark) + len(line)


def read_slice(path: Path, bucket: int) -> Slice:
    """The persons of one bucket in a part."""
    with path.open("rb") as file:
        heading, begin = _heading(file.read(len(_MARK)), file.readline())
        sizes: Sequence[tuple[int, int, int]] = heading["sizes"]
        file.seek(begin + sum(_bytes(*size) for size in sizes[:bucket]))
        data = file.read(_bytes(*sizes[bucket]))
    persons, runs, _ = sizes[bucket]
    at = 0

    def take(kind: type[np.generic], count: int) -> np.ndarray:
        nonlocal at
        array = np.frombuffer(data, dtype=kind, count=count, offset=at)
        at += array.nbytes
        return array

    row, position = take(np.int64, persons), take(np.int32, persons)
    length, texts = take(np.int32, persons), take(np.int32, persons)
    first, last, code = take(np.int16, runs), take(np.int16, runs), take(np.int16, runs)
    start = np.concatenate([[0], np.cumsum(texts, dtype=np.int64)]).astype(np.int64)
    text = pa.LargeStringArray.from_buffers(persons, pa.py_buffer(start.tobytes()), pa.py_buffer(data[at:]))
    identity = pl.Series("identity", pl.from_arrow(text), dtype=pl.String)
    return Slice(position, row, identity, length, first, last, code)


def _bytes(persons: int, runs: int, text: int) -> int:
    size = persons * (8 + 3 * 4) + runs * 3 * 2 + text
    return size + -size % 8
