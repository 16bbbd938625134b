"""Measures of control 控制措施: the order, its service, the answers, renewals, releases, and where it stands.

What happened is written by whoever did it and never changed. Where a measure *stands* (state, rank, end) follows from
what happened on the asset in every court's matters, which no court may see: the database computes it (``measures.sql``).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer, Post
from lianban.records.models.assets import Asset
from lianban.records.models.matters import Matter


class MeasureLimit(models.Model):
    """One limit as a row: legal basis × asset × claim × step, with the longest term, from day to day.

    From ``engines/measures/data/limits.toml`` and the clock book, one row for each version of the term. ``asset`` is a
    kind, ``family:movable`` or ``*``; ``term`` and ``renewal_term`` read ``1 year`` or ``30 days``.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    basis = models.TextField()
    asset = models.TextField()
    claim = models.TextField()
    step = models.TextField()
    allowed = models.BooleanField()
    when_any = ArrayField(models.TextField(), default=list)
    clock = models.TextField(default="", blank=True)
    renewal = models.TextField(default="", blank=True)
    term = models.TextField(default="", blank=True)
    renewal_term = models.TextField(default="", blank=True)
    # How often it may be renewed; NULL: as often as needed.
    renewals_most = models.IntegerField(null=True)
    from_day = models.DateField()
    to_day = models.DateField(null=True)
    reason_zh = models.TextField(default="", blank=True)
    reason_en = models.TextField(default="", blank=True)
    alarm_zh = models.TextField(default="", blank=True)
    alarm_en = models.TextField(default="", blank=True)
    source = models.TextField()
    unverified = models.BooleanField(default=False)

    class Meta:
        db_table = "measure_limit"
        indexes = [models.Index(fields=["clock", "renewal", "from_day"], name="measure_limit_clock")]


class Measure(models.Model):
    """控制措施: one order on one asset. Its columns from ``state`` on are the database's own.

    ``changed_at`` is when something was last recorded of it; ``stood_at`` as of when its standing was computed.
    """

    class Kind(models.TextChoices):
        SEAL = "seal"
        FREEZE = "freeze"
        DETAIN = "detain"
        DEDUCT = "deduct"

    class State(models.TextChoices):
        ORDERED = "ordered"
        EFFECTIVE = "effective"
        WAITING = "waiting"
        RELEASED = "released"
        LAPSED = "lapsed"
        DISPOSED = "disposed"
        NO_OBJECT = "no_object"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, db_index=False)
    # Copied from the asset by the database: all the unit must know of it, which sees no assets.
    unit_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    asset_key = models.TextField()
    asset_kind = models.TextField()
    asset_name = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    basis = models.TextField(choices=[(b, b) for b in ("enforcement", "preservation", "administrative")])
    claim = models.TextField(default="ordinary")
    facts = ArrayField(models.TextField(), default=list)
    clock = models.TextField(default="", blank=True)
    ordered_on = models.DateField()
    ordered_at = models.DateTimeField()
    ceiling_fen = models.BigIntegerField()
    printed_end = models.DateField(null=True)
    number = models.TextField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    served_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    released_at = models.DateTimeField(null=True)
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.ORDERED)
    rank = models.IntegerField(null=True)
    effective_from = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True)
    computed_end = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    renewals = models.IntegerField(default=0)
    notes = ArrayField(models.TextField(), default=list)
    stood_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "measure"
        constraints = [
            # DESIGN invariant 3: an order that has not reached the unit holds nothing (查扣冻规定 1).
            models.CheckConstraint(
                condition=models.Q(served_at__isnull=False)
                | models.Q(
                    state="ordered", rank__isnull=True, effective_from__isnull=True, ends_on__isnull=True
                ),
                name="measure_no_effect_before_service",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_from__isnull=True)
                | models.Q(effective_from__gte=models.F("served_at")),
                name="measure_effect_from_service",
            ),
            # ... and never outlives its maximum.
            models.CheckConstraint(
                condition=models.Q(computed_end__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__lte=models.F("computed_end")),
                name="measure_never_outlives_maximum",
            ),
            models.CheckConstraint(condition=models.Q(ceiling_fen__gte=0), name="measure_ceiling"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["seal", "freeze", "detain", "deduct"]), name="measure_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "ordered",
                        "effective",
                        "waiting",
                        "released",
                        "lapsed",
                        "disposed",
                        "no_object",
                    ]
                ),
                name="measure_state",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True)
                | models.Q(released_at__gte=models.F("served_at")),
                name="measure_released_after_service",
            ),
            models.CheckConstraint(
                condition=models.Q(disposed_at__isnull=True)
                | models.Q(disposed_at__gte=models.F("served_at")),
                name="measure_disposed_after_service",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_agency", "asset_key"], name="measure_key"),
            models.Index(fields=["matter"], name="measure_matter"),
            models.Index(
                fields=["lead_agency", "officer", "ends_on"],
                name="measure_radar",
                condition=models.Q(state__in=["effective", "waiting"]),
            ),
            models.Index(
                fields=["ends_on"],
                name="measure_ends",
                condition=models.Q(state__in=["effective", "waiting"]),
            ),
        ]


