"""Running text that holds numbers: what is put in, what is hidden, and what is left unsaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import Findings, Passage, ProtectedFigure, Section, Sentence, Told, protect
from indsats.report.passages import head_facts, passage_prose, settled, told_text
from indsats.report.prose import Points, plain
from indsats.report.texts import say
from sample_report import sample

NBSP = "\u00a0"
TALKS = Figure.count("talks", 1437)
SHARE = Figure.share("share", 3, 40)
SEEN = {
    "share": ProtectedFigure("share", None, "share", hidden=True),
    "talks": ProtectedFigure("talks", 1437, "count", 1437),
    "rounded": ProtectedFigure("rounded", 5, "count", 5),
    "people": ProtectedFigure("people", 12, "count", 12),
}


def both(text: str) -> Text:
    return Text(da=text, en=text)


def read(text: str, told: dict[str, Told] | None = None, lang: Lang = "da") -> str:
    return plain(passage_prose(Passage("a-1", both(text), told or {}), sample(), lang))


def test_numbers_are_told_as_the_language_writes_them() -> None:
    told = {"n": Told(TALKS), "s": Told(SHARE), "of": Told(SHARE, "denominator"), "low": Told(SHARE, "low")}
    assert read("{{n}} / {{ s }} / {{of}} / {{low}}", told) == f"1.437 / 7,5{NBSP}% / 40 / –"
    assert read("{{n}} / {{ s }}", told, "en") == "1,437 / 7.5%"
    assert told_text(Told(SHARE, decimals=0), "da") == f"8{NBSP}%"


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_hidden_number_is_told_as_such(lang: Lang) -> None:
    passage = Passage("a-1", both("{{s}}, {{part}} ({{s}}); {{n}}"), {
        "s": Told(SHARE), "part": Told(SHARE, "numerator"), "n": Told(TALKS)
    })  # fmt: skip
    shown = plain(passage_prose(settled(passage, SEEN), sample(), lang))
    hidden = say("told-hidden", lang)
    assert shown == f"{hidden}, {hidden} {hidden}; {'1.437' if lang == 'da' else '1,437'}"


def test_words_of_the_document_are_put_in_and_unknown_slots_are_shown_as_written() -> None:
    assert (
        read("{{first}} ved {{indstiller}} {{ nobody }}")
        == f"1.{NBSP}juli 2016 ved Forvaltningen {{{{ nobody }}}}"
    )


def test_what_is_put_in_at_the_start_of_a_line_begins_no_list() -> None:
    assert read("{{first}} begyndte\n{{last}} sluttede") == (
        f"1.{NBSP}juli 2016 begyndte 31.{NBSP}december 2016 sluttede"
    )
    assert read("{{n}}. Så mange", {"n": Told(Figure.count("few", 12))}) == "12. Så mange"


def test_only_what_a_writer_gives_is_markdown() -> None:
    document = replace(
        sample(),
        words={"site": both("*A* [b](https://x.dk)"), "field": both("- **x**\n- y")},
        fields=("field",),
    )
    passage = Passage("a-1", both("{{site}}\n\n{{field}}"))
    first, second = passage_prose(passage, document, "da")
    assert plain((first,)) == "*A* [b](https://x.dk)"
    assert isinstance(second, Points)
    assert second.points[0].runs[0].strong


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("{{ref: maal}} viser", "Tabel"),
        ("Se {{ref: maal}}", "tabel"),
        ("Det gik godt. {{ref: maal}} viser", "Tabel"),
        ("Gik det godt?\n{{ref: maal}} viser", "Tabel"),
        ("jf. {{ref: maal}}", "tabel"),
        ("(jf. {{ref: maal}})", "tabel"),
        ("f.eks. {{ref: maal}}", "tabel"),
        ("tallene ({{ref: maal}})", "tabel"),
        ("- {{ref: maal}} viser", "Tabel"),
        ("**Godt.** *{{ref: maal}}* viser", "Tabel"),
        ("Det er 26 pct. {{ref: maal}} viser", "Tabel"),
    ],
)
def test_a_table_named_first_in_a_sentence_has_a_capital(text: str, called: str) -> None:
    assert f"{called}{NBSP}1" in read(text)


def test_the_top_of_the_document_says_what_is_missing_without_markup() -> None:
    assert head_facts(sample(), "da") == [
        ("Sagsnummer", "2016-0123456"), ("Underskriver", "[Underskriver mangler]")
    ]  # fmt: skip


def found(*sentences: Sentence) -> Passage:
    return settled(Findings("findings-a", sentences), SEEN, {"rounded"})


def test_a_sentence_told_or_chosen_from_a_hidden_number_is_gone() -> None:
    passage = found(
        Sentence(both("{{s}} nåede det"), {"s": Told(SHARE)}),
        Sentence(both("{{n}} samtaler"), {"n": Told(TALKS)}),
        Sentence(both("Målet er ikke nået"), of=("share",)),
        Sentence(both("Nogen har set på det"), of=("talks",)),
        Sentence(both("Ingen har set på det"), of=("nowhere",)),
        Sentence(both("Det er rundet af"), of=("rounded",)),
        Sentence(both("{{n}} borgere"), {"n": Told(Figure.count("people", 12))}),
    )
    assert passage.found
    read = plain(passage_prose(passage, sample(), "da"))
    assert read.split("\n") == ["1.437 samtaler", "Nogen har set på det", f"12{NBSP}borgere"]
    assert isinstance(passage_prose(passage, sample(), "da")[0], Points)
    assert [told.figure.id for told in passage.told.values()] == ["talks", "people"]


def test_a_caveat_stands_only_beside_what_it_is_about() -> None:
    read_so = Sentence(both("Læs det sådan"), caveat=True)
    shown = found(Sentence(both("{{n}} samtaler"), {"n": Told(TALKS)}), read_so)
    assert plain(passage_prose(shown, sample(), "da")).split("\n") == ["1.437 samtaler", "Læs det sådan"]
    gone = found(Sentence(both("{{s}}"), {"s": Told(SHARE)}), read_so)
    assert plain(passage_prose(gone, sample(), "da")) == say("findings-none", "da")
    assert plain(passage_prose(found(read_so), sample(), "da")) == say("findings-empty", "da")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_when_all_sentences_are_gone_the_reader_is_told_why(lang: Lang) -> None:
    gone = found(Sentence(both("{{s}}"), {"s": Told(SHARE)}))
    assert plain(passage_prose(gone, sample(), lang)) == say("findings-none", lang)
    nothing = found()
    assert plain(passage_prose(nothing, sample(), lang)) == say("findings-empty", lang)


@pytest.mark.parametrize(
    "text", ["5* [a](https://x.dk) _b_ <i>", "1. plads", "- 3", "+ 3", "a & b &amp; c", "`a`\nb"]
)
def test_the_words_of_a_sentence_are_shown_as_they_are(text: str) -> None:
    shown = plain(passage_prose(found(Sentence(both(text))), sample(), "da"))
    assert shown == " ".join(text.split())


def test_numbers_told_in_words_alone_pass_the_same_control() -> None:
    told = {"few": Told(Figure.count("few", 3)), "many": Told(Figure.count("many", 30)),
            "aim": Told(Figure("aim", 3, "count", 3), about_people=False)}  # fmt: skip
    rule = Sentence(both("{{n}} er få"), {"n": told["few"]})
    blocks = (Passage("a-1", both("{{few}} {{many}} {{aim}}"), told), Findings("findings-a", (rule,)))
    passage, findings = protect(replace(sample(), sections=(Section(None, blocks),))).blocks()
    assert isinstance(passage, Passage)
    assert isinstance(findings, Passage)
    assert plain(passage_prose(passage, sample(), "da")) == f"{say('told-hidden', 'da')} 30 3"
    assert all(isinstance(one.figure, ProtectedFigure) for one in passage.told.values())
    assert plain(passage_prose(findings, sample(), "da")) == say("findings-none", "da")


def test_a_number_in_a_table_and_in_words_is_hidden_in_both() -> None:
    document = protect(sample())
    texts = {
        one.id: plain(passage_prose(one, document, "da"))
        for one in document.blocks()
        if isinstance(one, Passage)
    }
    assert "1.437 samtaler" in texts["start-1"]
    assert f"{say('told-hidden', 'da')} borgere" in texts["start-1"]
    assert texts["findings-maal"].split("\n") == [
        "Målet om rettidige samtaler er indfriet.", "Der er holdt 1.437 samtaler."
    ]  # fmt: skip


def test_one_id_for_two_numbers_is_refused_in_words_too() -> None:
    told = {"n": Told(Figure.count("indicator/samtaler/ub", 1438))}
    blocks = (*sample().sections[0].blocks, Passage("a-1", both("{{n}}"), told))
    with pytest.raises(ValueError, match="two different numbers"):
        protect(replace(sample(), sections=(Section(None, blocks),)))
