"""From registers in files to a store: read part by part, merged bucket by bucket, resumed after any interruption.

Everything is written beside the goal and appears there by one rename. Each part read and each bucket merged is a file
that is there whole or not at all, with a checksum, so that a build that was killed goes on where it was; the same
files give the same bytes, whether a build was interrupted or not.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from ..faults import MOST, shorten
from ..sources.source import Part, Repair, Source
from ..writing import put, sync
from .building import Site
from .merge import Merged, Written, merge_bucket, merged_before
from .overlay import File
from .parts import part_repairs, put_part, whole_part, write_part
from .store import FORMAT, MANIFEST, Check, Store, building_folder, is_store, unknown_table
from .workers import Task, Workers, room_to_build

BUCKET_PERSONS = 250_000
"""Persons in a bucket, about: ten million spells of them over thirty years take 0.4 GB while they are merged."""

FEW_WEEKS = 20_000
"""Below so many weeks of parts (four seconds' work) starting processes takes longer than they save: a process has a
second to load, and meanwhile Polars reads with all cores in this one."""

MOST_WORKERS = 8
"""Processes at work unasked: each takes up to 0.6 GB."""

ENOUGH = 100
"""Problems after which no further part is looked at."""

MOST_BUCKETS = 1000


@dataclass(frozen=True, slots=True)
class _Job:
    """One part of one file (its position), and where it is written."""

    file: int
    part: Part
    path: Path


def build(
    sources: Sequence[Source],
    out: Path,
    *,
    buckets: int | None = None,
    key: bytes | None = None,
    workers: int | None = None,
    synthetic: bool = False,
    progress: Progress | None = None,
) -> Store:
    """Builds the store of a register in the new folder ``out`` from one file or several.

    Files may hold different persons, different weeks, or both. Weeks that no file tells of are not observed. A person
    whose weeks stand in two files alike is a repair that is counted.
    ``buckets`` is by default one for each 250,000 persons; it changes how a store is cut, not what is in it.
    With a ``key`` identifications are replaced by pseudonyms (``register.link``) before anything is written.
    ``workers`` is the number of processes, this one included, by default one for each core.
    ``progress`` is told of persons read and buckets written and may raise to stop; building again goes on there.

    What is written only its owner may read.

    Raises ``InputRefused`` when ``out`` exists, with what is wrong in the files (codes, persons, a person twice in a
    file, files that tell different codes of one week), when a file was changed meanwhile, when the disk is full, or
    when a process was killed.
    """
    _check(sources, out, buckets)
    files = [File(source.file.name, source.first_week, source.last_week, source.whole) for source in sources]
    inputs = _fingerprint(sources, buckets, key, synthetic)
    jobs_of = [(file, part) for file, source in enumerate(sources) for part in source.parts()]
    with room_to_build(), Site(out, inputs) as site:
        try:
            _refuse_taken(out)  # another build may have ended since it was looked at
        except InputRefused:
            site.clear()
            raise
        jobs = [_Job(file, part, site.part(file, part.index)) for file, part in jobs_of]
        with Workers(_count(workers, sources, jobs)) as team:
            try:
                found = _found(team, site, sources, jobs, files, buckets, key, progress)
                repairs = _repairs(sources, files, found)
                if _fingerprint(sources, buckets, key, synthetic) != inputs:
                    raise _Unfit([Problem("a file was changed while it was read", "Build again", out.name)])
            except _Unfit as unfit:
                site.clear()
                raise InputRefused(shorten(unfit.problems)) from None
        store = _store(out, sources, found, repairs, synthetic, pseudonymous=key is not None)
        for name in store.checks:
            sync(site.store / name)
        put(site.store / MANIFEST, store.manifest(), durable=True)
        for folder in (site.store / "spells", site.store / "persons", site.store):
            sync(folder)
        site.store.rename(out)
        sync(out.parent)
        site.clear()
    return store


class _Unfit(Exception):
    """The inputs cannot make a store, however often they are read."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(f"{len(self.problems)} problems")


def _check(sources: Sequence[Source], out: Path, buckets: int | None) -> None:
    if not sources:
        raise ValueError("there is no file to build a register from")
    if buckets is not None and not 1 <= buckets <= MOST_BUCKETS:
        what = f"a store has 1 to {MOST_BUCKETS} buckets, asked for {buckets}"
        raise InputRefused([Problem(what, "Ask for a number in between, or leave it out", out.name)])
    if is_store(out):
        # An earlier build may have been killed after its store appeared and before it tidied up.
        shutil.rmtree(building_folder(out), ignore_errors=True)
    _refuse_taken(out)
    twice = [
        path.name for path, count in Counter(source.file.resolve() for source in sources).items() if count > 1
    ]
    if twice:
        raise InputRefused(
            [Problem("the file is given twice", "Name each file once", name) for name in twice]
        )


def _refuse_taken(out: Path) -> None:
    if is_store(out):
        what = "the folder holds a store already"
    elif out.exists():
        what = "the folder exists already"
    elif out.is_symlink():
        what = "the folder is a link that leads nowhere"
    else:
        return
    raise InputRefused([Problem(what, "Give another folder, or remove it", out.name)])


def _fingerprint(sources: Sequence[Source], buckets: int | None, key: bytes | None, synthetic: bool) -> str:
    """What a build depends on: the files as they lie there, how they are read, and what was asked for."""
    about = hashlib.sha256(repr((FORMAT, buckets, synthetic)).encode())
    for source in sources:
        state = source.file.stat()
        about.update(repr((state.st_size, state.st_mtime_ns)).encode() + pickle.dumps(source))
    # Keyed, so that a leftover folder is no means to try keys on: the key has 32 bytes at least.
    return hmac.digest(key, about.digest(), "sha256").hex() if key else about.hexdigest()


def _count(workers: int | None, sources: Sequence[Source], jobs: Sequence[_Job]) -> int:
    # A reader that the script itself defines cannot be found from another process.
    if any(type(source).__module__ == "__main__" for source in sources):
        return 1
    if workers is not None:
        return max(1, min(workers, len(jobs)))
    if sum(sources[job.file].last_week - sources[job.file].first_week + 1 for job in jobs) < FEW_WEEKS:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS, len(jobs))


