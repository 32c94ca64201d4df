"""Person numbers as people write them: with or without a hyphen, and what they tell of birth and sex."""

from __future__ import annotations

import re
from datetime import date

_BETWEEN = r"[-\s\u00ad\u200b\u2010-\u2015\u2060\u2212\ufeff]"
"""What stands between the parts of a number, or around it: word processors make hyphens long, and leave marks."""
_SHAPE = re.compile(rf"^{_BETWEEN}*([0-9]{{6}}){_BETWEEN}*([0-9]{{4}}){_BETWEEN}*$")
INVENTED = 20
"""Added to the month of birth in the numbers of invented persons."""
REPLACED = 60
"""Added to the day of birth in replacement numbers."""


def written(number: str) -> str:
    """A person number the way the database keeps it, ``DDMMYY-NNNN``; other keys as they are, without blanks around."""
    found = _SHAPE.match(number)
    return f"{found[1]}-{found[2]}" if found else number.strip()


def forms(number: str) -> tuple[str, ...]:
    """The ways a number may stand in the database: with a hyphen, without one, and as it was given."""
    kept = written(number)
    return tuple(dict.fromkeys((kept, kept.replace("-", "") if _SHAPE.match(kept) else kept, number.strip())))


def is_number(number: str) -> bool:
    """Whether a text has the shape of a person number."""
    return _SHAPE.match(number) is not None


def is_replacement(number: str) -> bool:
    """Whether it is a replacement number, given to somebody without a number of their own."""
    found = _SHAPE.match(number)
    return found is not None and int(found[1][:2]) > REPLACED


def birth_of(number: str) -> date | None:
    """The day of birth a number tells, of replacement numbers and invented ones too; None where it tells none.

    The seventh digit and the year say which century (the rule of the Danish register of persons).
    """
    found = _SHAPE.match(number)
    if found is None:
        return None
    day, month, year, seventh = int(found[1][:2]), int(found[1][2:4]), int(found[1][4:]), int(found[2][0])
    day -= REPLACED if day > REPLACED else 0
    month -= INVENTED if month > INVENTED else 0
    if seventh <= 3:
        century = 1900
    elif seventh in (4, 9):
        century = 2000 if year <= 36 else 1900
    else:
        century = 2000 if year <= 57 else 1800
    try:
        return date(century + year, month, day)
    except ValueError:
        return None


def sex_of(number: str) -> str | None:
    """``woman`` or ``man`` by the last digit, even or odd; None where the text is no person number."""
    found = _SHAPE.match(number)
    if found is None:
        return None
    return "woman" if int(found[2][3]) % 2 == 0 else "man"
