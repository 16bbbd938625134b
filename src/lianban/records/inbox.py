"""Lists of tasks and letters as people work through them: by what is due, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

PAGE = 50


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One line of an inbox."""

    id: UUID
    matter: UUID
    number: str
    title: str
    scene: str
    name: str
    stage: str
    element: str
    role: str
    post: UUID | None
    officer: UUID | None
    letter: UUID | None
    letter_number: str | None
    lead: UUID
    addressee: UUID | None
    opened_at: datetime
    due_at: datetime | None
    held_until: date | None
    form: str
    action: str


_LINE = """
SELECT t.id, t.matter_id, m.number, m.title, m.scene, t.name, t.stage, t.element, t.role, t.post_id, t.officer_id,
       t.letter_id, l.number, t.lead_agency_id, l.addressee_id, t.opened_at, t.due_at, t.held_until, t.form, t.action
  FROM task t JOIN matter m ON m.id = t.matter_id LEFT JOIN letter l ON l.id = t.letter_id
"""

# Mine: of my agency, for my post or my role's pool, not in the hands of a colleague, unless that colleague is away.
_MINE = """ t.agency_id = %(agency)s AND t.state = 'open'
   AND (t.post_id = %(post)s OR (t.post_id IS NULL AND t.role = %(role)s))
   AND (t.officer_id IS NULL OR t.officer_id = %(officer)s OR %(officer)s::uuid IS NULL
        OR t.officer_id IN (SELECT lianban.away_at_my_post()))"""


def away_colleagues(cursor: Any) -> frozenset[UUID]:
    """Officers of the asker's post who are away now, and for whom somebody stands in."""
    cursor.execute("SELECT lianban.away_at_my_post()")
    return frozenset(row[0] for row in cursor.fetchall())


def my_tasks(
    cursor: Any, *, agency: UUID | None, post: UUID | None, role: str, officer: UUID | None, today: date,
    after: tuple[datetime | None, UUID] | None = None, limit: int = PAGE, held: bool = False, scene: str = "",
    due_before: datetime | None = None, search: str = "",
) -> list[TaskLine]:  # fmt: skip
    """Open tasks by due date, those without one last. ``held`` lists the ones on hold instead."""
    params: dict[str, Any] = {
        "agency": agency,
        "post": post,
        "role": role,
        "officer": officer,
        "today": today,
    }
    where = _MINE
    where += (
        " AND t.held_until > %(today)s"
        if held
        else " AND (t.held_until IS NULL OR t.held_until <= %(today)s)"
    )
    if scene:
        where += " AND m.scene = %(scene)s"
        params["scene"] = scene
    if due_before is not None:
        where += " AND t.due_at < %(due_before)s"
        params["due_before"] = due_before
    if search:
        where += " AND (m.number LIKE %(like)s OR l.number LIKE %(like)s)"
        params["like"] = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if after is not None:
        params |= {"due": after[0], "last": after[1]}
        where += (
            " AND (t.due_at, t.id) > (%(due)s, %(last)s)"
            if after[0] is not None
            else " AND t.due_at IS NULL AND t.id > %(last)s"
        )
        if after[0] is not None:
            where = where.replace("(t.due_at, t.id) > ", "(t.due_at IS NULL OR (t.due_at, t.id) > ") + ")"
    cursor.execute(
        _LINE + f" WHERE {where} ORDER BY t.due_at, t.id LIMIT %(limit)s",
        params | {"limit": limit},
    )
    return [TaskLine(*row) for row in cursor.fetchall()]


def task_line(cursor: Any, task: UUID) -> TaskLine | None:
    cursor.execute(_LINE + " WHERE t.id = %s", [task])
    row = cursor.fetchone()
    return TaskLine(*row) if row else None


def open_task_lines(cursor: Any, matter: UUID) -> list[TaskLine]:
    """Every open task of a matter that the reader sees, in one query however many letters went out."""
    cursor.execute(_LINE + " WHERE t.matter_id = %s AND t.state = 'open' ORDER BY t.id", [matter])
    return [TaskLine(*row) for row in cursor.fetchall()]


MOST_COUNTED = 1_000
"""A heap with more is not counted to its end: the page of one's tasks costs the same with a million of them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are: ``number``, or with ``more`` an unknown number beyond it."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many lie in each heap of an inbox."""

    overdue: Counted
    due_soon: Counted
    later: Counted
    undated: Counted
    held: Counted

    @property
    def open(self) -> Counted:
        """All that are not on hold."""
        heaps = (self.overdue, self.due_soon, self.later, self.undated)
        return Counted(sum(heap.number for heap in heaps), any(heap.more for heap in heaps))


