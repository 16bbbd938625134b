"""Imports of matters from a file, row by row."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"
KEPT = {"db_index": False, "on_delete": django.db.models.deletion.PROTECT}


def _refers(to: str, *, backwards: bool = False, **more: object) -> models.ForeignKey:
    return models.ForeignKey(
        to=f"records.{to}", **({} if backwards else {"related_name": "+"}), **KEPT, **more
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0011_sales")]
    operations = [
        migrations.CreateModel(
            name="ImportRun",
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
                ("scene", models.TextField()),
                ("file", models.TextField()),
                ("digest", models.TextField()),
                ("heads", models.JSONField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("checking", "Checking"),
                            ("checked", "Checked"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="checking",
                    ),
                ),
                ("total", models.IntegerField()),
                ("good", models.IntegerField(default=0)),
                ("bad", models.IntegerField(default=0)),
                ("taken", models.IntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("agency", _refers("agency")),
                ("officer", _refers("officer", null=True)),
                ("post", _refers("post")),
            ],
            options={
                "db_table": "import_run",
                "indexes": [models.Index(fields=["agency", "-started_at"], name="import_run_agency")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bad__gte", 0),
                            ("good__gte", 0),
                            ("taken__gte", 0),
                            (
                                "total__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("good"), "+", models.F("bad")
                                    ),
                                    "+",
                                    models.F("taken"),
                                ),
                            ),
                        ),
                        name="import_run_adds_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "waiting"),
                            ("good", "good"),
                            ("bad", "bad"),
                            ("taken", "taken"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                    ),
                ),
                ("matter_number", models.TextField(blank=True, default="")),
                ("row", models.UUIDField(default=lianban.records.identity.new_id)),
                ("sealed", models.BinaryField(null=True)),
                ("errors", models.JSONField(default=list)),
                ("agency", _refers("agency")),
                ("data_key", _refers("datakey", backwards=True, null=True)),
                ("matter", _refers("matter", backwards=True, null=True)),
                ("run", _refers("importrun", backwards=True)),
            ],
            options={
                "db_table": "import_row",
                "indexes": [
                    models.Index(fields=["run", "state", "number"], name="import_row_state"),
                    models.Index(fields=["run", "matter_number"], name="import_row_number"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken"), _negated=True),
                            models.Q(("matter__isnull", False), ("sealed__isnull", True)),
                            _connector="OR",
                        ),
                        name="import_row_taken_is_erased",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["number"], name="matter_number"),
        ),
        migrations.RunSQL((SQL / "imports.sql").read_text("utf-8")),
    ]
