"""Somebody with a browser and no scripts: signs in, follows addresses, fills in forms, over one connection."""

from __future__ import annotations

import html
import http.client
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

_INPUT = re.compile(r"<input\b[^>]*>")
_NAME = re.compile(r'\bname="([^"]*)"')
_VALUE = re.compile(r'\bvalue="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, text, and where it sends one."""

    status: int
    text: str
    location: str


class Visitor:
    """A session with the server at ``url``."""

    def __init__(self, url: str, seconds: float = 120) -> None:
        """No connection is made yet; every answer is waited for so many seconds."""
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """The page at a path."""
        return self._asked("GET", path)

    def post(self, path: str, fields: Iterable[tuple[str, str]]) -> Answer:
        """The answer to a form."""
        return self._asked("POST", path, urlencode(list(fields)))

    def follow(self, path: str) -> Answer:
        """The page at a path, or where that sends one in the end."""
        found = self.get(path)
        for _ in range(5):
            if found.status not in (301, 302, 303):
                break
            found = self.get(found.location)
        return found

    def sign_in(self, name: str, password: str) -> None:
        """Sign in by the form; AssertionError when it is refused."""
        page = self.get("/log-ind/")
        answer = self.post(
            "/log-ind/",
            [
                *((key, value) for key, value in hidden(page.text) if key not in ("username", "password")),
                ("username", name),
                ("password", password),
            ],
        )
        assert answer.status == 302, answer.status

    def _asked(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if method != "GET":  # a form is not sent twice without being asked
                raise
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(answer.status, text, answer.headers.get("Location", ""))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def hidden(text: str, form: str = "") -> list[tuple[str, str]]:
    """The hidden fields of the form that contains ``form`` (the last one when left out), name and value."""
    forms = [part.partition("</form>")[0] for part in text.split("<form")[1:]]
    chosen = [one for one in forms if form in one and 'name="csrfmiddlewaretoken"' in one]
    found = []
    for tag in _INPUT.findall(chosen[-1]) if chosen else ():
        name, value = _NAME.search(tag), _VALUE.search(tag)
        if 'type="hidden"' in tag and name:
            found.append((name[1], html.unescape(value[1]) if value else ""))
    return found
