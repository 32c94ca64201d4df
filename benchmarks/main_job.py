"""The main job on a simulated municipality: seconds and peak memory, and each as a ratio of reading the facts alone.

    python benchmarks/main_job.py [PERSONS]

Every step runs in a process of its own, so that its peak memory is its own. Machines differ and are shared: the
ratios travel, the seconds do not.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEPS = {
    "simulate": "simulate fremskudt-indsats --persons {persons} --seed 7 --out {data}",
    "read and export the facts": "export fremskudt-indsats --data {data} --out {out}/facts --format parquet",
    "run": "run fremskudt-indsats --data {data} --out {out}/report",
}


def main(persons: int) -> None:
    """Time every step once and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        measured = {}
        for name, words in STEPS.items():
            places = words.format(persons=persons, data=f"{folder}/data", out=folder).split()
            command = [str(Path(sys.executable).parent / "indsats"), *places]
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
            seconds = time.perf_counter() - start
            # the largest child so far: the steps stand in the order of their appetite
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            measured[name] = (seconds, peak)
    base = measured["read and export the facts"]
    print(f"{persons:,} persons, three years of facts, six of weeks")  # noqa: T201
    for name, (seconds, peak) in measured.items():
        print(f"{name:28} {seconds:6.1f} s {seconds / base[0]:5.2f}x   peak so far {peak:6.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