# Each heap is a range of the inbox's index, so that the limit ends the reading and not only the counting.
_NOT_HELD = " AND (t.held_until IS NULL OR t.held_until <= %(today)s)"
_TASK_HEAPS = (
    _NOT_HELD + " AND t.due_at < %(now)s",
    _NOT_HELD + " AND t.due_at >= %(now)s AND t.due_at < %(soon)s",
    _NOT_HELD + " AND t.due_at >= %(soon)s",
    _NOT_HELD + " AND t.due_at IS NULL",
    " AND t.held_until > %(today)s",
)


def count_tasks(
    cursor: Any,
    *,
    agency: UUID | None,
    post: UUID | None,
    role: str,
    officer: UUID | None,
    now: datetime,
    soon: datetime,
    today: date,
) -> TaskCounts:
    """Each heap exactly up to :data:`MOST_COUNTED`."""
    heaps = ", ".join(
        f"(SELECT count(*) FROM (SELECT FROM task t WHERE {_MINE}{heap} LIMIT %(most)s + 1) counted)"  # noqa: S608
        for heap in _TASK_HEAPS
    )
    cursor.execute(
        f"SELECT {heaps}",
        {
            "agency": agency,
            "post": post,
            "role": role,
            "officer": officer,
            "now": now,
            "soon": soon,
            "today": today,
            "most": MOST_COUNTED,
        },
    )
    return TaskCounts(
        *(Counted(min(found, MOST_COUNTED), found > MOST_COUNTED) for found in cursor.fetchone())
    )


@dataclass(frozen=True, slots=True)
class LetterLine:
    id: UUID
    matter: UUID
    matter_number: str
    scene: str
    kind: str
    number: str
    sender: UUID
    addressee: UUID
    legal_basis: str
    questions: list[str]
    state: str
    delivered_at: datetime | None
    signed_at: datetime | None
    due_at: datetime | None
    due_provisional: bool
    answered_at: datetime | None
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    result: str
    returned_count: int
    reminded_count: int
    supervised_at: datetime | None
    by_registry: list[str]

    @property
    def left(self) -> list[str]:
        """The questions its officer answers: those that no registry has answered."""
        return [code for code in self.questions if code not in self.by_registry] or self.questions


_LETTER = """
SELECT l.id, l.matter_id, m.number, l.scene, l.kind, l.number, l.sender_id, l.addressee_id, l.legal_basis, l.questions,
       l.state, l.delivered_at, l.signed_at, l.due_at, l.due_provisional, l.answered_at, l.accepted_at, l.withdrawn_at,
       l.result, l.returned_count, l.reminded_count, l.supervised_at, l.by_registry
  FROM letter l JOIN matter m ON m.id = l.matter_id
"""
WAITING = ("delivered", "signed", "routed", "returned")
HEAPS = {
    "waiting": WAITING, "answered": ("answered",), "accepted": ("accepted",), "withdrawn": ("withdrawn",),
    "all": ("delivered", "signed", "routed", "returned", "answered", "accepted", "withdrawn"),
    "drafts": ("draft", "sealed"),
}  # fmt: skip


def letters(
    cursor: Any, *, side: str, agency: UUID, heap: str = "waiting", overdue_at: datetime | None = None,
    after: UUID | None = None, limit: int = PAGE,
) -> list[LetterLine]:  # fmt: skip
    """``side``: ``received`` (the unit's inbox), ``sent`` (the court's), ``supervised`` (all that are seen)."""
    where = {
        "received": "l.addressee_id = %(agency)s",
        "sent": "l.sender_id = %(agency)s",
        "supervised": "true",
    }[side]
    params: dict[str, Any] = {"agency": agency, "states": list(HEAPS[heap]), "limit": limit}
    where += " AND l.state = ANY(%(states)s)"
    if overdue_at is not None:
        where += " AND l.due_at < %(overdue_at)s"
        params["overdue_at"] = overdue_at
    if after is not None:
        where += " AND l.id < %(after)s"
        params["after"] = after
    order = "l.due_at NULLS LAST, l.id" if heap == "waiting" and after is None else "l.id DESC"
    cursor.execute(_LETTER + f" WHERE {where} ORDER BY {order} LIMIT %(limit)s", params)
    return [LetterLine(*row) for row in cursor.fetchall()]


def letter_line(cursor: Any, letter: UUID) -> LetterLine | None:
    cursor.execute(_LETTER + " WHERE l.id = %s", [letter])
    row = cursor.fetchone()
    return LetterLine(*row) if row else None


def letters_of(cursor: Any, matter: UUID) -> list[LetterLine]:
    cursor.execute(
        _LETTER
        + " JOIN agency a ON a.id = l.addressee_id WHERE l.matter_id = %s ORDER BY a.sort_key, a.code",
        [matter],
    )
    return [LetterLine(*row) for row in cursor.fetchall()]
