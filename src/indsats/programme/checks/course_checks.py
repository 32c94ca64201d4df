"""Checks of the course: the steps from the draw to the exit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..blocks import CourseBlock
from ..definition import Programme
from ..fields import parts
from ..flow import Happening
from .finding import Finding, check_named
from .flow_checks import covers


@check_named("course-steps")
def courses_lead_somewhere(programme: Programme) -> Iterator[Finding]:
    """A course has two steps or more, and people come to the first before they can leave."""
    names = list(programme.course)
    if len(names) == 1:
        what = "the course has one step, so nobody is on the way to anything"
        yield Finding(("course", names[0]), what, "Add the steps after it, or remove 'course'.", at_key=True)
    if names and all(step.leaves for step in programme.course.values()):
        what = "every step of the course leads out, so there is nothing to reach"
        yield Finding(("course", names[0], "leaves"), what, "Add the steps people come to on the way.")
    elif names and programme.course[names[0]].leaves:
        what = "the first step of the course leads out, and nobody has come in yet"
        yield Finding(("course", names[0], "leaves"), what, "Put the step people come in by first.")


@check_named("course-same")
def steps_are_told_apart(programme: Programme) -> Iterator[Finding]:
    """No two steps are the same facts; the later would always be reached together with the earlier."""
    seen: list[str] = []
    for name, step in programme.course.items():
        for other in seen:
            if _same(programme, step.what, programme.course[other].what):
                what = f"the steps '{other}' and '{name}' are the same facts"
                yield Finding(("course", name, "what"), what, "Tell them apart by 'where', or remove one.")
        seen.append(name)


def _same(programme: Programme, one: Sequence[Happening], other: Sequence[Happening]) -> bool:
    """Whether each fact of the one is proven to be among those of the other, both ways."""
    return all(
        any(covers(programme, wide, narrow) for wide in around)
        for inside, around in ((one, other), (other, one))
        for narrow in inside
    )


@check_named("report-course")
def shown_courses_exist(programme: Programme) -> Iterator[Finding]:
    """A course block has steps to show; without them it tells the intake alone."""
    for path, _ in parts(programme, CourseBlock):
        if not programme.course:
            yield Finding(path, "there are no steps to show, only the intake", "Add 'course'.", "warning")
