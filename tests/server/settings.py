"""The server's settings in tests: quick passwords, and the database the environment names."""

from indsats.web.settings import *  # noqa: F403

SECRET_KEY = "only for tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
