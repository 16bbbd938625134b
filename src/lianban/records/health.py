"""What the database says about itself, through a function that any role may call."""

from __future__ import annotations

from typing import Any

import orjson


def database_health(cursor: Any) -> dict[str, Any]:
    cursor.execute("SELECT lianban.health()::text")
    return dict(orjson.loads(cursor.fetchone()[0]))
