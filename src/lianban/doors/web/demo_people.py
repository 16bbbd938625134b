"""The demo sign-ins that the sign-in page offers: one click each, and only in demo mode."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections, transaction

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
    with transaction.atomic(using="signin"), connections["signin"].cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT ON (p.role, a.sort_key, a.code) o.username, o.name, a.name_zh, a.name_en, p.name_zh,
                      p.name_en, p.role
                 FROM officer o JOIN appointment n ON n.officer_id = o.id JOIN post p ON p.id = n.post_id
                 JOIN agency a ON a.id = p.agency_id
                WHERE o.demo AND o.state = 'active'
                ORDER BY p.role, a.sort_key, a.code, o.username"""
        )
        rows = [DemoPerson(*row) for row in cursor.fetchall()]
    # One of each role first: a newcomer wants a judge and a clerk, not thirty-one liaisons.
    seen: set[str] = set()
    firsts = [person for person in rows if not (person.role in seen or seen.add(person.role))]  # type: ignore[func-returns-value]
    order = ("judge", "clerk", "seal_keeper", "liaison", "handler", "supervisor", "auditor", "recorder")
    return sorted(firsts, key=lambda p: order.index(p.role) if p.role in order else 99)
