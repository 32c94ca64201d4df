"""Sets of ranks are those of R's csranks."""

import numpy as np
import pytest

from indsats.steer.ranks import rank_sets
from publicdata import answers

DESIGNS = {name: one for name, one in answers("ranks").items() if name != "versions"}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("together", [False, True])
def test_sets_equal_those_of_csranks(name: str, together: bool) -> None:
    design = DESIGNS[name]
    theirs = design["together" if together else "marginal"]
    ours = rank_sets(design["x"], design["se"], together=together, draws=20_000)
    assert ours.rank.tolist() == theirs["rank"]
    off = np.abs(ours.low - theirs["low"]) + np.abs(ours.high - theirs["high"])
    # Both draw the critical value: a difference that lies within the noise of it may fall either way.
    assert off.max() <= 2
    assert off.mean() <= 0.2
