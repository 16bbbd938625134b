"""Django settings, read from the environment. docs/reference/settings.md explains each variable."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from lianban.records import server

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = server.project_folder()
DATA_FOLDER = server.data_folder()


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


def _secret_key() -> str:
    """Given, or made once and kept in the data folder: sign-in cookies outlive a restart."""
    if given := os.environ.get("LIANBAN_SECRET_KEY"):
        return given
    place = DATA_FOLDER / "secret-key"
    try:
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch(mode=0o600)
            place.write_text(secrets.token_urlsafe(50), "utf-8")
        return place.read_text("utf-8").strip()
    except OSError:
        # A command that needs no sign-in (``lianban --help``) must run in a folder it may only read.
        return secrets.token_urlsafe(50)


SECRET_KEY = _secret_key()
DEBUG = flag("LIANBAN_DEBUG")
ALLOWED_HOSTS = os.environ.get("LIANBAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

# Demo mode: demo people (identity numbers with the unassigned prefix 99) and demo sign-ins. Only ever with
# the embedded database and on a loopback address.
DEMO = flag("LIANBAN_DEMO") and not os.environ.get("LIANBAN_DATABASE_URL")

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "lianban.records",
    "lianban.doors.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianban.doors.web.security.ContentSecurityPolicy",
    "lianban.doors.web.language.LanguageOfReader",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lianban.doors.web.sessions.SessionContext",
    "lianban.doors.api.context.ApiContext",
    "lianban.doors.web.errors.FamilyErrors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "lianban.config.urls"
ASGI_APPLICATION = "lianban.config.asgi.application"
WSGI_APPLICATION = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "lianban.doors.web.context.reader",
            ],
            "builtins": ["lianban.doors.web.templatetags.lianban", "django.templatetags.i18n"],
        },
    }
]

# Which database role this process is: ``app`` (pages, API), ``worker`` (jobs), ``owner`` (migrations and the
# directory), ``auditor``. A process has one identity; pages have a second connection for sign-in alone.
DATABASE_ROLE = os.environ.get("LIANBAN_ROLE", "app")
DATABASE_NAME = os.environ.get("LIANBAN_DATABASE_NAME") or None
DATABASES: dict[str, dict[str, Any]] = {
    "default": server.connection_settings(DATABASE_ROLE, DATABASE_NAME),
    "signin": server.connection_settings("signin", DATABASE_NAME),
    "owner": server.connection_settings("owner", DATABASE_NAME),
}
# Under ASGI every request runs in a thread of its own; a pool keeps the connections (``lianban serve`` asks for it).
POOLED = flag("LIANBAN_POOL")
for _alias in DATABASES.values():
    _alias["CONN_MAX_AGE"] = 0 if POOLED else None
    # Arrays of a thousand values are bound by the server; quoting them here costs more than inserting them.
    _alias["OPTIONS"]["server_side_binding"] = True
    # Planning a statement under row policies costs more than running it: plan it once per connection. Turn it off
    # only behind a pooler that cannot carry prepared statements.
    _alias["OPTIONS"]["prepare_threshold"] = None if flag("LIANBAN_NO_PREPARE") else 4
    _alias["CONN_HEALTH_CHECKS"] = not POOLED
    _alias["DISABLE_SERVER_SIDE_CURSORS"] = True
if POOLED:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 16, "timeout": 15}
DATABASE_ROUTERS = ["lianban.config.routers.MigrateAsOwner"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# So many completions that wait under one key are done in one transaction; 1: each in its own.
TOGETHER = max(1, int(os.environ.get("LIANBAN_TOGETHER", "100")))

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "doors" / "web" / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Any] = [
    PROJECT / "frontend" / "own",
    ("parts", PROJECT / "frontend" / ".parts"),
]
STATICFILES_DIRS = [
    place for place in STATICFILES_DIRS if (place if isinstance(place, Path) else place[1]).is_dir()
]
STATIC_ROOT = None  # files are served from where they are; nothing is collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "lianban.doors.web.errors.csrf_refused"
# Behind a proxy that ends TLS: cookies for TLS only.
SECURE_COOKIES = flag("LIANBAN_TLS")
CSRF_COOKIE_SECURE = SECURE_COOKIES

# A file that is handed in may be 20 MiB; more is refused before it is read.
LARGEST_UPLOAD = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "lianban.doors.web.uploads.RefuseLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Where holders of printed documents verify them; empty: the code says the path alone.
PUBLIC_ADDRESS = os.environ.get("LIANBAN_PUBLIC_ADDRESS", "").rstrip("/")

SCENES = Path(os.environ.get("LIANBAN_SCENES", PROJECT / "scenes"))
# Declarations of registries, and the folder below which the tables that are files stand.
REGISTRIES = Path(os.environ.get("LIANBAN_REGISTRIES", SCENES / "registries"))
REGISTRY_DATA = Path(os.environ.get("LIANBAN_REGISTRY_DATA", DATA_FOLDER / "registries" / "tables"))
# The index that answers for them all; empty: in the data folder.
REGISTRY_INDEX = os.environ.get("LIANBAN_REGISTRY_INDEX", "")
# Where the agencies' own servers are: addresses and tokens, in a file that its owner alone may read.
REGISTRY_SERVERS = Path(given) if (given := os.environ.get("LIANBAN_REGISTRY_SERVERS")) else None
LOGGING_CONFIG = "lianban.config.logs.configure"
LOGGING: dict[str, object] = {}
