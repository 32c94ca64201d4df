"""Pseudonyms, their key, and the report of a link."""

import errno
import hmac
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indsats.problem import InputRefused
from indsats.register.link import key_warnings, link, new_key, pseudonyms, read_key

KEY = bytes(range(32))
words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@given(st.lists(words, max_size=20), st.binary(min_size=32, max_size=200))
def test_a_pseudonym_is_half_of_hmac_sha256_whatever_the_key_is(names: list[str], key: bytes) -> None:
    made = pseudonyms(pl.Series("who", names, dtype=pl.String), key)
    assert made.name == "who"
    assert made.to_list() == [hmac.digest(key, name.encode(), "sha256").hex()[:32] for name in names]


@given(words, st.integers(0, 12), st.sampled_from([" ", "-", "\u2013", "\u00a0", "\u2212", "\t", "\u200b"]))
def test_spaces_and_hyphens_do_not_matter(name: str, at: int, sign: str) -> None:
    plain, spaced = pseudonyms(pl.Series([name, name[:at] + sign + name[at:]]), KEY)
    assert plain == spaced


def test_nobody_stays_nobody_and_order_and_length_are_kept() -> None:
    made = pseudonyms(pl.Series(["p1", None, "", " - ", "p2"]), KEY)
    assert made.is_null().to_list() == [False, True, True, True, False]
    assert made[0] != made[4]
    assert pseudonyms(pl.Series([None, None]), KEY).to_list() == [None, None]
    assert pseudonyms(pl.Series("a", [], dtype=pl.String), KEY).dtype == pl.String


def test_work_in_batches_is_told_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    names = pl.Series([f"p{number}" for number in range(7)])
    whole = pseudonyms(names, KEY)
    monkeypatch.setattr(sys.modules["indsats.register.link"], "_BATCH", 3)
    seen: list[tuple[int, int]] = []
    assert pseudonyms(names, KEY, lambda done, total, _: seen.append((done, total))).equals(whole)
    assert seen == [(3, 7), (6, 7), (7, 7)]


def test_another_key_gives_other_pseudonyms() -> None:
    assert pseudonyms(pl.Series(["p1"]), KEY)[0] != pseudonyms(pl.Series(["p1"]), KEY[::-1])[0]


@pytest.mark.parametrize(
    ("identities", "key", "message"),
    [
        (pl.Series([123]), KEY, "loses its leading zero"),
        (pl.Series([1.5]), KEY, "loses its leading zero"),
        (pl.Series(["a"]), b"short", "the key has 5 bytes"),
    ],
)
def test_numbers_and_short_keys_are_refused(identities: pl.Series, key: bytes, message: str) -> None:
    with pytest.raises(InputRefused, match=message):
        pseudonyms(identities, key)


def test_a_new_key_can_be_read_again_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = new_key(tmp_path / "key")
    assert read_key(tmp_path / "key") == key
    assert len(key) == 32
    assert key_warnings(tmp_path / "key") == []
    if os.name == "posix":
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    key = new_key(tmp_path / "key")
    with pytest.raises(InputRefused, match="there is a key already"):
        new_key(tmp_path / "key")
    assert read_key(tmp_path / "key") == key
    with pytest.raises(InputRefused, match="cannot be written"):
        new_key(tmp_path / "no folder" / "key")


@pytest.mark.skipif(os.name != "posix", reason="file modes tell who may read on POSIX systems only")
@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_key_that_others_may_read_gives_a_warning(tmp_path: Path, mode: int, warned: bool) -> None:
    new_key(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    assert [problem.severity for problem in key_warnings(tmp_path / "key")] == ["warning"] * warned


def test_a_line_end_after_hex_is_no_part_of_the_key_and_other_bytes_stand_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for ending in ("", "\n", "\r\n"):
        file.write_text(KEY.hex() + ending, newline="")
        assert read_key(file) == KEY
    raw = b"\n" + bytes(range(200, 240)) + b"\n"
    file.write_bytes(raw)
    assert read_key(file) == raw
    phrase = "a long sentence about øre nobody guesses"
    for ending in ("", "\n", "\r\n"):
        file.write_text(phrase + ending, encoding="utf-8", newline="")
        assert read_key(file) == phrase.encode()


@pytest.mark.parametrize(
    "content",
    [
        KEY.hex().encode("utf-8-sig"),
        KEY.hex().encode("utf-16"),
        KEY.hex().encode("utf-16-le"),
        KEY.hex()[:-1].encode(),
        f"{KEY.hex()}0\n".encode(),
        f"{KEY.hex()[:32]}\n{KEY.hex()[32:]}\n".encode(),
        KEY.hex().replace("0", "O", 3).encode(),
        f'"{KEY.hex()}"'.encode(),
    ],
)
def test_a_key_that_was_damaged_is_not_taken_for_another_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(InputRefused, match="the key is damaged"):
        read_key(tmp_path / "key")


@given(
    st.lists(st.integers(128, 255), min_size=31, max_size=64), st.sampled_from([b"", b"\n", b"\r\n", b"\0"])
)
def test_random_bytes_are_a_key_as_they_stand_whatever_they_end_in(numbers: list[int], end: bytes) -> None:
    key = b"\x80" + bytes(numbers) + end  # never UTF-8
    with TemporaryDirectory() as folder:
        (Path(folder) / "key").write_bytes(key)
        assert read_key(Path(folder) / "key") == key


def test_a_full_disk_leaves_no_half_of_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputRefused, match="key: error: there is no room for the key"):
        new_key(tmp_path / "key")
    assert list(tmp_path.iterdir()) == []


