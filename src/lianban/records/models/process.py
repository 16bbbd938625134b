"""Where a matter stands: scopes, tokens, tasks and timers. State is rows, not a blob.

A reply to a fan-out touches the rows of its own branch and one counter. ``agency`` on a row names the
agency whose branch it belongs to; it is empty on the thread all agencies share.
"""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer, Post
from lianban.records.models.matters import Matter


class Scope(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, db_index=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)
    element = models.TextField()
    kind = models.TextField()
    item = models.JSONField(null=True)
    index = models.IntegerField(default=0)
    pending = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    variables = models.JSONField(default=dict)
    state = models.TextField(default="open")

    class Meta:
        db_table = "scope"
        indexes = [models.Index(fields=["matter", "parent"], name="scope_tree")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pending__gte=0, pending__lte=models.F("total")), name="scope_pending"
            ),
        ]


class Token(models.Model):
    """Rows exist only while the token does. Matter and agency repeat its scope's, which are checked there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    element = models.TextField()
    flow = models.TextField(null=True)  # noqa: DJ001  (NULL: it did not arrive by a flow)
    state = models.TextField(default="open")

    class Meta:
        db_table = "token"
        indexes = [models.Index(fields=["matter", "scope"], name="token_matter")]


class Timer(models.Model):
    """Rows exist only while the timer is armed. Matter and agency repeat its scope's, which are checked there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    token = models.ForeignKey(Token, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False)
    element = models.TextField()
    due_at = models.DateTimeField()
    repeat_left = models.IntegerField(null=True)
    spec = models.TextField()
    # Put off after it failed, so that it does not stand before the others; its due date stays what it was.
    not_before = models.DateTimeField(null=True)

    class Meta:
        db_table = "timer"
        indexes = [
            models.Index(fields=["due_at"], name="timer_due"),
            models.Index(fields=["matter", "scope"], name="timer_matter"),
        ]


class Task(models.Model):
    """任务: one thing somebody has to do, for a role or post of an agency, with one due date."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, db_index=False, related_name="+", db_constraint=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, null=True, db_index=False)
    token = models.UUIDField(null=True)
    letter = models.ForeignKey("records.Letter", on_delete=models.PROTECT, null=True, db_index=False)
    # What a task that no token waits for is about: a measure, a push to a township.
    about = models.UUIDField(null=True)
    element = models.TextField()
    name = models.TextField()
    stage = models.TextField(default="")
    role = models.TextField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, db_index=False)
    form = models.TextField(default="")
    action = models.TextField(default="")
    state = models.TextField(choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    held_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "task"
        indexes = [
            # The inbox: one agency's open tasks by due date, however many finished ones lie beside them.
            models.Index(
                fields=["agency", "due_at", "id"], name="task_inbox", condition=models.Q(state="open")
            ),
            models.Index(fields=["matter", "state"], name="task_matter"),
            models.Index(fields=["about"], name="task_about", condition=models.Q(about__isnull=False)),
            # Those on hold, which are few, without reading the open ones that are not.
            models.Index(
                fields=["agency", "held_until"],
                name="task_held",
                condition=models.Q(state="open", held_until__isnull=False),
            ),
        ]


class Countersign(models.Model):
    """会签: a task cannot be completed before everyone asked has agreed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    asked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    decision = models.TextField(default="", blank=True)
    remark = models.TextField(default="", blank=True)
    signed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "countersign"
        constraints = [
            models.UniqueConstraint(fields=["task", "post"], name="countersign_once_per_post"),
            models.CheckConstraint(
                condition=models.Q(decision__in=["", "agree", "disagree"]), name="countersign_decision"
            ),
        ]
