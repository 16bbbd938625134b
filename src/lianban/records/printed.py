"""Printed documents: what a verification code is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Printed:
    """A genuine document: its title, who issued it, when."""

    title: str
    agency_zh: str
    agency_en: str
    issued_at: datetime


def issue(
    cursor: Any, digest: str, number: str, title: str, agency: UUID, issued_at: datetime, now: datetime
) -> None:
    """Remember a document. Printing it again is the same document."""
    cursor.execute(
        """INSERT INTO printed_document (digest, number, title, agency_id, issued_at, recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
        [digest, number, title, agency, issued_at, now],
    )


def find(cursor: Any, digest: str, number: str) -> Printed | None:
    cursor.execute("SELECT * FROM lianban.printed(%s, %s)", [digest, number])
    row = cursor.fetchone()
    return Printed(*row) if row and row[0] is not None else None