class MeasureAnswer(models.Model):
    """What the unit said, as it came: never refused, never edited; a corrected one stands beside the first."""

    class Outcome(models.TextChoices):
        DONE = "done"
        PARTIAL = "partial"
        WAITING = "waiting"
        NOT_FOUND = "not_found"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Who typed it in: the unit, or the court for an answer that came on paper.
    written_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField()
    outcome = models.TextField(choices=Outcome.choices)
    amount_fen = models.BigIntegerField(null=True)
    rank = models.IntegerField(null=True)
    ends_on = models.DateField(null=True)
    remark = models.TextField(default="", blank=True)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.TextField()

    class Meta:
        db_table = "measure_answer"
        constraints = [
            models.UniqueConstraint(fields=["measure", "round"], name="measure_answer_round"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["done", "partial", "waiting", "not_found", "refused"]),
                name="measure_answer_outcome",
            ),
        ]


class MeasureRenewal(models.Model):
    """续行: drafted, signed by a judge, sent, served. Only a served one that came in time prolongs."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        SIGNED = "signed"
        SENT = "sent"
        SERVED = "served"
        NOT_WANTED = "not_wanted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField()
    ordered_on = models.DateField()
    printed_end = models.DateField(null=True)
    number = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    state = models.TextField(choices=State.choices, default=State.DRAFTED)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "measure_renewal"
        constraints = [
            models.UniqueConstraint(fields=["measure", "round"], name="measure_renewal_round"),
            models.UniqueConstraint(
                fields=["measure"],
                condition=models.Q(state__in=["drafted", "signed", "sent"]),
                name="measure_renewal_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["drafted", "signed", "sent", "served", "not_wanted"]),
                name="measure_renewal_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="served", served_at__isnull=False)
                | (~models.Q(state="served") & models.Q(served_at__isnull=True)),
                name="measure_renewal_served_has_a_moment",
            ),
        ]


class MeasureRelease(models.Model):
    """解除: ordered by the court, effective when it reaches the unit. ``amount_fen`` of a part; NULL: the whole."""

    class Ground(models.TextChoices):
        EXCESS = "excess"
        PERFORMED = "performed"
        SECURITY = "security"
        THIRD_PARTY = "third_party"
        WITHDRAWN = "withdrawn"
        EXEMPT = "exempt"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_fen = models.BigIntegerField(null=True)
    ground = models.TextField(choices=Ground.choices)
    reason = models.TextField()
    number = models.TextField()
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ordered_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "measure_release"
        constraints = [
            models.UniqueConstraint(
                fields=["measure"],
                condition=models.Q(arrived_at__isnull=True),
                name="measure_release_one_at_a_time",
            ),
        ]


class MeasureExcess(models.Model):
    """超标的: this matter holds more than its claim and costs, and something can be let go. The row is there while it lasts."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    held_fen = models.BigIntegerField()
    most_fen = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        db_table = "measure_excess"
