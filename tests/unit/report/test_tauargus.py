"""tau-ARGUS for one table: what it hides protects, and what it refuses it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indsats.problem import InputRefused
from indsats.report import ProtectedFigure
from indsats.report.disclosure import tauargus
from indsats.report.disclosure.attack import attack
from indsats.report.disclosure.tauargus import optimal
from linked_tables import document, table, with_margins

PUBLISHED = with_margins(np.array([[40, 3, 25], [30, 22, 28], [18, 15, 33]]))


def test_without_the_package_the_reader_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tauargus, "find_spec", lambda _name: None)
    with pytest.raises(InputRefused, match=r"pip install indsats\[tauargus\]"):
        optimal(PUBLISHED, PUBLISHED < 5, threshold=5)


@pytest.mark.parametrize(
    ("counts", "unsafe", "what"),
    [
        (np.array([[3, 4], [5, 6]]), np.zeros((2, 2), bool), "not the sum"),
        (np.array([3, 4, 8]), np.zeros(3, bool), "not the sum"),
        (np.array([3, 4, 7]), np.zeros(2, bool), "same shape"),
        (np.array([3.5, 4.0, 7.5]), np.zeros(3, bool), "whole numbers"),
        (np.array([-3, 4, 1]), np.zeros(3, bool), "whole numbers"),
    ],
)
def test_a_table_that_does_not_add_up_is_refused(counts: Any, unsafe: Any, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        optimal(counts, unsafe, threshold=5)


def test_where_nothing_is_unsafe_nothing_is_hidden() -> None:
    assert not optimal(PUBLISHED, np.zeros(PUBLISHED.shape, bool), threshold=5).any()


class TestEngine:
    """With the engine itself."""

    @pytest.fixture(autouse=True)
    def _engine(self) -> None:
        pytest.importorskip("pytauargus")

    def test_the_engine_leaves_no_logs_of_true_counts_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        optimal(PUBLISHED, (PUBLISHED > 0) & (PUBLISHED < 5), threshold=5)
        assert list(tmp_path.iterdir()) == []

    def test_the_published_table_is_protected_by_the_fewest_persons(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        hidden = optimal(PUBLISHED, (PUBLISHED > 0) & (PUBLISHED < 5), threshold=5)
        assert hidden[0, 1]
        # no other rectangle with the three in it has fewer: 3 + 25 + 15 + 33, or 3 + 40 + 18 + 15
        assert PUBLISHED[hidden].sum() == 76
        assert not hidden[-1].any()
        assert not hidden[:, -1].any()
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("numbers", [[3, 12, 30, 45], [3, 3], [1, 0, 0, 1], [3]])
    def test_a_list_and_its_sum(self, numbers: list[int]) -> None:
        counts = np.array(numbers)
        hidden = optimal(counts, (counts > 0) & (counts < 5), threshold=5)
        assert hidden[0]
        assert hidden.sum() == min(2, len(numbers))

    def test_a_large_count_that_a_linked_table_made_unsafe_is_protected_too(self) -> None:
        unsafe = np.zeros(PUBLISHED.shape, bool)
        unsafe[2, 2] = True
        hidden = optimal(PUBLISHED, unsafe, threshold=5)
        assert hidden[2, 2]
        assert (hidden.sum(0)[hidden.any(0)] > 1).all()
        assert (hidden.sum(1)[hidden.any(1)] > 1).all()

    def test_the_same_table_gives_the_same_answer(self) -> None:
        counts = with_margins(np.random.default_rng(1).poisson(9, (12, 6)))
        unsafe = (counts > 0) & (counts < 5)
        first = optimal(counts, unsafe, threshold=5)
        assert (optimal(counts, unsafe, threshold=5) == first).all()

    def test_what_it_leaves_does_not_give_the_hidden_counts_away(self) -> None:
        for seed in range(10):
            rng = np.random.default_rng(seed)
            counts = with_margins(rng.poisson(rng.gamma(1.5, 10.0, (6, 5))))
            hidden = optimal(counts, (counts > 0) & (counts < 5), threshold=5)
            rows = [
                [f"r{i}", *(cell(f"{i}/{j}", int(n), bool(hidden[i, j])) for j, n in enumerate(row))]
                for i, row in enumerate(counts)
            ]
            done = replace(document([table("t", rows, total_row=-1, total_column=-1)], 5), protected=True)
            small = {(one.figure, one.part): one for one in attack([done])}
            assert not [
                f"{i}/{j}" for i, j in np.argwhere((counts > 0) & (counts < 5)) if (f"{i}/{j}", "n") in small
            ]


def cell(key: str, number: int, hidden: bool) -> ProtectedFigure:
    value = None if hidden else float(number)
    return ProtectedFigure(key, value, "count", value, hidden=hidden)
