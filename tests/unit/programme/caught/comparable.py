"""Cases of comparable."""

SERVICES = "services:\n  talks:"
PHASES = "{block: phases, title: {da: Faser, en: Phases}}"
CITY = "  city: {title: {da: By, en: City}, unit: centre, source: L3}\n"
FAIR = """comparable:
  clusters: 2
  conditions: {young: {title: {da: Unge, en: Young}, when: age < 30, source: L6}}
  source: L6
"""
BENCHMARK = "{block: benchmark, title: {da: Steder, en: Sites}, indicators: [held]}"


def reclassified(**changed: str) -> tuple[str, str]:
    """The definition with a check for reclassification in place of a block."""
    asked = {"indicator": "held", "event": "board", "value": "go", **changed}
    told = ", ".join(f"{key}: {value}" for key, value in asked.items())
    return PHASES, f"{{block: reclassified, title: {{da: Flyttet, en: Moved}}, {told}}}"


CAUGHT = {
    "comparable-clusters": (
        [(SERVICES, FAIR + SERVICES), (PHASES, BENCHMARK)],
        "2\n",
        "1 sites without a cluster cannot make 2 groups",
        "fewer clusters",
        "warning",
    ),
    "comparable-unused": (
        [(SERVICES, FAIR + SERVICES)],
        "comparable:",
        "no report compares sites",
        "'benchmark' block",
        "warning",
    ),
    "report-benchmark": (
        [(PHASES, BENCHMARK)],
        "{block: benchmark",
        "the effort has one site",
        "Add the other sites",
        "error",
    ),
    "report-reclassified": (
        [reclassified(value="gone")],
        "gone}",
        "there is no value of 'board' 'gone'",
        "'go'",
        "error",
    ),
}
