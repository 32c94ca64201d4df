"""The server's settings in tests: quick passwords, and the database the environment names."""

import os

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from indsats.web.settings import *  # noqa: F403


class QuickHasher(PBKDF2PasswordHasher):
    """As the server's own, so that a server started by a test knows the passwords; only quicker."""

    iterations = 1000


SECRET_KEY = "only for tests"  # noqa: S105
PASSWORD_HASHERS = ["server.settings.QuickHasher"]
if os.environ.get("INDSATS_TEST_DATABASE") == "postgres":
    # where it is, tests/town.py says when it has started one
    DATABASES = {
        "default": {"ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "CONN_MAX_AGE": 600}
    }
