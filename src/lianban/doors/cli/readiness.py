"""Getting ready to touch the database. Only the commands that need it call this, so that the others stay fast."""

from __future__ import annotations

import os

from lianban.doors.cli.speaking import say
from lianban.records import server


def with_database() -> server.Server:
    """The running server. It is shared with whoever uses it, and stops with its last user."""
    return server.ensure(report=lambda chinese, english: say(chinese, english, to_stderr=True))


def with_records(role: server.Role | str = server.Role.APP) -> server.Server:
    """The running server, and Django set up so that this process is ``role``.

    Must come before the first import of a model: a process has one identity, which settings read once.
    """
    running = with_database()
    name = (role if isinstance(role, server.Role) else server.Role.named(role)).value
    os.environ["LIANBAN_ROLE"] = name.removeprefix("lianban_")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianban.config.settings")
    import django

    django.setup()
    return running
