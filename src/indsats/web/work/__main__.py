"""The processes beside the screens: ``python -m indsats.web.work follow`` and ``python -m indsats.web.work work``."""

from __future__ import annotations

import sys

from indsats.web.work import follow_forever, work_forever

_PROCESSES = {"follow": follow_forever, "work": work_forever}

if len(sys.argv) != 2 or sys.argv[1] not in _PROCESSES:
    sys.exit(f"Say which process: {' or '.join(_PROCESSES)}.")
_PROCESSES[sys.argv[1]]()
