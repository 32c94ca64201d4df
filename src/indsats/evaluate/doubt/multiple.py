"""Many questions asked of the same data: how easily one of them looks like a finding."""

from __future__ import annotations

from indsats.language import number, percent

from ..cautions import Caution, caution
from ..results import LEVEL

MANY = 5


def check_multiple(n_tests: int) -> tuple[Caution, ...]:
    """Warns (``many-tests``) when several tests are read together; from five on a doubt, else a note.

    Says the chance that one of ``n_tests`` independent tests is significant at 5 % when nothing has an effect,
    1 − 0.95ⁿ, and the p below which one still counts after Bonferroni's correction, 0.05 / n. Raises
    ``ValueError`` for fewer than one test.
    """
    if n_tests < 1:
        raise ValueError(f"'n_tests' counts the tests read together, it must be 1 or more, got {n_tests}")
    if n_tests == 1:
        return ()
    chance = 1 - (1 - LEVEL) ** n_tests
    decimals = 4 if LEVEL / n_tests < 0.01 else 3
    return (
        caution(
            "many-tests",
            "doubt" if n_tests >= MANY else "note",
            f"Der er {n_tests} tests. Selv hvis intet virker, vil mindst én af så mange se sikker ud i "
            f"{percent(chance, 'da', 0)} af tilfældene, når de er uafhængige. Læg kun vægt på p under "
            f"{number(LEVEL / n_tests, 'da', decimals)}, eller på det udfald, der var valgt på forhånd.",
            f"There are {n_tests} tests. Even if nothing works, at least one of so many looks certain in "
            f"{percent(chance, 'en', 0)} of cases when they are independent. Give weight only to p below "
            f"{number(LEVEL / n_tests, 'en', decimals)}, or to the outcome chosen beforehand.",
        ),
    )
