"""Run, steer and evaluate employment programmes: from a programme definition and its facts to a report."""

__version__ = "0.1.0"
