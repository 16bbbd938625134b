"""Migrations run as the owner of the tables; everything else as the role of the process."""

from __future__ import annotations

from typing import Any


class MigrateAsOwner:
    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
