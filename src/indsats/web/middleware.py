"""What happens around every request: who reads, and the headers that keep a page to itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from . import citizen_links
from .look import language

Answer = Callable[[HttpRequest], HttpResponse]


class ReaderMiddleware:
    """Puts ``reader`` on the request (None for somebody not signed in), and speaks the language they chose."""

    def __init__(self, answer: Answer) -> None:
        """Keep what answers the request."""
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the reader known."""
        request.reader = citizen_links.reader_of(request)  # type: ignore[attr-defined]
        translation.activate(language(request))
        return self.answer(request)


class SafetyMiddleware:
    """Only the server's own scripts and styles run, and pages about people stay in no cache."""

    def __init__(self, answer: Answer) -> None:
        """Keep what answers the request."""
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        answer = self.answer(request)
        answer.setdefault(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self'",
        )
        if getattr(request, "reader", None) is not None:
            answer.setdefault("Cache-Control", "no-store")
        return answer

    def process_view(
        self, request: HttpRequest, view: Answer, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> None:
        """Leave out of what was sent the one sign PostgreSQL keeps in no text; an address with it leads nowhere."""
        del view, args
        if any("\0" in str(one) for one in kwargs.values()):
            raise Http404
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        request.POST = _without_nul(request.POST)  # type: ignore[assignment]


def _without_nul(sent: QueryDict) -> QueryDict:
    if not any("\0" in text for name, texts in sent.lists() for text in (name, *texts)):
        return sent
    kept = sent.copy()
    kept.clear()
    for name, texts in sent.lists():
        kept.setlist(name.replace("\0", ""), [text.replace("\0", "") for text in texts])
    return kept
