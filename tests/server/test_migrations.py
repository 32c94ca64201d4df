"""The migrations make the tables the models describe, and nothing else."""

from __future__ import annotations

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_no_change_of_a_model_is_without_its_migration() -> None:
    # raises SystemExit where a migration is missing, and writes none
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
