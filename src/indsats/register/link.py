"""Linking registrations to registers by pseudonym, and telling how well it went."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from .writing import told_when_full

SHORTEST_KEY = 32
"""Bytes a key has at least: as many as the hash gives, so that guessing it is no easier than guessing those."""

LENGTH = 32
"""Hex characters of a pseudonym: 128 bits."""

_LEFT_OUT = (
    r"[\s\p{Pd}\x{2212}\x{AD}\x{200B}\x{FEFF}]"  # spaces, hyphens and dashes of every kind, seen or not
)
_BLOCK = 64  # bytes SHA-256 takes at a time; HMAC fills or hashes the key to this length (RFC 2104)
_BATCH = 200_000  # identities held as Python strings at a time
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2})+")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # what editors put before UTF-8 and UTF-16
_NEARLY = 0.75  # of 32 random bytes so many are hex characters less often than once in 10^19
_PSEUDONYM = rf"^[0-9a-f]{{{LENGTH}}}$"


def pseudonyms(identities: pl.Series, key: bytes, progress: Progress | None = None) -> pl.Series:
    """The pseudonym of each identity, in the same order: String of 32 hex characters, null where there is none.

    A pseudonym is the first half of HMAC-SHA256 (RFC 2104) over the identity without its spaces and hyphens, in
    UTF-8; "010190-1234" and "0101901234" have the same one. Without the key nobody can tell an identity from it,
    not even by trying all ten-digit numbers. Two of *n* identities share one with probability below
    n² / 2¹²⁹: less than 10⁻²⁴ for ten million. ``progress`` is called after each 200,000 and may raise to stop.

    Raises ``InputRefused`` when the identities are not text (a number has lost its leading zero) or the key is
    shorter than 32 bytes.
    """
    if len(key) < SHORTEST_KEY:
        raise InputRefused([_too_short(len(key), "")])
    if identities.dtype not in (pl.String, pl.Null):
        raise InputRefused([_no_text(identities)])
    plain = identities.cast(pl.String).str.replace_all(_LEFT_OUT, "")
    padded = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    # The key's own half of both hashes is worked out once and copied: twice as fast as hmac.digest.
    inner = sha256(bytes(byte ^ 0x36 for byte in padded)).copy
    outer = sha256(bytes(byte ^ 0x5C for byte in padded)).copy
    made = []
    for start in range(0, max(len(plain), 1), _BATCH):
        hashed: list[str | None] = []
        for identity in plain.slice(start, _BATCH).to_list():
            if not identity:
                hashed.append(None)
                continue
            first, second = inner(), outer()
            first.update(identity.encode())
            second.update(first.digest())
            hashed.append(second.hexdigest()[:LENGTH])
        made.append(pl.Series(identities.name, hashed, dtype=pl.String))
        if progress is not None:
            progress(min(start + _BATCH, len(plain)), len(plain), "pseudonyms made")
    return pl.concat(made)


def new_key(path: Path) -> bytes:
    """A new random key of 32 bytes, written to ``path`` as 64 hex characters, readable by its owner only.

    Raises ``InputRefused`` when the file is there already (what was linked with the old key could never be
    linked again), when it cannot be written, or when the disk is full; no half of a key is left behind.
    """
    key = secrets.token_bytes(SHORTEST_KEY)
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        remedy = "Keep it, or give another name; a lost key cannot be made again"
        raise InputRefused([Problem("there is a key already", remedy, path.name)]) from None
    except OSError:
        remedy = "Give a folder that is there and that you may write in"
        raise InputRefused([Problem("the key cannot be written", remedy, path.name)]) from None
    try:
        with (
            told_when_full("there is no room for the key", "Make room, or give another place", path.name),
            os.fdopen(opened, "w", encoding="ascii", newline="\n") as file,
        ):
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return key


def read_key(path: Path, *, data: Path | None = None) -> bytes:
    """The key in the file: hex characters, as ``new_key`` writes them, or else the bytes just as they stand.

    A line end after hex characters or after other text is no part of the key. What is nearly hex is refused: it is
    a key that was damaged, and any other bytes would pass for another key, with other pseudonyms.

    ``data`` is the folder the data lie in; a key inside it would travel with the data and undo the pseudonyms.
    Raises ``InputRefused`` when the file cannot be read, lies inside ``data``, is damaged or has fewer than 32 bytes
    of key.
    Who else may read it is told by ``key_warnings``.
    """
    if data is not None and path.resolve().is_relative_to(data.resolve()):
        remedy = "Move the key to a place that is not copied along with the data"
        raise InputRefused([Problem("the key lies in the folder of the data", remedy, path.name)])
    try:
        content = path.read_bytes()
    except OSError:
        remedy = "Give the file the key is in, or make a new key"
        raise InputRefused([Problem("the key cannot be read", remedy, path.name)]) from None
    text = content.strip()
    if _HEX.fullmatch(text):
        key = bytes.fromhex(text.decode())
    elif _damaged(content):
        remedy = "Copy the key again from where it is kept: hex characters in one line of plain text"
        raise InputRefused([Problem("the key is damaged: it is nearly hex characters", remedy, path.name)])
    else:
        key = _without_line_end(content)
    if len(key) < SHORTEST_KEY:
        raise InputRefused([_too_short(len(key), path.name)])
    return key


def _damaged(content: bytes) -> bool:
    """Whether this was hex characters once: cut, broken into lines, marked or widened by an editor, mistyped."""
    bare = next((content.removeprefix(mark) for mark in _MARKS if content.startswith(mark)), content)
    bare = re.sub(rb"[\x00\s]", b"", bare)
    return bool(bare) and len(re.findall(rb"[0-9a-fA-F]", bare)) >= _NEARLY * len(bare)


def _without_line_end(content: bytes) -> bytes:
    """Text without the line end an editor adds; random bytes may end like one, and stand as they are."""
    bare = content.rstrip(b"\r\n")
    try:
        return bare if bare.decode().isprintable() else content
    except UnicodeDecodeError:
        return content


def key_warnings(path: Path) -> list[Problem]:
    """What makes the key less safe than it should be: a warning when others than its owner may read the file."""
    if os.name != "posix" or not path.stat().st_mode & 0o077:  # elsewhere the mode does not tell who may read
        return []
    what = "others than the owner may read or change the key"
    return [Problem(what, "Let only the owner read it (chmod 600)", path.name, severity="warning")]


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How registrations and a register fit together. Counts are persons unless a name says rows.

    ``matched`` + ``unmatched_registrations`` are all persons registered, ``matched`` + ``unmatched_register``
    all in the register. ``double_registrations`` and ``double_register`` count persons in more than one row of a
    side, ``without_*`` the rows that name nobody.

    ``pairs`` has a row for each matched person, in the order of the registrations: ``person``;
    ``registration_row`` and ``register_row`` (Int64, from 0: the first row of the person in each table);
    ``registration_rows`` and ``register_rows`` (Int64, how many rows). ``unmatched_rows`` are the positions of the
    registrations that found nobody, those without a person too, so that a site can look them up.

    ``by_site`` has ``site``, ``persons``, ``matched``, ``unmatched``, ``double`` (persons in more than one row of
    that site) and ``without_person`` (rows), sorted by site; a person at two sites counts at both. It is null
    when the registrations have no column ``site``. ``problems`` warns of what looks wrong as a whole.
    """

    matched: int
    unmatched_registrations: int
    unmatched_register: int
    double_registrations: int
    double_register: int
    without_registrations: int
    without_register: int
    by_site: pl.DataFrame | None
    problems: tuple[Problem, ...]
    pairs: pl.DataFrame = field(repr=False)
    unmatched_rows: pl.Series = field(repr=False)

    def __str__(self) -> str:
        registered = self.matched + self.unmatched_registrations
        lines = [
            f"{self.matched} of {registered} registered persons are in the register,"
            f" {self.unmatched_registrations} are not.",
            f"{self.unmatched_register} persons of the register are not registered.",
            f"In more than one row: {self.double_registrations} registered persons,"
            f" {self.double_register} of the register.",
            f"Rows without a person: {self.without_registrations} registrations,"
            f" {self.without_register} of the register.",
        ]
        return "\n".join([*lines, *map(str, self.problems)])


