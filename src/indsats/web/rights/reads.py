"""The log of reads: every person shown is noted, and every search."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings

from .. import clock
from ..models import Access, Case, Person, Search
from .scope import Reader

_DIGITS = re.compile(r"\d[\d -]{4,}\d")


def read(reader: Reader, what: str, cases: Iterable[Case]) -> None:
    """Note that the reader was shown these cases on the screen, list or export ``what``; one query however many."""
    at = clock.now()
    broken = {(one.person_id, one.programme): one for one in reader.glasses}
    Access.objects.bulk_create(
        Access(
            at=at,
            user=reader.user,
            person_id=case.person_id,
            case=case.public,
            what=what,
            glass=broken.get((case.person_id, case.programme)),
        )
        for case in cases
    )


def read_persons(reader: Reader, what: str, persons: Iterable[Person]) -> None:
    """Note that the reader was shown these persons, where no case of theirs was."""
    at = clock.now()
    Access.objects.bulk_create(Access(at=at, user=reader.user, person=one, what=what) for one in persons)


def searched(reader: Reader, words: str, hits: int) -> None:
    """Note a search; a person number in it is kept as a keyed digest."""
    Search.objects.create(at=clock.now(), user=reader.user, words=_without_numbers(words)[:120], hits=hits)


def digest(number: str) -> str:
    """What stands for a number in the log: the same number gives the same, and nobody can read it back."""
    only = re.sub(r"\D", "", number)
    return "nr. " + hmac.new(settings.SECRET_KEY.encode(), only.encode(), sha256).hexdigest()[:12]


def _without_numbers(words: str) -> str:
    return _DIGITS.sub(lambda found: digest(found.group()), words)
