"""Django's own commands on the server's settings: ``python -m indsats.web.manage COMMAND``."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a command of Django's."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "indsats.web.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
