"""One ASGI application: pages and API by Django, live streams beside it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianban.config.settings")

from django.core.asgi import get_asgi_application

django_pages = get_asgi_application()

from django.conf import settings  # noqa: E402  (after Django is set up)

from lianban.doors.web.limits import BodyLimit  # noqa: E402
from lianban.doors.web.live import PATH, Live  # noqa: E402

pages = BodyLimit(django_pages, most=4 * settings.LARGEST_UPLOAD, limit=settings.LARGEST_UPLOAD)

live = Live()


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == PATH:
        await live(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    watching: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            watching = asyncio.create_task(_end_with_parent(os.getppid()))
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if watching is not None:
                watching.cancel()
            live.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _end_with_parent(parent: int) -> None:
    """Leave when the program that started this process was killed: an orphan would keep the port for ever."""
    while os.getppid() == parent:
        await asyncio.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(5)
    os._exit(1)