def _found(
    team: Workers,
    site: Site,
    sources: Sequence[Source],
    jobs: Sequence[_Job],
    files: Sequence[File],
    buckets: int | None,
    key: bytes | None,
    progress: Progress | None,
) -> list[Merged]:
    """What is in each bucket, once all are written."""
    if not jobs:
        raise _Unfit([Problem("the file has no rows", "Add a row for each person", files[0].name)])
    planned, expected = _plan(site, sources, jobs, buckets, key)
    merged = [merged_before(site.record(bucket), site.store) for bucket in range(planned)]
    missing = [bucket for bucket, done in enumerate(merged) if done is None]
    if missing:
        parts = _read(team, sources, jobs, planned, key, expected, progress)
        repairs = _repairs_of(parts)
        tasks: list[Task] = [
            (merge_bucket, (bucket, parts, files, repairs, site.store, site.record(bucket)))
            for bucket in missing
        ]
        problems: list[Problem] = []
        for task, (done, wrong) in team.results(tasks):
            merged[missing[task]] = done
            problems += wrong
            if len(problems) >= MOST:
                break
            if progress is not None:
                progress(planned - merged.count(None), planned, "buckets written")
        if problems:
            raise _Unfit(sorted(problems, key=lambda problem: (problem.file, problem.row or 0)))
    return [done for done in merged if done is not None]


