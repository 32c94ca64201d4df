"""Takes what the screens use out of the npm package of the Danish public design system (dkfds).

``python -m indsats.web.design_system PACKAGE.tgz`` checks the package against the pinned version and writes
``static/dkfds``. The package's style sheet holds every component and a thousand utilities marked ``!important``; the
screens load a tenth of it, in a cascade layer of its own, so that a rule of ours wins without shouting.
"""

from __future__ import annotations

import re
import sys
import tarfile
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha512
from pathlib import Path
from tarfile import TarFile

VERSION = "11.2.0"
INTEGRITY = "sha512-JuVf8NjEOeF+TKIhEFXa3BfZvk1ulQM8+XN+6QhgDo6kiwwvupyBY34YU4FglBeyFWHbE5mYDmnrcYTWOSKkEA=="
"""What the registry says of the package; a package that differs is refused."""

FONTS = {(400, "normal"): "Regular", (400, "italic"): "Italic", (600, "normal"): "SemiBold"}
"""The weights the screens use, with the package's names of their files."""

ICONS = (
    "arrow-back", "arrow-downward", "arrow-forward", "arrow-upward", "calendar-month", "check", "chevron-down",
    "chevron-left", "chevron-right", "close", "document", "download", "edit", "error", "help", "info", "lock", "menu",
    "person", "persons", "plus", "print", "refresh", "search", "star", "success", "sync", "time", "upload",
    "visibility", "visibility-off", "warning",
)  # fmt: skip
"""The icons of the sprite, for ``{% icon "search" %}``."""

KEPT = re.compile(
    r"sr-only|form-.*|button(-(primary|secondary|tertiary|warning|group|active|hover))?|alert(-.*)?|details(-.*)?"
    r"|skipnav|icon-svg|nobullet-list|unstyled-list|required|disabled|focus|mixed|link-.*|h[1-6]|checkbox-content"
    r"|radio-content|date-group"
)
"""The classes whose rules are kept; rules for elements alone always are."""

HERE = Path(__file__).resolve().parent / "static" / "dkfds"
_RULE = re.compile(r"([^{}]+)\{")
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_URL = re.compile(r"url\(\.\./img/svg-icons/([\w-]+\.svg)\)")


def main(package: Path, into: Path = HERE) -> None:
    """Write the parts in use of the package's archive ``package`` into the folder ``into``.

    Raises SystemExit, in words, when the archive is not the pinned version.
    """
    found = "sha512-" + b64encode(sha512(package.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        raise SystemExit(
            f"{package}: not dkfds {VERSION} as the registry has it ({found}). Fetch it again, or change VERSION and "
            "INTEGRITY in design_system.py together."
        )
    for old in sorted(into.rglob("*"), reverse=True) if into.is_dir() else ():
        old.unlink() if old.is_file() else old.rmdir()
    with tarfile.open(package) as archive:
        css = kept(_text(archive, "dist/css/dkfds.min.css"))
        pictures = sorted(set(_URL.findall(css)))
        for (_, _), name in FONTS.items():
            file = f"IBMPlexSans-{name}.woff2"
            _write(into / "fonts" / file, _bytes(archive, f"dist/fonts/IBMPlexSans/complete/woff2/{file}"))
        for picture in pictures:
            _write(into / "icons" / picture, _bytes(archive, f"dist/img/svg-icons/{picture}"))
        sprite = "".join(symbol(name, _text(archive, f"dist/img/svg-icons/{name}.svg")) for name in ICONS)
        licence = _text(archive, "LICENSE.md").rstrip() + "\n"
        fonts = _bytes(archive, "dist/fonts/IBMPlexSans/complete/woff2/license.txt")
    css = _URL.sub(r"url(icons/\1)", css)
    _write(into / "dkfds.css", f"@layer dkfds{{{_faces()}{css}}}\n".encode())
    _write(into / "icons.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{sprite}</svg>\n'.encode())
    _write(into / "LICENSE.md", licence.encode())
    _write(into / "fonts" / "LICENSE.txt", fonts)
    _write(into / "VERSION", f"dkfds {VERSION}\n{INTEGRITY}\n".encode())


def kept(css: str) -> str:
    """The rules of a minified style sheet that the screens use: no fonts, no utilities, no unused component."""
    return "".join(_kept(css.removeprefix("\ufeff")))


def _kept(css: str) -> Iterator[str]:
    for selector, body in rules(css):
        if selector.startswith("@media"):
            inner = kept(body)
            if inner and "print" not in selector:
                yield f"{selector}{{{inner}}}"
        elif not selector.startswith("@"):
            used = [one for one in _parts(selector) if _is_used(one)]
            if used and "placeholder.png" not in body:
                yield f"{','.join(used)}{{{body}}}"


def _parts(selector: str) -> list[str]:
    """The selectors of a list; a comma inside brackets separates nothing."""
    return re.split(r",(?![^()]*\))", selector)


def _is_used(selector: str) -> bool:
    asked_for = re.sub(r":not\([^)]*\)", "", selector)
    return all(KEPT.fullmatch(name) for name in _CLASS.findall(asked_for)) and "#" not in asked_for


def rules(css: str) -> Iterator[tuple[str, str]]:
    """The rules at the outermost level of a minified style sheet: what stands before the brackets, and in them."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@(charset|import)[^;{]*;", "", css)
    at = 0
    while found := _RULE.search(css, at):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield found[1].strip(), css[found.end() : end - 1]
        at = end


def symbol(name: str, svg: str) -> str:
    """An icon's file as a symbol of the sprite, in the colour of the text around it."""
    box = re.search(r'viewBox="([^"]+)"', svg)
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, flags=re.DOTALL)
    if box is None or inner is None:
        raise SystemExit(f"{name}.svg in the package is not a picture as expected. Has the package changed?")
    return f'<symbol id="{name}" viewBox="{box[1]}">{inner[1].strip()}</symbol>'


def _faces() -> str:
    return "".join(
        f'@font-face{{font-family:"IBM Plex Sans";font-weight:{weight};font-style:{style};font-display:swap;'
        f'src:url(fonts/IBMPlexSans-{name}.woff2) format("woff2")}}'
        for (weight, style), name in FONTS.items()
    )


def _bytes(archive: TarFile, name: str) -> bytes:
    found = archive.extractfile(f"package/{name}")
    if found is None:
        raise SystemExit(f"{name} is not in the package. Has its layout changed?")
    return found.read()


def _text(archive: TarFile, name: str) -> str:
    return _bytes(archive, name).decode("utf-8")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Say where the package is: python -m indsats.web.design_system dkfds.tgz")
    main(Path(sys.argv[1]))
