"""Longer work: how far it is, and stopping it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from .. import clock
from ..models import Job
from ..programmes import served
from ..rights import Reader, ReaderRequest, rights, signed_in
from ..words import has, say
from .assignment_choice import lang_now

_MOST = 50


@require_GET
@signed_in
def jobs(request: ReaderRequest) -> HttpResponse:
    """What the reader has asked for, the newest first."""
    found = Job.objects.filter(user=request.reader.user).defer("made", "content").order_by("-created")[:_MOST]
    rows = [{"job": one, "title": title_of(one), "state": state_of(one)} for one in found]
    return render(request, "jobs/jobs.html", {"rows": rows})


@require_GET
@signed_in
def job(request: ReaderRequest, public: str) -> HttpResponse:
    """How far a job is; alone when htmx asks for it anew."""
    found = _found(request.reader, public)
    context = {"job": shown(found, stops=found.user_id == request.reader.user.pk)}
    template = "components/progress.html" if request.headers.get("HX-Request") else "jobs/job.html"
    return render(request, template, context)


@require_POST
@signed_in
def stop(request: ReaderRequest, public: str) -> HttpResponse:
    """Stop a job one has asked for oneself; what waits is never begun."""
    found = _found(request.reader, public)
    if found.user_id != request.reader.user.pk:
        raise Http404
    waiting = Job.objects.filter(pk=found.pk, started=None, ended=None)
    if not waiting.update(stop=True, ended=clock.now(), failed="jobs.failed.stopped"):
        Job.objects.filter(pk=found.pk, ended=None).update(stop=True)
    messages.info(request, say("jobs.stopping", lang_now()))
    return redirect("job", public)


def visible(reader: Reader) -> QuerySet[Job]:
    """The jobs a reader may see: their own, and those that make figures of programmes they steer."""
    steered = {one.programme for one, _ in rights(reader, "steer", "figures")}
    mine = Q(user=reader.user)
    return Job.objects.filter(mine | Q(what="figures", asked__programme__in=sorted(steered)))


def _found(reader: Reader, public: str) -> Job:
    found = visible(reader).defer("made", "content").filter(public=public).first()
    if found is None:
        raise Http404
    return found


def state_of(found: Job) -> str:
    """waiting, running, ended, failed or stopped."""
    if found.ended is None:
        return "waiting" if found.started is None else "running"
    if not found.failed:
        return "ended"
    return "stopped" if found.failed == "jobs.failed.stopped" else "failed"


def title_of(found: Job) -> str:
    """What a job makes, in words."""
    lang = lang_now()
    told: dict[str, Any] = found.asked
    of = served().get(told.get("programme", ""))
    if found.what == "figures" and of is not None:
        return say("jobs.figures", lang, programme=of.title)
    if found.what == "report" and of is not None and told.get("report") in of.reports:
        return say("jobs.report", lang, report=of.reports[told["report"]].title)
    return say("jobs.other", lang)


def shown(found: Job, *, stops: bool) -> dict[str, Any]:
    """What ``components/progress.html`` needs of a job."""
    lang = lang_now()
    return {
        "title": title_of(found),
        "state": state_of(found),
        "done": found.done,
        "total": found.total,
        "step": say(found.step, lang) if has(found.step) else "",
        "said": say(found.failed, lang) if has(found.failed) else say("jobs.failed.unknown", lang),
        "url": reverse("job", args=[found.public]),
        "stop_url": reverse("job-stop", args=[found.public]) if stops and not found.stop else "",
        "result_url": _result(found),
    }


def _result(found: Job) -> str:
    if found.what == "report":
        return reverse("report-file", args=[found.public])
    if found.what == "figures":
        told = found.asked
        page = told.get("page", "barometer")
        query = {"programme": told["programme"], "periode": f"{told['first']}..{told['last']}"}
        return f"{reverse(page)}?{urlencode(query)}"
    return ""


urlpatterns: list[URLPattern] = [
    path("opgaver/", jobs, name="jobs"),
    path("opgaver/<str:public>/", job, name="job"),
    path("opgaver/<str:public>/stop/", stop, name="job-stop"),
]
