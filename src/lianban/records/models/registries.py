"""Who may be asked about, and what was found: registries 登记库, warrants 查询授权, collisions 数据碰撞, their hits, and who
read an answer.

No row here is a copy of a registry. A collision says what was asked of which registries and how they stood; its hits hold
the fields of the question and no others, and only where no answer of a letter holds them.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer, Post
from lianban.records.models.letters import Answer, Letter
from lianban.records.models.matters import Matter, Party

_KEPT = {"on_delete": models.PROTECT, "db_index": False, "related_name": "+"}


class Registry(models.Model):
    """登记库: one table of an agency that answers by itself. The declaration is a file; this row is what the last build
    found of it, for the pages that say which registries there are, how fresh they are, and what may leave them."""

    class State(models.TextChoices):
        READY = "ready"
        LATE = "late"
        BROKEN = "broken"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.TextField(unique=True)
    agency = models.ForeignKey(Agency, **_KEPT)
    name_zh = models.TextField()
    name_en = models.TextField()
    # The only fields that may leave, by question code; the legal bases it accepts.
    fields = models.JSONField(default=dict)
    legal_basis = ArrayField(models.TextField(), default=list)
    # Where the fields of a hit are read: the agency's prepared row store, or the table itself.
    read_from = models.TextField(choices=[("prepared", "prepared"), ("source", "source")])
    rows = models.BigIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    # Data older than this is late, and answers no question with 无.
    fresh_hours = models.PositiveIntegerField()
    state = models.TextField(choices=State.choices)
    # Why it is late or broken: a code of the matching engine.
    reason = models.TextField(default="", blank=True)
    index_version = models.TextField(default="", blank=True)
    indexed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "registry"


class Warrant(models.Model):
    """查询授权: the legal basis of queries in one matter. The database lets no collision through without one that is live
    (``lianban.collision_refused`` is the rule)."""

    class Kind(models.TextChoices):
        LETTER = "letter"
        STANDING = "standing"
        FOLLOW_UP = "follow_up"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, **_KEPT)
    lead_agency = models.ForeignKey(Agency, **_KEPT)
    kind = models.TextField(choices=Kind.choices)
    legal_basis = models.TextField()
    # Between which days the article may be cited, as the scene declares it.
    basis_from = models.DateField()
    basis_to = models.DateField(null=True)
    questions = ArrayField(models.TextField())
    requester = models.ForeignKey(Officer, **_KEPT)
    post = models.ForeignKey(Post, **_KEPT)
    reason = models.TextField(default="", blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # How many queries (one question about one subject to one agency) it allows, and how many were made.
    quota = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "warrant"
        indexes = [models.Index(fields=["matter"], name="warrant_matter")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(legal_basis=""), name="warrant_has_legal_basis"),
            models.CheckConstraint(
                condition=models.Q(questions__len__gte=1), name="warrant_names_its_questions"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="warrant_has_a_length"
            ),
            models.CheckConstraint(
                condition=models.Q(used__lte=models.F("quota")), name="warrant_within_its_quota"
            ),
        ]


class WarrantSubject(models.Model):
    """Whom a warrant lets one ask about: debtors of its matter, nobody else."""

    pk = models.CompositePrimaryKey("warrant_id", "party_id")
    warrant = models.ForeignKey(Warrant, **_KEPT)
    party = models.ForeignKey(Party, **_KEPT)
    lead_agency = models.ForeignKey(Agency, **_KEPT)

    class Meta:
        db_table = "warrant_subject"


class QueryCount(models.Model):
    """How many queries an agency (``officer`` empty), or one officer of it, made on a day. Kept by the database alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    agency = models.ForeignKey(Agency, **_KEPT)
    officer = models.ForeignKey(Officer, null=True, **_KEPT)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "query_count"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agency", "officer"], nulls_distinct=False, name="query_count_once"
            )
        ]


