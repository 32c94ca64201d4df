"""Cases of course."""

SERVICES = "services:\n  talks:"


def steps(*lines: str) -> tuple[str, str]:
    """The definition with a course of these steps."""
    rows = "".join(f"  {line}\n" for line in lines)
    return SERVICES, f"course:\n{rows}{SERVICES}"


BEGUN = "begun: {title: {da: Begyndt, en: Begun}, what: [{kind: enrolled}], source: L6}"
PHASES = "{block: phases, title: {da: Faser, en: Phases}}"

CAUGHT = {
    "course-steps": (
        [steps(BEGUN)],
        "begun",
        "the course has one step, so nobody is on the way to anything",
        "Add the steps after it",
        "error",
    ),
    "course-same": (
        [
            steps(
                BEGUN,
                'deal: {title: {da: Aftale, en: Deal}, source: L6, what: [{kind: agreement, where: type == "deal"}]}',
                "again: {title: {da: Nr, en: No}, source: L6, what: [{kind: agreement, where: 'type in [\"deal\"]'}]}",
            )
        ],
        "[{kind: agreement, where: 'type in",
        "the steps 'deal' and 'again' are the same facts",
        "by 'where'",
        "error",
    ),
    "report-course": (
        [(PHASES, PHASES.replace("phases", "course"))],
        "{block: course",
        "there are no steps to show, only the intake",
        "Add 'course'",
        "warning",
    ),
}
