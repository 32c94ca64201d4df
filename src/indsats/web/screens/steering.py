"""Steering: barometer, targets, progression, flow and reports on the record as it is now."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_POST

from indsats.language import Lang
from indsats.report import Format

from .. import clock
from ..models import Job, Site
from ..rights import ReaderRequest, may, screen
from ..work.jobs import under_way
from . import steering_explain, steering_figure, steering_made, steering_reports
from .assignment_choice import lang_now
from .steering_choice import Steered, choosing, span, steered
from .steering_made import Pages, key_of
from .steering_pages import PAGES, page_of
from .steering_reach import programmes_steered, reach, shown


@require_GET
@screen("steer", "figures")
def barometer(request: ReaderRequest) -> HttpResponse:
    """How far each site is with the minimum requirements."""
    return _page(request, "barometer")


@require_GET
@screen("steer", "figures")
def targets(request: ReaderRequest) -> HttpResponse:
    """Targets, what was reached, and what is to be explained."""
    return _page(request, "targets")


@require_GET
@screen("steer", "figures")
def progression(request: ReaderRequest) -> HttpResponse:
    """Whether citizens move, by the programme's own questionnaires."""
    return _page(request, "progression")


@require_GET
@screen("steer", "figures")
def flow(request: ReaderRequest) -> HttpResponse:
    """How many come in, how far they get, how long they wait."""
    return _page(request, "flow")


def _page(request: ReaderRequest, page: str) -> HttpResponse:
    choice = steered(request, request.reader)
    of, period = choice.of, choice.period
    context: dict[str, Any] = {
        "page": page,
        "title": f"steering.{page}.title",
        "lead": f"steering.{page}.lead",
        "choice": choice,
        "choosing": choosing(choice),
        "span": span(period),
        "programme_title": of.title,
        "state": "none",
    }
    if page_of(of, page) is None:
        return render(request, "steering/page.html", context | {"state": "nothing"})
    made, newest = steering_made.pages(of.programme, period)
    job = under_way(key_of(of.programme, period))
    context["job_url"] = reverse("job", args=[job.public]) if job is not None else ""
    if made is None:
        return render(request, "steering/page.html", context)
    return render(request, "steering/page.html", context | _shown(request, page, choice, made, newest))


def _shown(request: ReaderRequest, page: str, choice: Steered, made: Pages, newest: int) -> dict[str, Any]:
    lang, of = lang_now(), choice.of
    can = reach(request.reader, of.programme)
    known = datetime.fromisoformat(made.known)
    context: dict[str, Any] = {
        "state": "made" if page in made.sections else "failed",
        "said": "steering.failed",
        "known": known,
        "as_known": known,
        "moved_on": newest > made.newest,
        "reach": "all" if can.true is None else "some" if can.true else "none",
        "explains": page == "targets" and may(request.reader, "register", "deviation_explained"),
        "plans": page == "targets" and may(request.reader, "register", "action_planned"),
    }
    if page not in made.sections:
        return context
    context["sections"] = shown(made.sections[page][lang], made.true[page][lang], of, page, can)
    mine = made.sites.get(page, {})
    open_to = [key for key in mine if can.sees(key)]
    if open_to:
        names = dict(Site.objects.filter(programme=of.programme, key__in=open_to).values_list("key", "name"))
        asked = request.GET.get("sted", "")
        home = next((key for key in open_to if key in can.own), open_to[0] if len(open_to) == 1 else "")
        key = asked if asked in open_to else home
        context["sites"] = sorted(((one, names.get(one) or one) for one in open_to), key=lambda one: one[1])
        context["site"] = key
        context["site_name"] = names.get(key) or key
        if key:
            context["at_site"] = shown(mine[key][lang], None, of, page, can, marked=False)
    return context


@require_POST
@screen("steer", "figures")
def anew(request: ReaderRequest, page: str) -> HttpResponse:
    """Have the figures of a programme and period made, again or for the first time."""
    if page not in PAGES:
        raise Http404
    choice = steered(request, request.reader)
    job = steering_made.asked_for(request.reader.user, choice.of.programme, choice.period, page)
    return redirect("job", job.public)


@require_GET
@screen("steer", "figures")
def reports(request: ReaderRequest) -> HttpResponse:
    """The programme's reports, and those one has had made."""
    choice = steered(request, request.reader)
    offered = list(steering_reports.offered(choice.of, clock.today()))
    done = Job.objects.filter(
        user=request.reader.user,
        what="report",
        asked__programme=choice.of.programme,
        ended__isnull=False,
        failed="",
    )
    context = {
        "choice": choice,
        "choosing": [field for field in choosing(choice) if field["name"] != "periode"],
        "programme_title": choice.of.title,
        "offered": [{"one": one, "span": span(one.period)} for one in offered],
        "made": [
            {"job": one, "title": choice.of.reports[one.asked["report"]].title}
            for one in done.defer("made", "content").order_by("-ended")[:10]
            if one.asked.get("report") in choice.of.reports
        ],
    }
    return render(request, "steering/reports.html", context)


@require_POST
@screen("steer", "figures")
def make_report(request: ReaderRequest) -> HttpResponse:
    """Have a report made."""
    choice = steered(request, request.reader)
    form, lang = request.POST.get("format", ""), request.POST.get("sprog", "")
    wanted = request.POST.get("rapport", "")
    found = next(
        (one for one in steering_reports.offered(choice.of, clock.today()) if one.id == wanted), None
    )
    if found is None or found.registers or form not in steering_reports.FORMATS or lang not in ("da", "en"):
        raise Http404
    job = steering_reports.asked_for(
        request.reader.user, choice.of, found.id, cast("Lang", lang), cast("Format", form), found.period
    )
    return redirect("job", job.public)


@require_GET
@screen("steer", "figures")
def report_file(request: ReaderRequest, public: str) -> HttpResponse:
    """The file of a report one has had made."""
    job = Job.objects.filter(
        public=public, what="report", user=request.reader.user, ended__isnull=False, failed=""
    ).first()
    # whoever left the programme keeps no way in to its figures
    if job is None or job.content is None or job.asked["programme"] not in programmes_steered(request.reader):
        raise Http404
    form = cast("Format", job.asked["form"])
    answer = HttpResponse(bytes(job.content), content_type=steering_reports.FORMATS[form][1])
    answer["Content-Disposition"] = f'attachment; filename="{steering_reports.file_name(job)}"'
    return answer


urlpatterns: list[URLPattern] = [
    path("barometer/", barometer, name="barometer"),
    path("maal/", targets, name="targets"),
    path("progression/", progression, name="progression"),
    path("forloeb/", flow, name="flow"),
    path("tal/<str:page>/lav/", anew, name="figures-anew"),
    path("rapporter/", reports, name="reports"),
    path("rapporter/lav/", make_report, name="report-make"),
    path("rapporter/fil/<str:public>/", report_file, name="report-file"),
    *steering_explain.urlpatterns,
    *steering_figure.urlpatterns,
]