class Collision(models.Model):
    """数据碰撞: the subjects of one matter held against the registries of one agency, once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    warrant = models.ForeignKey(Warrant, **_KEPT)
    matter = models.ForeignKey(Matter, **_KEPT)
    lead_agency = models.ForeignKey(Agency, **_KEPT)
    # Whose registries were asked.
    agency = models.ForeignKey(Agency, **_KEPT)
    letter = models.ForeignKey(Letter, null=True, **_KEPT)
    requester = models.ForeignKey(Officer, **_KEPT)
    legal_basis = models.TextField()
    way = models.TextField(choices=[("point", "point"), ("batch", "batch")])
    questions = ArrayField(models.TextField())
    subjects = ArrayField(models.UUIDField())
    queries = models.PositiveIntegerField()
    # How each registry stood: [{code, zh, en, status, reason, as_of, questions}].
    registries = models.JSONField(default=list)
    # Questions that are not settled, and why: late, broken, to_confirm, no_registry, no_number, values.
    unsettled = models.JSONField(default=dict)
    found = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "collision"
        indexes = [
            models.Index(fields=["matter"], name="collision_matter"),
            models.Index(fields=["agency", "-occurred_at"], name="collision_agency"),
            models.Index(
                fields=["letter"], name="collision_letter", condition=models.Q(letter__isnull=False)
            ),
            models.Index(fields=["warrant"], name="collision_warrant"),
        ]


class CollisionHit(models.Model):
    """One subject found in one registry. A fact only where number and name agree, or where an officer of the agency that
    holds the registry said so; until then nobody but that agency sees it, and nothing can rest on it."""

    class Kind(models.TextChoices):
        EXACT = "exact"
        NAME_DIFFERS = "name_differs"
        NAME_MISSING = "name_missing"
        KEY_INVALID = "key_invalid"
        NAME_ONLY = "name_only"

    class State(models.TextChoices):
        FACT = "fact"
        PENDING = "pending"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    collision = models.ForeignKey(Collision, **_KEPT)
    matter = models.ForeignKey(Matter, **_KEPT)
    lead_agency = models.ForeignKey(Agency, **_KEPT)
    agency = models.ForeignKey(Agency, **_KEPT)
    letter = models.ForeignKey(Letter, null=True, **_KEPT)
    party = models.ForeignKey(Party, **_KEPT)
    question = models.TextField()
    registry = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    # Whom the matter names and whom the registry names, where the two have to be compared by a person.
    asked = models.JSONField(default=dict)
    found_name = models.TextField(default="", blank=True)
    # The permitted fields of the question; empty where the answer of a letter holds them.
    fields = models.JSONField(default=dict)
    # Equal findings of one matter have equal digests: a nightly query tells only what is new.
    digest = models.TextField()
    state = models.TextField(choices=State.choices)
    occurred_at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, null=True, **_KEPT)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    answer = models.ForeignKey(Answer, null=True, **_KEPT)

    class Meta:
        db_table = "collision_hit"
        indexes = [
            models.Index(fields=["matter"], name="collision_hit_matter"),
            models.Index(fields=["collision"], name="collision_hit_collision"),
            models.Index(
                fields=["agency", "occurred_at"],
                name="collision_hit_pending",
                condition=models.Q(state="pending"),
            ),
            models.Index(
                fields=["letter"], name="collision_hit_undecided", condition=models.Q(state="pending")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="exact", state="fact")
                | (~models.Q(kind="exact") & ~models.Q(state="fact")),
                name="collision_hit_fact_is_exact",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["fact", "pending"], decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    models.Q(
                        state__in=["confirmed", "rejected"],
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                    )
                    & ~models.Q(reason="")
                ),
                name="collision_hit_decided_by_a_person",
            ),
            # What nobody confirmed stands in no answer.
            models.CheckConstraint(
                condition=models.Q(answer__isnull=True) | models.Q(state__in=["fact", "confirmed"]),
                name="collision_hit_in_an_answer_is_a_fact",
            ),
        ]


class AnswerRead(models.Model):
    """Who of another agency read an answer, so that a recall reaches everyone who did."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer = models.ForeignKey(Answer, **_KEPT)
    letter = models.ForeignKey(Letter, **_KEPT)
    matter = models.ForeignKey(Matter, **_KEPT)
    # Whose answer it is, and who read it.
    answering = models.ForeignKey(Agency, **_KEPT)
    agency = models.ForeignKey(Agency, **_KEPT)
    post = models.ForeignKey(Post, **_KEPT)
    officer = models.ForeignKey(Officer, null=True, **_KEPT)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    recalled_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    remark = models.TextField(default="", blank=True)

    class Meta:
        db_table = "answer_read"
        indexes = [
            models.Index(
                fields=["agency", "officer"], name="answer_read_recalled",
                condition=models.Q(recalled_at__isnull=False, acknowledged_at__isnull=True),
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "post", "officer"], nulls_distinct=False, name="answer_read_once"
            ),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True) | models.Q(recalled_at__isnull=False),
                name="answer_read_acknowledges_a_recall",
            ),
        ]


class QueryAlert(models.Model):
    """A subject of a closed matter was asked about more often than the setting allows unasked: for the auditor."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, **_KEPT)
    party = models.ForeignKey(Party, **_KEPT)
    lead_agency = models.ForeignKey(Agency, **_KEPT)
    times = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(Officer, null=True, **_KEPT)
    remark = models.TextField(default="", blank=True)

    class Meta:
        db_table = "query_alert"
        constraints = [models.UniqueConstraint(fields=["matter", "party"], name="query_alert_once")]
