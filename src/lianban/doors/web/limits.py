"""Requests so large that they are not even put aside: drained, answered in words, and forgotten.

Django keeps a request's body on disk before any of our code sees it. A file somewhat over the limit is refused by the
page it was sent from (``uploads``); what is several times the limit is stopped here, before the disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_WORDS = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>413</title></head><body>
<div class="note bad" role="alert"><p>提交的内容有 {size} MiB，超过上限，没有保存。单个文件不超过 {limit} MiB，请压缩或分卷后重新上传。</p>
<p lang="en">What was sent has {size} MiB, over the limit, and was not kept. A file may have {limit} MiB: make it smaller or split it.</p></div>
</body></html>"""


class BodyLimit:
    """Wraps an ASGI application. ``most`` and ``limit`` are in bytes; ``limit`` is what a single file may have."""

    def __init__(self, application: Application, most: int, limit: int) -> None:
        self._application = application
        self._most = most
        self._limit = limit

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        size = _declared(scope)
        if size <= self._most:
            await self._application(scope, _counted(receive, self._most), send)
            return
        # A browser shows an answer only once it has sent everything: it is let, and nothing is kept.
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            if not message.get("more_body"):
                break
        words = _WORDS.format(size=round(size / 1024 / 1024), limit=self._limit // 1024 // 1024).encode()
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(words)).encode()),
                   (b"content-security-policy", b"default-src 'none'"), (b"cache-control", b"no-store")]  # fmt: skip
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": words})


def _declared(scope: MutableMapping[str, Any]) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _counted(receive: Receive, most: int) -> Receive:
    """For bodies that do not say how long they are: cut off where the limit is."""
    seen = 0

    async def counting() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= most else {"type": "http.disconnect"}

    return counting
