"""Makes the pictures of reports again: every page of five kinds of documents, one in Word, two on screen.

Run it from the repository: ``.venv/bin/python docs/report_pictures.py``. It takes some minutes and needs poppler-utils,
LibreOffice and Chromium beside the package. All people are simulated or constructed. ``make docs`` does not run it.
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import polars as pl
from PIL import Image, ImageOps

from indsats import library, programme
from indsats.programme import Period
from indsats.replicate.cases import facts_of
from indsats.replicate.printed import read_publication
from indsats.report import Order, make, put
from indsats.run import Material, compose, register_plan, run_letters, run_programme
from indsats.simulate import simulate

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures" / "reports"
PAGE = DOCS / "methods" / "documents.md"
DENSITY = 72
"""Pixels per inch of a page."""
COLOURS = 64
FRAME = "#c4c8ce"
FULL = Order("da", formats=("html", "pdf", "word"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: the stem of its pictures, and what it is called in their alternative texts."""

    name: str
    called: str


CASE = Kind("case", "the item for a committee")
MONTH = Kind("month", "the monthly report")
EVALUATION = Kind("evaluation", "the evaluation report")
CITIZEN = Kind("citizen", "a citizen's summary")
SITE = Kind("site", "a letter to a site")
KINDS = (CASE, MONTH, EVALUATION, CITIZEN, SITE)


def committee_case(out: Path) -> None:
    """The second report to the committee, rebuilt from facts that give what it prints."""
    facts = facts_of(read_publication("004").cases["rapport-2"])
    period = Period(first=date(2016, 5, 1), last=date(2016, 9, 30))
    put(make(compose(Material(facts.programme, facts, None, period), "udvalgssag"), FULL), out)


def simulated(name: str, persons: int, out: Path) -> Path:
    """The data of a simulated municipality."""
    definition = programme.load(library.definition_path(name))
    return simulate(definition, persons, 1, out)


def somebody(data: Path) -> str:
    """The person about whom the most is recorded; the first of several."""
    told = [
        pl.read_parquet(file, columns=["person"]).drop_nulls() for file in sorted((data / "facts").iterdir())
    ]
    return (
        pl.concat(told).group_by("person").len().sort("len", "person", descending=[True, False])["person"][0]
    )


def documents(folder: Path) -> dict[Kind, Path]:
    """All of them written into folders under ``folder``; the folder of each."""
    outs = {kind: folder / kind.name for kind in KINDS}
    committee_case(outs[CASE])
    for kind, name, persons, report in (
        (MONTH, "flere-skal-med", 600, "maanedsrapport"),
        (EVALUATION, "fremskudt-indsats", 3000, "evalueringsrapport"),
    ):
        data = simulated(name, persons, folder / f"data-{name}")
        definition = programme.load(library.definition_path(name))
        for evaluation in definition.evaluations:
            register_plan(definition, evaluation, data, datetime(2017, 1, 2, tzinfo=UTC))
        run_programme(definition, data=data, out=outs[kind], order=FULL, report=report)
    flere = programme.load(library.definition_path("flere-skal-med"))
    data = folder / "data-flere-skal-med"
    run_programme(flere, data=data, out=outs[CITIZEN], order=FULL, report="min-plan", about=somebody(data))
    effektiv = programme.load(library.definition_path("effektiv-indsats"))
    data = simulated("effektiv-indsats", 800, folder / "data-effektiv-indsats")
    written = run_letters(effektiv, data=data, out=folder / "letters", report="stedbrev", order=FULL)
    outs[SITE] = folder / "letters" / min(written)
    return outs


def save(image: Image.Image, file: Path) -> None:
    """A picture with few colours, which is small."""
    image.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        file, optimize=True
    )


def pages(pdf: Path, stem: str, density: int = DENSITY, last: int | None = None) -> list[Path]:
    """A picture of each page of a PDF, up to ``last``; their files in order."""
    with tempfile.TemporaryDirectory() as folder:
        upto = [] if last is None else ["-l", str(last)]
        command = ["pdftoppm", "-q", "-png", "-r", str(density), *upto, str(pdf), f"{folder}/page"]
        subprocess.run(command, check=True)  # noqa: S603 (our own files)
        made = []
        for number, file in enumerate(sorted(Path(folder).iterdir()), start=1):
            made.append(PICTURES / f"{stem}-{number:02d}.png")
            with Image.open(file) as image:
                save(ImageOps.expand(image.convert("RGB"), 1, FRAME), made[-1])
    return made


def page_of(destination: pikepdf.Array) -> tuple[int, int]:
    """The number of the object that is the page a bookmark leads to."""
    [page, *_] = destination.as_list()
    return page.objgen


def headings(pdf: Path) -> list[list[str]]:
    """The headings that begin on each page, from the bookmarks."""
    with pikepdf.open(pdf) as file:
        places = {page.obj.objgen: number for number, page in enumerate(file.pages)}
        found: list[list[str]] = [[] for _ in file.pages]

        def walk(items: list[pikepdf.OutlineItem]) -> Iterator[tuple[int, str]]:
            for item in items:
                to = item.destination
                if to is None and item.action is not None:
                    to = item.action.D
                if isinstance(to, pikepdf.Array):
                    yield places[page_of(to)], item.title
                yield from walk(item.children)

        with file.open_outline() as outline:
            for number, title in walk(outline.root):
                found[number].append(title)
    return found


def described(kind: Kind, pdf: Path) -> list[str]:
    """An alternative text for each page: which page of what, and the headings on it."""
    told, before = [], ""
    every = headings(pdf)
    for number, titles in enumerate(every, start=1):
        on_it = ", ".join(f"“{title}”" for title in titles)
        unnamed = f"“{before}” goes on" if before else "the front page" if number == 1 else "the contents"
        says = on_it or unnamed
        told.append(f"Page {number} of {len(every)} of {kind.called}: {says}")
        before = titles[-1] if titles else before
    return told


def shown(text: str, name: str, lines: list[str]) -> str:
    """The page with new pictures between the marks of a kind of document."""
    between = re.compile(f"(<!-- pages of {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if between.search(text) is None:
        raise ValueError(f"{PAGE} has no marks for {name}")
    return between.sub(lambda found: found[1] + "\n".join(lines) + "\n" + found[2], text)


def in_word(report: Path, folder: Path) -> None:
    """The first page of a Word file as LibreOffice sets it."""
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(report)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (our own files)
    pages(folder / f"{report.stem}.pdf", "word", last=1)


def on_screen(report: Path, file: Path) -> None:
    """The top of a page in a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 1375})
        page.goto(report.as_uri())
        shot = page.screenshot()
        browser.close()
    with Image.open(io.BytesIO(shot)) as image:
        save(image, file)


def main() -> None:
    """Make all documents, then their pictures, and name those on the page that shows them."""
    text = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        outs = documents(folder)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for former in PICTURES.glob("*.png"):
            former.unlink()
        for kind, out in outs.items():
            files = pages(out / "report.pdf", kind.name)
            alts = described(kind, out / "report.pdf")
            lines = [
                f"![{alt}](../pictures/reports/{file.name})" for file, alt in zip(files, alts, strict=True)
            ]
            text = shown(text, kind.name, lines)
        in_word(outs[CASE] / "report.docx", folder)
        on_screen(outs[CASE] / "report.html", PICTURES / "screen.png")
        fremskudt = programme.load(library.definition_path("fremskudt-indsats"))
        run_programme(fremskudt, data=folder / "data-fremskudt-indsats", out=folder / "half-year")
        on_screen(folder / "half-year" / "report.html", PICTURES.parent / "report.png")
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
