"""What the database says about itself, through a function that any role may call."""

from __future__ import annotations

from typing import Any

import orjson

from lianban.engines.forms.words import Words

WORKER_BEHIND = Words(
    "到期的计时、时限或待入账的存证已等待过久：确认 lianban jobs 正在运行并查看其日志；仍跟不上时再启动一个",
    "due timers, clocks or ledger entries have waited too long: see that lianban jobs runs, and read its log; start"
    " another if one cannot keep up",
)
"""What to do where ``worker_behind`` is true (more than ``worker_behind_minutes`` of ``lianban.setting``)."""


def database_health(cursor: Any) -> dict[str, Any]:
    """Versions, counts and ages in seconds; ``worker_behind`` where something due has waited too long for a worker."""
    cursor.execute("SELECT lianban.health()::text")
    return dict(orjson.loads(cursor.fetchone()[0]))