def _plan(
    site: Site, sources: Sequence[Source], jobs: Sequence[_Job], buckets: int | None, key: bytes | None
) -> tuple[int, int]:
    """The number of buckets, and about how many persons there are.

    Parts are counted in rows or bytes, as their source likes: how many persons that is, the first part of the
    first source of each sort tells. It is read here, while the other processes start.
    """
    if (plan := site.plan()) is not None:
        return plan
    examples: dict[type[Source], float] = {}
    persons = 0.0
    read = []
    for job in jobs:
        sort = type(sources[job.file])
        if sort not in examples:
            encoded = sources[job.file].read(job.part)
            if encoded.problems:
                raise _Unfit(encoded.problems)
            examples[sort] = len(encoded.person) / max(1, job.part.count)
            read.append((encoded, job))
        persons += examples[sort] * job.part.count
    expected = max(1, round(persons))
    planned = buckets or min(MOST_BUCKETS, -(-expected // BUCKET_PERSONS))
    site.keep_plan(planned, expected)
    for encoded, job in read:
        _, problems = put_part(encoded, planned, key, job.path, sources[job.file].file.name)
        if problems:
            raise _Unfit(problems)
    return planned, expected


def _read(
    team: Workers,
    sources: Sequence[Source],
    jobs: Sequence[_Job],
    buckets: int,
    key: bytes | None,
    expected: int,
    progress: Progress | None,
) -> list[Written]:
    """Every part as a file, those of an earlier attempt included."""
    persons = [whole_part(job.path) for job in jobs]
    missing = [number for number, count in enumerate(persons) if count is None]
    tasks: list[Task] = [
        (write_part, (sources[job.file], job.part, buckets, key, job.path))
        for job in (jobs[number] for number in missing)
    ]
    problems: dict[int, list[Problem]] = {}
    _tell(progress, persons, expected)
    for task, (count, wrong) in team.results(tasks):
        persons[missing[task]] = count
        if wrong:
            problems[task] = wrong
        if sum(map(len, problems.values())) >= ENOUGH:
            break
        _tell(progress, persons, expected)
    if problems:
        raise _Unfit([problem for task in sorted(problems) for problem in problems[task]])
    written = []
    before = 0
    for job, count in zip(jobs, persons, strict=True):
        written.append(Written(job.path, job.file, before))
        before += count or 0
    if not before:
        raise _Unfit([Problem("there is no person in it", "Add a row for each person", sources[0].file.name)])
    return written


def _tell(progress: Progress | None, persons: Sequence[int | None], expected: int) -> None:
    done = sum(count or 0 for count in persons)
    if progress is not None and done:
        progress(done, max(done, expected) if None in persons else done, "persons read")


def _repairs_of(parts: Sequence[Written]) -> list[Repair]:
    """What was put right in the reading of the parts."""
    total: Counter[tuple[str, str]] = Counter()
    for part in parts:
        total.update({(one.file, one.what): one.count for one in part_repairs(part.path)})
    return [Repair(what, count, file) for (file, what), count in total.items()]


def _repairs(sources: Sequence[Source], files: Sequence[File], found: Sequence[Merged]) -> list[Repair]:
    """What the sources put right, and persons whose weeks stand in two places alike. Raises if not alike."""
    problems = []
    for pair, count in _summed(bucket.differing for bucket in found):
        one, other = (files[position].name for position in pair)
        if one == other:
            what = f"{count} persons have two different codes in the same week"
            remedy = "Keep one of the rows that tell of the same week"
        else:
            what = f"{count} persons have other codes here than in {one} in weeks that both files tell of"
            remedy = "Keep the file that is right for these weeks, or take the weeks out of the other"
        problems.append(Problem(what, remedy, other))
    if problems:
        raise _Unfit(problems)
    repairs = [repair for source in sources for repair in source.repairs]
    repairs += [Repair(*repair) for repair in found[0].repairs]  # every bucket tells those of all parts
    for pair, count in _summed(bucket.agreeing for bucket in found):
        one, other = (files[position].name for position in pair)
        where = one if one == other else f"{one} and {other}"
        repairs.append(Repair("persons whose weeks are told twice alike, taken once", count, where))
    return repairs


def _summed(counts: Iterable[list[tuple[int, int, int]]]) -> list[tuple[tuple[int, int], int]]:
    """The counts of all buckets added up by pair of files, those above zero."""
    total: Counter[tuple[int, int]] = Counter()
    for one, other, count in chain.from_iterable(counts):
        total[one, other] += count
    return sorted((pair, count) for pair, count in total.items() if count)


def _store(
    folder: Path,
    sources: Sequence[Source],
    found: Sequence[Merged],
    repairs: Sequence[Repair],
    synthetic: bool,
    *,
    pseudonymous: bool,
) -> Store:
    checks: dict[str, Check] = {}
    for bucket in found:
        checks |= bucket.checks
    unknown: dict[int, tuple[int, int]] = {}
    for code, weeks, persons in chain.from_iterable(bucket.unknown for bucket in found):
        before = unknown.get(code, (0, 0))
        unknown[code] = before[0] + weeks, before[1] + persons
    return Store(
        folder=folder,
        first_week=min(source.first_week for source in sources),
        last_week=max(source.last_week for source in sources),
        buckets=len(found),
        persons=sum(bucket.persons for bucket in found),
        spells=sum(bucket.spells for bucket in found),
        person_weeks=sum(bucket.person_weeks for bucket in found),
        synthetic=synthetic,
        pseudonymous=pseudonymous,
        files=tuple(source.file.name for source in sources),
        left_out=tuple(dict.fromkeys(name for source in sources for name in source.left_out)),
        repairs=tuple(repairs),
        unknown_codes=unknown_table([(code, *counts) for code, counts in unknown.items()]),
        checks=checks,
    )