def link(registrations: pl.DataFrame, register_persons: pl.DataFrame) -> LinkReport:
    """Which registered persons are in the register, by equal ``person``, with doubles and losses counted.

    Both tables have ``person`` (String: a pseudonym or another identity written the same way on both sides);
    ``registrations`` may have ``site``. Other columns are not read. A row whose ``person`` is null or blank links
    with nobody. Raises ``InputRefused`` when a table lacks ``person`` or holds it as something else than text.
    """
    problems = [
        *_unusable(registrations, "the registrations"),
        *_unusable(register_persons, "the persons of the register"),
    ]
    if problems:
        raise InputRefused(problems)
    ours, theirs = _rows(registrations, "registration"), _rows(register_persons, "register")
    left, right = _persons(ours, "registration"), _persons(theirs, "register")
    pairs = left.join(right, on="person", how="inner", maintain_order="left").select(
        "person", "registration_row", "register_row", "registration_rows", "register_rows"
    )
    marked = ours.join(pairs.select("person", found=True), on="person", how="left", maintain_order="left")
    marked = marked.with_columns(pl.col("found").fill_null(value=False))
    return LinkReport(
        matched=pairs.height,
        unmatched_registrations=left.height - pairs.height,
        unmatched_register=right.height - pairs.height,
        double_registrations=int((left["registration_rows"] > 1).sum()),
        double_register=int((right["register_rows"] > 1).sum()),
        without_registrations=ours["person"].null_count(),
        without_register=theirs["person"].null_count(),
        by_site=_by_site(marked) if "site" in marked.columns else None,
        problems=tuple(_doubts(left["person"], right["person"], pairs.height)),
        pairs=pairs,
        unmatched_rows=marked.filter(~pl.col("found"))["registration_row"].rename("row"),
    )


