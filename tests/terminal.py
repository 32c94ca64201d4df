"""The command line as somebody at a wide terminal without colours meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent / "indsats"


def indsats(*words: object) -> subprocess.CompletedProcess[str]:
    """What a command said, and how it ended."""
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}
    return subprocess.run(  # noqa: S603
        [str(BIN), *map(str, words)], capture_output=True, text=True, env=env, timeout=300, check=False
    )
