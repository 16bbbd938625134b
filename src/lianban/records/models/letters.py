"""What is asked and what is answered: letters 函, their subjects, their answers 反馈, their reminders."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer, Post
from lianban.records.models.matters import Matter, Party


class LetterContent(models.Model):
    """What a letter says (cause, period, remarks, amendments): its sender's, and its addressees' from delivery on.

    Apart from the letter, because the supervisor and the worker see letters. Letters that went out together with the
    same words point to one row; it is never changed: who says something else writes another.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    sender = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    data = models.JSONField()

    class Meta:
        db_table = "letter_content"
        # What a letter's reference goes to: a content of its own matter and of its own sender.
        constraints = [
            models.UniqueConstraint(fields=["id", "matter", "sender"], name="letter_content_of_its_matter")
        ]


class Letter(models.Model):
    """函: one agency asks another, on a legal basis, with a date by which to answer.

    The three facts that get confused are apart: delivered, signed for, answered; and an answer that was
    sent is not yet one that was accepted.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SEALED = "sealed"
        DELIVERED = "delivered"
        SIGNED = "signed"
        ROUTED = "routed"
        ANSWERED = "answered"
        RETURNED = "returned"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    scope = models.ForeignKey("records.Scope", on_delete=models.PROTECT, null=True, db_index=False)
    scene = models.TextField()
    kind = models.TextField()
    number = models.TextField(default="", blank=True)
    sender = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    addressee = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    legal_basis = models.TextField()
    questions = ArrayField(models.TextField())
    # The database's own reference goes by matter and sender as well (sql/letter_content.sql).
    content = models.ForeignKey(LetterContent, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    routed_at = models.DateTimeField(null=True)
    # When the reply clock began: signing for it, or the return of an answer. Not when it was sent.
    clock_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    # The first answer sent, whatever became of it, and the answer that was accepted: two facts.
    answered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    result = models.TextField(default="", blank=True)
    returned_count = models.PositiveSmallIntegerField(default=0)
    reminded_count = models.PositiveSmallIntegerField(default=0)
    supervised_at = models.DateTimeField(null=True)
    # The questions that registries of the addressee have answered; the others are left to its officer.
    by_registry = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "letter"
        constraints = [
            models.CheckConstraint(condition=~models.Q(legal_basis=""), name="letter_has_legal_basis"),
            models.CheckConstraint(
                condition=~models.Q(sender=models.F("addressee")), name="letter_to_another_agency"
            ),
        ]
        indexes = [
            models.Index(fields=["matter"], name="letter_matter"),
            models.Index(fields=["addressee", "state", "due_at"], name="letter_inbox"),
            models.Index(fields=["sender", "state", "due_at"], name="letter_outbox"),
        ]


class LetterSubject(models.Model):
    """Whom the letters of one content ask about. An addressee sees these parties of the matter, and no others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.ForeignKey(LetterContent, on_delete=models.PROTECT, db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "letter_subject"
        constraints = [models.UniqueConstraint(fields=["content", "party"], name="letter_subject_once")]


class Answer(models.Model):
    """反馈: never edited. A better one supersedes it; a wrong one is recalled, and everyone is told."""

    class State(models.TextChoices):
        SENT = "sent"
        RETURNED = "returned"
        ACCEPTED = "accepted"
        RECALLED = "recalled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False, related_name="+")
    reader = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False, related_name="+")
    round = models.PositiveSmallIntegerField()
    result = models.TextField()
    data = models.JSONField()
    as_of = models.DateTimeField(null=True)
    source = models.TextField(default="", blank=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, db_index=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.SENT)
    state_reason = models.TextField(default="", blank=True)
    digest = models.TextField()
    # Answered by registries: what it rests on, and the machine's post. Both are empty where an officer answered.
    collision = models.ForeignKey(
        "records.Collision", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        db_table = "answer"
        constraints = [
            # Two clerks who answer at once: the second is told, and nothing of the first is lost.
            models.UniqueConstraint(fields=["letter", "round"], name="answer_once_per_round"),
            models.CheckConstraint(
                condition=models.Q(result__in=["yes", "no", "partial", "supplement", "objection"])
                | models.Q(result="interim", collision__isnull=False),
                name="answer_result_kind",
            ),
        ]


class Reminder(models.Model):
    """催办 (a reminder) or 督办 (an escalation): who was reminded of what, when, by whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField(choices=[("remind", "remind"), ("supervise", "supervise")])
    by_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    note = models.TextField(default="", blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "reminder"
