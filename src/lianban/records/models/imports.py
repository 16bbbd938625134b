"""Imports: a file somebody handed in, and its rows while they wait to become matters.

A row's cells may hold names and identity numbers, so they are sealed, and erased once the row was taken.
"""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer, Post
from lianban.records.models.matters import DataKey, Matter


class ImportRun(models.Model):
    """One file. It is read at once, then checked and taken in steps, each of which is whole."""

    class State(models.TextChoices):
        CHECKING = "checking"
        CHECKED = "checked"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    scene = models.TextField()
    file = models.TextField()
    digest = models.TextField()
    heads = models.JSONField()
    state = models.TextField(choices=State.choices, default=State.CHECKING)
    total = models.IntegerField()
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import_run"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(good__gte=0, bad__gte=0, taken__gte=0)
                & models.Q(total__gte=models.F("good") + models.F("bad") + models.F("taken")),
                name="import_run_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-started_at"], name="import_run_agency")]


class ImportRow(models.Model):
    """One row: waiting to be checked, good, bad with the reasons, or taken as a matter."""

    pk = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    state = models.TextField(
        choices=[(s, s) for s in ("waiting", "good", "bad", "taken", "cancelled")], default="waiting"
    )
    # Its matter's number, by which a row that stands twice is found.
    matter_number = models.TextField(default="", blank=True)
    row = models.UUIDField(default=new_id)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, null=True, db_index=False)
    sealed = models.BinaryField(null=True)
    errors = models.JSONField(default=list)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, db_index=False)

    class Meta:
        db_table = "import_row"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(matter__isnull=False, sealed__isnull=True),
                name="import_row_taken_is_erased",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "state", "number"], name="import_row_state"),
            models.Index(fields=["run", "matter_number"], name="import_row_number"),
        ]
