"""The demo sign-ins that the sign-in page offers: one click each, and only in demo mode."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from lianban.engines.scenes.city import load_city

# The demo city's people are fictional and their password is no secret; a real city has neither.
DEMO_PASSWORD = "lianban-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    name: str
    agency_zh: str
    agency_en: str
    post_zh: str
    post_en: str
    role: str


def demo_people() -> list[DemoPerson]:
    """Those whom the city's file names first, in its order; then one of each role that it does not name."""
    named = list(_named(settings.SCENES / "city.yaml"))
    with transaction.atomic(using="signin"), connections["signin"].cursor() as cursor:
        cursor.execute(
            """SELECT o.username, o.name, a.name_zh, a.name_en, p.name_zh, p.name_en, p.role
                 FROM officer o JOIN appointment n ON n.officer_id = o.id JOIN post p ON p.id = n.post_id
                 JOIN agency a ON a.id = p.agency_id
                WHERE o.demo AND o.state = 'active'
                ORDER BY array_position(%s::text[], o.username), p.role, a.sort_key, a.code, o.username""",
            [named],
        )
        rows = [DemoPerson(*row) for row in cursor.fetchall()]
    roles: set[str] = set()
    offered = []
    for person in rows:
        if person.username in named or person.role not in roles:
            offered.append(person)
            roles.add(person.role)
    return offered


@lru_cache(maxsize=1)
def _named(city: Path) -> tuple[str, ...]:
    return tuple(person.username for person in load_city(city).sign_ins)
