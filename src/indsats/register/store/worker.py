"""A process that performs tasks for a build: ``python -m indsats.register.store.worker``, started by ``Workers``."""

from __future__ import annotations

import os
import signal
import sys
import traceback

from indsats.problem import InputRefused

from .workers import Gone, perform, receive, send


def main() -> None:
    """Performs tasks until the other side is gone."""
    # Ctrl-C in a terminal reaches every process of the group; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    while True:
        try:
            answer = ("done", perform(receive(sys.stdin.buffer)))
        except Gone:
            return
        except InputRefused as refused:
            answer = ("refused", list(refused.problems))
        except Exception:
            answer = ("failed", traceback.format_exc())
        try:
            send(answers, answer)
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