def test_keys_that_cannot_serve_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="cannot be read"):
        read_key(tmp_path / "key")
    (tmp_path / "key").write_text(KEY.hex()[:-2])
    with pytest.raises(InputRefused, match="the key has 31 bytes"):
        read_key(tmp_path / "key")
    (tmp_path / "data" / "deep").mkdir(parents=True)
    new_key(tmp_path / "data" / "deep" / "key")
    with pytest.raises(InputRefused, match="in the folder of the data"):
        read_key(tmp_path / "data" / "deep" / "key", data=tmp_path / "data")
    assert read_key(tmp_path / "data" / "deep" / "key", data=tmp_path / "elsewhere")


def test_a_link_counts_matches_losses_and_doubles_on_both_sides() -> None:
    registrations = pl.DataFrame(
        {"person": ["c", "a", "x", "a", None, " ", "b"], "site": ["s", "s", "s", "t", "t", "u", "t"]}
    )
    register = pl.DataFrame({"person": ["a", "b", "b", "c", "d", "d", None]})
    report = link(registrations, register)
    assert (report.matched, report.unmatched_registrations, report.unmatched_register) == (3, 1, 1)
    assert (report.double_registrations, report.double_register) == (1, 2)
    assert (report.without_registrations, report.without_register) == (2, 1)
    assert report.unmatched_rows.to_list() == [2, 4, 5]
    assert report.pairs.rows() == [("c", 0, 3, 1, 1), ("a", 1, 0, 2, 1), ("b", 6, 1, 1, 2)]
    assert report.by_site is not None
    assert report.by_site.rows() == [("s", 3, 2, 1, 0, 0), ("t", 2, 2, 0, 0, 1), ("u", 0, 0, 0, 0, 1)]
    assert report.problems == ()


sides = st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), max_size=12)


@given(sides, sides)
def test_the_counts_of_a_link_are_those_of_plain_sets(
    left: list[str | None], right: list[str | None]
) -> None:
    report = link(
        pl.DataFrame({"person": left}, schema={"person": pl.String}),
        pl.DataFrame({"person": right}, schema={"person": pl.String}),
    )
    ours, theirs = set(left) - {None}, set(right) - {None}
    assert report.matched == len(ours & theirs)
    assert report.unmatched_registrations == len(ours - theirs)
    assert report.unmatched_register == len(theirs - ours)
    assert report.double_registrations == sum(left.count(person) > 1 for person in ours)
    assert report.double_register == sum(right.count(person) > 1 for person in theirs)
    assert report.unmatched_rows.to_list() == [at for at, who in enumerate(left) if who not in ours & theirs]
    assert report.by_site is None
    for person, row, other, rows, others in report.pairs.iter_rows():
        assert (left.index(person), right.index(person)) == (row, other)
        assert (left.count(person), right.count(person)) == (rows, others)


def test_no_identity_stands_in_the_text_of_a_report() -> None:
    table = pl.DataFrame({"person": ["first-secret", "second-secret"], "site": ["s", "s"]})
    report = link(table, table.head(1))
    for text in (str(report), repr(report), f"{report}"):
        assert "secret" not in text
    assert "1 of 2 registered persons are in the register" in str(report)


def test_a_site_without_a_name_is_a_site_of_its_own() -> None:
    table = pl.DataFrame({"person": ["a", "b", "b"], "site": [None, None, "s"]})
    report = link(table, table.head(1))
    assert report.by_site is not None
    assert report.by_site.rows() == [(None, 2, 1, 1, 0, 0), ("s", 1, 0, 1, 0, 0)]


def test_nobody_matched_is_warned_about_with_the_likely_cause() -> None:
    bare = pl.DataFrame({"person": ["a", "b"]})
    hashed = pl.DataFrame({"person": pseudonyms(bare["person"], KEY)})
    other = pl.DataFrame({"person": pseudonyms(bare["person"], KEY[::-1])})
    for left, right, message in (
        (hashed, bare, "no pseudonyms in the register"),
        (bare, hashed, "no pseudonyms in the registrations"),
        (hashed, other, "nobody is matched"),
    ):
        (problem,) = link(left, right).problems
        assert message in problem.what
        assert problem.severity == "warning"
    assert link(bare.clear(), bare).problems == ()


def test_tables_that_cannot_be_linked_are_refused_together() -> None:
    with pytest.raises(InputRefused) as refused:
        link(pl.DataFrame({"who": ["a"]}), pl.DataFrame({"person": [17]}))
    assert [problem.what.split(" ")[1] for problem in refused.value.problems] == ["registrations", "persons"]
