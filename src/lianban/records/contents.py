"""What the form of a matter says: the lead agency's alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson


def content_of(cursor: Any, matter: UUID) -> dict[str, Any]:
    """The content, empty for whoever may not see it."""
    cursor.execute("SELECT data FROM matter_content WHERE matter_id = %s", [matter])
    row = cursor.fetchone()
    # Django leaves jsonb as text in plain cursors, for its own fields to read.
    return dict(orjson.loads(row[0])) if row else {}
