"""A caller of the API: an officer's session, or an agency's machine."""

from __future__ import annotations

from typing import Any

import orjson

from lianban.records.keys import encoded_key

V1 = "/api/v1"


class Caller:
    """Sends JSON with a key, reads JSON. ``raw`` is the last response."""

    def __init__(self, key: bytes | str | None) -> None:
        from django.test import Client

        headers = {"host": "127.0.0.1"}
        if key:
            headers["authorization"] = f"Bearer {encoded_key(key) if isinstance(key, bytes) else key}"
        self.client = Client(headers=headers)
        self.raw: Any = None

    def call(self, method: str, address: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = {} if body is None else {"data": body if isinstance(body, bytes | str) else orjson.dumps(body),
                                        "content_type": "application/json"}  # fmt: skip
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.raw = self.client.generic(method.upper(), V1 + address, **sent, headers=names)
        content = self.raw.content
        return self.raw.status_code, orjson.loads(content) if content else None

    def get(self, address: str, **headers: str) -> tuple[int, Any]:
        return self.call("get", address, **headers)

    def post(self, address: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        return self.call("post", address, {} if body is None else body, **headers)


def caller(city, username: str) -> Caller:
    return Caller(city.session(username))
