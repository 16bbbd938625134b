"""How a session key travels: base64 for URLs and cookies, 32 bytes inside."""

from __future__ import annotations

import base64
import binascii

from lianban.records.context import KEY_BYTES


def encoded_key(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii")


def decoded_key(text: str) -> bytes | None:
    """The key, or None for anything that is not one."""
    try:
        key = base64.urlsafe_b64decode(text.encode("ascii"))
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None
