"""The main job: a programme definition and its facts become a report, figures and tables."""

from .checking import check_data
from .citizen import kinds_told
from .compose import compose, document_of, last_whole_period, report_of
from .covered import coverage_document
from .frozen import earlier, read_frozen
from .letters import letters, report_about, run_letters
from .material import Material
from .plans import plan_of, register_plan, standing
from .reading import gather
from .running import RELEASES, Ran, run_programme
from .since import passage_to, since_document
from .verify import Verified, told_by, verify

__all__ = [
    "RELEASES",
    "Material",
    "Ran",
    "Verified",
    "check_data",
    "compose",
    "coverage_document",
    "document_of",
    "earlier",
    "gather",
    "kinds_told",
    "last_whole_period",
    "letters",
    "passage_to",
    "plan_of",
    "read_frozen",
    "register_plan",
    "report_about",
    "report_of",
    "run_letters",
    "run_programme",
    "since_document",
    "standing",
    "told_by",
    "verify",
]
