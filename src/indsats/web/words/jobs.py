"""Words of longer work: what each kind is called, and what can go wrong."""

from __future__ import annotations

from indsats.programme import Text

WORDS = {
    "jobs.title": Text(da="Opgaver i gang", en="Work under way"),
    "jobs.lead": Text(
        da="Det, serveren laver for dig, og det, den har lavet.",
        en="What the server makes for you, and has made.",
    ),
    "jobs.none": Text(da="Du har ikke bedt om noget endnu.", en="You have not asked for anything yet."),
    "jobs.what": Text(da="Hvad", en="What"),
    "jobs.asked": Text(da="Bedt om", en="Asked for"),
    "jobs.state": Text(da="Hvor langt", en="How far"),
    "jobs.state.waiting": Text(da="venter", en="waiting"),
    "jobs.state.running": Text(da="i gang", en="under way"),
    "jobs.state.ended": Text(da="færdig", en="finished"),
    "jobs.state.failed": Text(da="lykkedes ikke", en="did not succeed"),
    "jobs.state.stopped": Text(da="stoppet", en="stopped"),
    "jobs.figures": Text(da="Tal for {programme}", en="Figures of {programme}"),
    "jobs.report": Text(da="Rapport: {report}", en="Report: {report}"),
    "jobs.other": Text(da="Opgave", en="Work"),
    "jobs.failed.died": Text(
        da="Serveren stoppede undervejs, også anden gang. Bed om det igen, og sig det til administratoren, hvis det "
        "gentager sig.",
        en="The server stopped on the way, the second time too. Ask for it again, and tell the administrator if it "
        "happens again.",
    ),
    "jobs.failed.stopped": Text(da="Stoppet. Intet er ændret.", en="Stopped. Nothing was changed."),
    "jobs.failed.refused": Text(
        da="Oplysningerne i systemet holder ikke til det. Sig det til administratoren.",
        en="What is registered does not allow it. Tell the administrator.",
    ),
    "jobs.failed.unknown": Text(
        da="Der gik noget galt på serveren. Bed om det igen, og sig det til administratoren, hvis det gentager sig.",
        en="Something went wrong on the server. Ask for it again, and tell the administrator if it happens again.",
    ),
    "jobs.back": Text(da="Alle opgaver", en="All work"),
    "jobs.stopping": Text(da="Opgaven bliver stoppet.", en="The work is being stopped."),
}