def _unusable(table: pl.DataFrame, which: str) -> list[Problem]:
    if "person" not in table.columns:
        return [Problem(f"{which} have no column 'person'", "Name the column with the pseudonym 'person'")]
    return [] if table["person"].dtype in (pl.String, pl.Null) else [_no_text(table["person"], which)]


def _rows(table: pl.DataFrame, side: str) -> pl.DataFrame:
    text = pl.col("person").cast(pl.String).str.strip_chars()
    site = [pl.col("site")] if side == "registration" and "site" in table.columns else []
    return table.select(
        *site,
        pl.int_range(pl.len(), dtype=pl.Int64).alias(f"{side}_row"),
        person=pl.when(text != "").then(text),
    )


def _persons(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    return (
        rows.drop_nulls("person")
        .group_by("person")
        .agg(pl.col(f"{side}_row").min(), pl.len().cast(pl.Int64).alias(f"{side}_rows"))
        .sort(f"{side}_row")
    )


def _by_site(marked: pl.DataFrame) -> pl.DataFrame:
    named = marked.drop_nulls("person")
    persons = named.group_by("site", "person").agg(pl.col("found").first(), rows=pl.len())
    counts = persons.group_by("site").agg(
        persons=pl.len(),
        matched=pl.col("found").sum(),
        unmatched=(~pl.col("found")).sum(),
        double=(pl.col("rows") > 1).sum(),
    )
    sites = marked.group_by("site").agg(without_person=pl.col("person").null_count())
    return (
        sites.join(counts, on="site", how="left", nulls_equal=True)
        .select(
            "site",
            pl.col("persons", "matched", "unmatched", "double").fill_null(0).cast(pl.Int64),
            pl.col("without_person").cast(pl.Int64),
        )
        .sort("site")
    )


def _doubts(left: pl.Series, right: pl.Series, matched: int) -> list[Problem]:
    """Why nobody at all was found: nearly always the two sides are written in different ways."""
    if matched or left.is_empty() or right.is_empty():
        return []
    hashed = [bool(side.head(1000).str.contains(_PSEUDONYM).all()) for side in (left, right)]
    if hashed[0] != hashed[1]:
        bare = "the register" if hashed[0] else "the registrations"
        remedy = "Make pseudonyms of both sides, with the same key"
        return [
            Problem(f"nobody is matched, and there are no pseudonyms in {bare}", remedy, severity="warning")
        ]
    remedy = "Check that both sides were made with the same key and are about the same people"
    return [Problem("nobody is matched", remedy, severity="warning")]


def _no_text(identities: pl.Series, which: str = "the identities") -> Problem:
    what = f"{which} are stored as {identities.dtype}, and a number loses its leading zero"
    return Problem(what, "Store the identification as text", field=identities.name or None)


def _too_short(length: int, file: str) -> Problem:
    remedy = f"A key has at least {SHORTEST_KEY} random bytes; make a new one"
    return Problem(f"the key has {length} bytes", remedy, file)
