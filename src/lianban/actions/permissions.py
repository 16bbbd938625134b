"""Who may act. When an act is possible is each action's own business; this file is only about whom."""

from __future__ import annotations

from django.db import connection

from lianban.actions.acting import Acting
from lianban.actions.errors import NotYourTask, RoleMayNot, TaskIsTaken, WithoutReason
from lianban.records import inbox
from lianban.records.tasks import TaskRow

# Acts that are not the completion of a task, and the roles that may do them. Every act of the kernel's
# commands stands here; a test walks the table.
COMMANDS: dict[str, tuple[str, ...]] = {
    "open_matter": ("clerk", "judge", "recorder"),
    "receive_message": ("clerk", "judge", "liaison", "handler"),
    "start_import": ("clerk", "judge"),
    "export_matters": ("clerk", "judge"),
    "withdraw_letter": ("judge", "clerk"),
    "withdraw_matter": ("judge",),
    "remind_letter": ("judge", "clerk"),
    "supervise_letter": ("supervisor",),
    "recall_answer": ("liaison", "handler"),
    "send_back": ("clerk", "judge", "seal_keeper", "liaison", "handler"),
    "hand_over": ("clerk", "judge", "seal_keeper", "liaison", "handler", "supervisor", "grid_worker"),
    "delegate": (
        "clerk",
        "judge",
        "seal_keeper",
        "liaison",
        "handler",
        "supervisor",
        "recorder",
        "grid_worker",
    ),
    "ask_countersign": ("clerk", "judge", "liaison", "handler"),
    "countersign": ("clerk", "judge", "seal_keeper", "liaison", "handler", "supervisor"),
    "hold_task": ("clerk", "judge", "seal_keeper", "liaison", "handler", "supervisor", "grid_worker"),
    "migrate_matters": ("judge",),
    # Of the agency that owns the scene. records/sql/drafts.sql says the same to the database.
    "save_draft": ("clerk", "judge", "liaison", "supervisor"),
    "discard_draft": ("clerk", "judge", "liaison", "supervisor"),
    "publish_draft": ("judge", "liaison", "supervisor"),
    "publish_again": ("judge", "liaison", "supervisor"),
    "handle_query_alert": ("auditor",),
    "confirm_hit": ("liaison", "handler"),
    "renew_measures": ("judge", "clerk"),
    "sign_renewals": ("judge",),
    "receive_payment": ("clerk", "judge", "cashier"),
    "import_statement": ("cashier", "judge", "clerk"),
    "match_entry": ("cashier", "judge", "clerk"),
    "add_document": ("clerk", "judge", "liaison", "handler"),
}


def may(acting: Acting, act: str) -> bool:
    """Whether the table names the acting role for this act."""
    return acting.role in COMMANDS[act]


def require(acting: Acting, act: str) -> None:
    """Raises :class:`RoleMayNot`, which names the roles that may."""
    if not may(acting, act):
        raise RoleMayNot(act=act, needed=" / ".join(COMMANDS[act]), own=acting.role)


def may_complete(acting: Acting, task: TaskRow) -> bool:
    """A task is for its agency's role, or for one post of it, or for one officer of that post.

    What is in the hands of a colleague who is away is for everybody of the post, so that a deputy can do it.
    """
    if acting.agency != task.agency or _is_kept_by_another(acting, task):
        return False
    if task.post is not None:
        return acting.post == task.post
    return acting.role == task.role


def _is_kept_by_another(acting: Acting, task: TaskRow) -> bool:
    if task.officer is None or acting.officer is None or task.officer == acting.officer:
        return False
    with connection.cursor() as cursor:
        return task.officer not in inbox.away_colleagues(cursor)


def require_task(acting: Acting, task: TaskRow) -> None:
    """Raises :class:`NotYourTask`, or :class:`TaskIsTaken` where a colleague of the same post has it."""
    if not may_complete(acting, task):
        if task.agency == acting.agency and _is_kept_by_another(acting, task):
            raise TaskIsTaken(task=task.name)
        raise NotYourTask(task=task.name, role=task.role, own=acting.role)


def require_reason(act: str, reason: str) -> str:
    """The reason without the space around it. Raises :class:`WithoutReason` below 2 and above 500 characters."""
    reason = reason.strip()
    if not 2 <= len(reason) <= 500:
        raise WithoutReason(act=act, length=len(reason))
    return reason
