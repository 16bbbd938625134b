"""Declared registries, warrants, collisions and their hits, and who read an answer."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / f"{name}.sql").read_text("utf-8"))


class Migration(migrations.Migration):
    dependencies = [("records", "0009_collaboration")]
    operations = [
        migrations.CreateModel(
            name="AnswerRead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
                ("recalled_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("remark", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "answer_read",
            },
        ),
        migrations.CreateModel(
            name="Collision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("legal_basis", models.TextField()),
                ("way", models.TextField(choices=[("point", "point"), ("batch", "batch")])),
                (
                    "questions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("queries", models.PositiveIntegerField()),
                ("registries", models.JSONField(default=list)),
                ("unsettled", models.JSONField(default=dict)),
                ("found", models.PositiveIntegerField(default=0)),
                ("pending", models.PositiveIntegerField(default=0)),
                ("occurred_at", models.DateTimeField()),
            ],
            options={
                "db_table": "collision",
            },
        ),
        migrations.CreateModel(
            name="CollisionHit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("question", models.TextField()),
                ("registry", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("exact", "Exact"),
                            ("name_differs", "Name Differs"),
                            ("name_missing", "Name Missing"),
                            ("key_invalid", "Key Invalid"),
                            ("name_only", "Name Only"),
                        ]
                    ),
                ),
                ("asked", models.JSONField(default=dict)),
                ("found_name", models.TextField(blank=True, default="")),
                ("fields", models.JSONField(default=dict)),
                ("digest", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("fact", "Fact"),
                            ("pending", "Pending"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Rejected"),
                        ]
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "collision_hit",
            },
        ),
        migrations.CreateModel(
            name="QueryAlert",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("times", models.PositiveIntegerField()),
                ("most", models.PositiveIntegerField()),
                ("raised_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
                ("remark", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "query_alert",
            },
        ),
        migrations.CreateModel(
            name="QueryCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("used", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "query_count",
            },
        ),
        migrations.CreateModel(
            name="Registry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.TextField(unique=True)),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("fields", models.JSONField(default=dict)),
                (
                    "legal_basis",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("read_from", models.TextField(choices=[("prepared", "prepared"), ("source", "source")])),
                ("rows", models.BigIntegerField(default=0)),
                ("as_of", models.DateTimeField(null=True)),
                ("fresh_hours", models.PositiveIntegerField()),
                (
                    "state",
                    models.TextField(choices=[("ready", "Ready"), ("late", "Late"), ("broken", "Broken")]),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("index_version", models.TextField(blank=True, default="")),
                ("indexed_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField()),
            ],
            options={
                "db_table": "registry",
            },
        ),
        migrations.CreateModel(
            name="Warrant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[("letter", "Letter"), ("standing", "Standing"), ("follow_up", "Follow Up")]
                    ),
                ),
                ("legal_basis", models.TextField()),
                ("basis_from", models.DateField()),
                ("basis_to", models.DateField(null=True)),
                (
                    "questions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("quota", models.PositiveIntegerField()),
                ("used", models.PositiveIntegerField(default=0)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_reason", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "warrant",
            },
        ),
        migrations.RemoveConstraint(
            model_name="answer",
            name="answer_result_kind",
        ),
        migrations.AddField(
            model_name="answer",
            name="post",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.post",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="by_registry",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="answerread",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="answerread",
            name="answer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.answer",
            ),
        ),
        migrations.AddField(
            model_name="answerread",
            name="answering",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="answerread",
            name="letter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.letter",
            ),
        ),
        migrations.AddField(
            model_name="answerread",
            name="matter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.matter",
            ),
        ),
        migrations.AddField(
            model_name="answerread",
            name="officer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.officer",
            ),
        ),
        migrations.AddField(
            model_name="answerread",
            name="post",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.post",
            ),
        ),
        migrations.AddField(
            model_name="collision",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="collision",
            name="lead_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="collision",
            name="letter",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.letter",
            ),
        ),
        migrations.AddField(
            model_name="collision",
            name="matter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.matter",
            ),
        ),
        migrations.AddField(
            model_name="collision",
            name="requester",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.officer",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="collision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.collision",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("result__in", ["yes", "no", "partial", "supplement", "objection"]),
                    models.Q(("collision__isnull", False), ("result", "interim")),
                    _connector="OR",
                ),
                name="answer_result_kind",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="answer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.answer",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="collision",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.collision",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.officer",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="lead_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="letter",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.letter",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="matter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.matter",
            ),
        ),
        migrations.AddField(
            model_name="collisionhit",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.party",
            ),
        ),
        migrations.AddField(
            model_name="queryalert",
            name="handled_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.officer",
            ),
        ),
        migrations.AddField(
            model_name="queryalert",
            name="lead_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="queryalert",
            name="matter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.matter",
            ),
        ),
        migrations.AddField(
            model_name="queryalert",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.party",
            ),
        ),
        migrations.AddField(
            model_name="querycount",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="querycount",
            name="officer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.officer",
            ),
        ),
        migrations.AddField(
            model_name="registry",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="warrant",
            name="lead_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="warrant",
            name="matter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.matter",
            ),
        ),
        migrations.AddField(
            model_name="warrant",
            name="post",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.post",
            ),
        ),
        migrations.AddField(
            model_name="warrant",
            name="requester",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.officer",
            ),
        ),
        migrations.AddField(
            model_name="collision",
            name="warrant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.warrant",
            ),
        ),
        migrations.AddIndex(
            model_name="answerread",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True), ("recalled_at__isnull", False)),
                fields=["agency", "officer"],
                name="answer_read_recalled",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerread",
            constraint=models.UniqueConstraint(
                fields=("answer", "post", "officer"), name="answer_read_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="answerread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("acknowledged_at__isnull", True), ("recalled_at__isnull", False), _connector="OR"
                ),
                name="answer_read_acknowledges_a_recall",
            ),
        ),
        migrations.AddIndex(
            model_name="collisionhit",
            index=models.Index(fields=["matter"], name="collision_hit_matter"),
        ),
        migrations.AddIndex(
            model_name="collisionhit",
            index=models.Index(fields=["collision"], name="collision_hit_collision"),
        ),
        migrations.AddIndex(
            model_name="collisionhit",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["agency", "occurred_at"],
                name="collision_hit_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="collisionhit",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["letter"], name="collision_hit_undecided"
            ),
        ),
        migrations.AddConstraint(
            model_name="collisionhit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "exact"), ("state", "fact")),
                    models.Q(
                        models.Q(("kind", "exact"), _negated=True), models.Q(("state", "fact"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="collision_hit_fact_is_exact",
            ),
        ),
        migrations.AddConstraint(
            model_name="collisionhit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("state__in", ["fact", "pending"]),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["confirmed", "rejected"]),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="collision_hit_decided_by_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="collisionhit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer__isnull", True), ("state__in", ["fact", "confirmed"]), _connector="OR"
                ),
                name="collision_hit_in_an_answer_is_a_fact",
            ),
        ),
        migrations.AddConstraint(
            model_name="queryalert",
            constraint=models.UniqueConstraint(fields=("matter", "party"), name="query_alert_once"),
        ),
        migrations.AddConstraint(
            model_name="querycount",
            constraint=models.UniqueConstraint(
                fields=("day", "agency", "officer"), name="query_count_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="warrant",
            index=models.Index(fields=["matter"], name="warrant_matter"),
        ),
        migrations.AddConstraint(
            model_name="warrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("legal_basis", ""), _negated=True), name="warrant_has_legal_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="warrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("questions__len__gte", 1)), name="warrant_names_its_questions"
            ),
        ),
        migrations.AddConstraint(
            model_name="warrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("issued_at"))), name="warrant_has_a_length"
            ),
        ),
        migrations.AddConstraint(
            model_name="warrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__lte", models.F("quota"))), name="warrant_within_its_quota"
            ),
        ),
        migrations.AddIndex(
            model_name="collision",
            index=models.Index(fields=["matter"], name="collision_matter"),
        ),
        migrations.AddIndex(
            model_name="collision",
            index=models.Index(fields=["agency", "-occurred_at"], name="collision_agency"),
        ),
        migrations.AddIndex(
            model_name="collision",
            index=models.Index(
                condition=models.Q(("letter__isnull", False)), fields=["letter"], name="collision_letter"
            ),
        ),
        migrations.AddIndex(
            model_name="collision",
            index=models.Index(fields=["warrant"], name="collision_warrant"),
        ),
        migrations.CreateModel(
            name="WarrantSubject",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "warrant_id",
                        "party_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                (
                    "warrant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.warrant",
                    ),
                ),
            ],
            options={
                "db_table": "warrant_subject",
            },
        ),
        run("registries"),
    ]
