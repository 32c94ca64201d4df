"""Which bucket a person belongs to: a hash of the identification that is the same on every machine, for ever."""

from __future__ import annotations

import numpy as np
import polars as pl

_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


def fnv1a(texts: pl.Series) -> np.ndarray:
    """The 64-bit FNV-1a hash (Fowler, Noll and Vo) of each text's UTF-8 bytes, as UInt64.

    ``texts`` is String without nulls. Written here because libraries change their hashes with their versions,
    and a store's buckets must not.
    """
    found = np.full(len(texts), _OFFSET, dtype=np.uint64)
    start, data = text_bytes(texts)
    length = np.diff(start)
    # The longest first: those that have a byte at a position then stand together.
    order = np.argsort(-length, kind="stable")
    begin, sizes = start[:-1][order], length[order]
    hashes = found[order]
    for position in range(int(sizes[0]) if len(sizes) else 0):
        still = int(np.searchsorted(-sizes, -position, side="left"))
        hashes[:still] ^= data[begin[:still] + position]
        hashes[:still] *= _PRIME
    found[order] = hashes
    return found


def text_bytes(texts: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of all texts one after the other, and where each begins (one longer than ``texts``)."""
    array = texts.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    start = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    if data is None:
        return start, np.empty(0, dtype=np.uint8)
    return start - start[0], np.frombuffer(data, dtype=np.uint8)[start[0] : start[-1]]
