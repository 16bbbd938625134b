"""Identifiers of rows: UUIDv7 made in Python.

A UUIDv7 begins with the millisecond it was made in, so an index on it grows at its right edge instead
of being written all over (RFC 9562, section 5.7). Twelve bits count within the millisecond, so that ids
made by one process sort in the order in which they were made.
"""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A new UUIDv7, greater than every id this process made before."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 bits of sub-millisecond, as one number that only grows.
        now = time.time_ns()
        stamp = ((now // 1_000_000) << 12) | ((now % 1_000_000) * 4096 // 1_000_000)
        _last = stamp = max(stamp, _last + 1)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random)
