"""Django's settings, read from the environment: where the database is, the secret, and what day it is.

INDSATS_DATABASE   ``sqlite:///path`` (the default, in the working directory) or ``postgres://user:word@host/name``
INDSATS_SECRET     signs sessions; ``indsats serve`` makes one beside the database and keeps it
INDSATS_HOSTS      names the server answers to, joined by ","
INDSATS_TODAY      a day that counts as today: for data that ended in another year
INDSATS_HTTPS      "1" behind a proxy that speaks https: cookies are then sent over https only
INDSATS_DEBUG      "1" shows the page of all components, and errors to developers
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url

HERE = Path(__file__).resolve().parent
DEBUG = os.environ.get("INDSATS_DEBUG") == "1"
SECRET_KEY = os.environ.get("INDSATS_SECRET", "")
ALLOWED_HOSTS = os.environ.get("INDSATS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

_database: dict[str, Any] = dict(
    dj_database_url.parse(
        os.environ.get("INDSATS_DATABASE", "sqlite:///indsats.sqlite3"),
        conn_max_age=600,
        conn_health_checks=True,
    )
)
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        # Writers take turns from their first statement on, and wait for one another instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # What was answered "saved" is on the disk; readers do not wait for writers.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-65536;"
        "PRAGMA temp_store=MEMORY;",
    }
else:
    # Pages look up a few rows by their keys: on a disk without arms a row here and there costs as a row in order, and
    # compiling a question takes longer than asking it. What the setting itself says goes before.
    _database["OPTIONS"] = {"options": "-c random_page_cost=1.1 -c jit=off", **_database.get("OPTIONS", {})}
DATABASES = {"default": _database}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "indsats.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "indsats.web.middleware.ReaderMiddleware",
    "indsats.web.middleware.SafetyMiddleware",
]
ROOT_URLCONF = "indsats.web.urls"
WSGI_APPLICATION = "indsats.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "indsats.web.look.context",
            ],
            "builtins": ["django.templatetags.static", "indsats.web.templatetags.indsats"],
        },
    }
]

AUTH_USER_MODEL = "web.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "day"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 10 * 60 * 60  # a working day
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("INDSATS_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "indsats.web.screens.errors.forbidden"

LANGUAGE_CODE = "da"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("INDSATS_STATIC", str(HERE / "collected")))
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG or not STATIC_ROOT.is_dir():
    # without collected files the finders serve them under their plain names
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "indsats.web.log_lines.PlainLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
