"""Live parts of pages: a stream of matter ids (server-sent events), woken by the database's NOTIFY.

Ids only: a page that hears one fetches what its reader may see. One listening connection serves the whole
process, and a browser opens one stream, however many pages it shows. The stream ends by itself when the
session does, and never keeps the server from stopping.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

import psycopg
import structlog
from django.conf import settings

from lianban.doors.web.sessions import COOKIE
from lianban.records import server
from lianban.records.keys import decoded_key

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/live"
BEAT = 15.0  # seconds between comments that keep a proxy from closing the stream
QUEUED = 100  # ids a slow reader may fall behind before it is told to fetch everything

log = structlog.get_logger("lianban.live")


class Live:
    """The listeners of one process, by agency."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str]]] = {}
        self._listener: asyncio.Task[None] | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        key = _key(scope)
        agency = await self._agency(key)
        if agency is None:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        self._listen()
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUED)
        self._queues.setdefault(agency, set()).add(queue)
        try:
            await send(
                {"type": "http.response.start", "status": 200,
                 "headers": [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"),
                             (b"x-accel-buffering", b"no")]}
            )  # fmt: skip
            await _until_gone(receive, self._tell(send, queue, key))
        finally:
            self._queues[agency].discard(queue)

    def close(self) -> None:
        if self._listener:
            self._listener.cancel()

    def _listen(self) -> None:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._pass_on())

    async def _pass_on(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_dsn(), autocommit=True) as connection:
                    await connection.execute("LISTEN lianban")
                    self._everyone("all")  # what was said while nobody listened
                    async for said in connection.notifies():
                        agency, _, matter = said.payload.partition(" ")
                        for queue in self._queues.get(agency, ()):
                            _put(queue, matter)
            except psycopg.Error as error:
                log.warning("listening_again", reason=type(error).__name__)
                await asyncio.sleep(1)

    def _everyone(self, said: str) -> None:
        for queues in self._queues.values():
            for queue in queues:
                _put(queue, said)

    async def _agency(self, key: bytes | None) -> str | None:
        """The agency of the session, validated by the database like any request."""
        if key is None:
            return None
        async with await psycopg.AsyncConnection.connect(**_dsn()) as connection:
            cursor = await connection.execute("SELECT agency FROM lianban.enter(%s)", [key])
            row = await cursor.fetchone()
            # Not committed: an open page is no sign that somebody sits before it, and must not keep a session alive.
            await connection.rollback()
            return str(row[0]) if row and row[0] else None

    async def _tell(self, send: Send, queue: asyncio.Queue[str], key: bytes | None) -> None:
        """Ids as they come; at every quiet beat, whether the session still lives. Ends with it."""
        await _body(send, b"retry: 2000\n\n")
        while True:
            try:
                said = await asyncio.wait_for(queue.get(), BEAT)
            except TimeoutError:
                if await self._agency(key) is None:
                    return
                await _body(send, b": beat\n\n")
                continue
            # Whatever came in the meantime goes with it: a burst is one fetch, not thirty.
            await asyncio.sleep(0.05)
            told = {said}
            while not queue.empty():
                told.add(queue.get_nowait())
            for one in sorted(told):
                await _body(send, f"event: matter\ndata: {one}\n\n".encode())


def _dsn() -> dict[str, Any]:
    return server.dsn_for("app", settings.DATABASE_NAME)


def _key(scope: MutableMapping[str, Any]) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"cookie":
            with contextlib.suppress(CookieError):
                if (morsel := SimpleCookie(value.decode("latin-1")).get(COOKIE)) is not None:
                    return decoded_key(morsel.value)
    return None


def _put(queue: asyncio.Queue[str], said: str) -> None:
    try:
        queue.put_nowait(said)
    except asyncio.QueueFull:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait("all")


async def _body(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive, telling: Awaitable[None]) -> None:
    """Stop telling when the browser goes away or the server says it is stopping."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = {asyncio.ensure_future(telling), asyncio.ensure_future(gone())}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
