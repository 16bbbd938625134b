"""Acts on matters and the clocks that run on records."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0004_drawing_migrations")]
    operations = [
        migrations.CreateModel(
            name="Clock",
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
                ("about_kind", models.TextField()),
                ("about", models.UUIDField()),
                ("code", models.TextField()),
                ("verb", models.TextField(blank=True, default="")),
                ("from_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("provisional", models.BooleanField(default=False)),
                ("unverified", models.BooleanField(default=False)),
                (
                    "warn_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("running", "Running"),
                            ("met", "Met"),
                            ("expired", "Expired"),
                            ("stopped", "Stopped"),
                        ],
                        default="running",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "clock",
            },
        ),
        migrations.AddField(
            model_name="task",
            name="about",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("about__isnull", False)), fields=["about"], name="task_about"
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="lead_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="matter",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.matter"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="clock_next"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["matter"], name="clock_matter"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["about"], name="clock_about"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("state", "running")),
                fields=["lead_agency", "due_at"],
                name="clock_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "running")),
                    models.Q(
                        models.Q(("state", "running"), _negated=True),
                        ("closed_at__isnull", False),
                        ("next_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="clock_closed_has_a_date",
            ),
        ),
        migrations.RunSQL((SQL / "clocks.sql").read_text("utf-8")),
    ]
