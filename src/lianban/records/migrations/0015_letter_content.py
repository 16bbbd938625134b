"""What letters say, in a table of its own, once for all letters of a fan-out."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"
KEPT = {"db_index": False, "on_delete": django.db.models.deletion.PROTECT}


def _says(**more: object) -> models.ForeignKey:
    return models.ForeignKey(to="records.lettercontent", **KEPT, **more)


class Migration(migrations.Migration):
    dependencies = [("records", "0014_ledger_tiles")]
    operations = [
        migrations.CreateModel(
            name="LetterContent",
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
                ("matter", models.ForeignKey(to="records.matter", **KEPT)),
                ("sender", models.ForeignKey(to="records.agency", related_name="+", **KEPT)),
                ("data", models.JSONField()),
            ],
            options={
                "db_table": "letter_content",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["id", "matter", "sender"], name="letter_content_of_its_matter"
                    )
                ],
            },
        ),
        migrations.RenameField("letter", "content", "said"),
        migrations.AddField("letter", "content", _says(db_constraint=False, null=True)),
        migrations.AddField("lettersubject", "content", _says(null=True)),
        migrations.RunSQL((SQL / "letter_content_moved.sql").read_text("utf-8")),
        # They name columns that go.
        migrations.RunSQL(
            "DROP POLICY of_its_letter ON letter_subject; DROP POLICY sender_names ON letter_subject;"
            " DROP POLICY lead_or_asked ON party"
        ),
        migrations.RemoveConstraint("lettersubject", "letter_subject_once"),
        migrations.RemoveField("lettersubject", "letter"),
        migrations.RemoveField("letter", "said"),
        migrations.AlterField("letter", "content", _says(db_constraint=False)),
        migrations.AlterField("lettersubject", "content", _says()),
        migrations.AddConstraint(
            "lettersubject",
            models.UniqueConstraint(fields=["content", "party"], name="letter_subject_once"),
        ),
        migrations.RunSQL((SQL / "letter_content.sql").read_text("utf-8")),
        # Beside it: the heap of tasks on hold is found without reading the others, and what the health page says of a worker that is behind.
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["agency", "held_until"],
                name="task_held",
                condition=models.Q(("held_until__isnull", False), ("state", "open")),
            ),
        ),
        migrations.RunSQL((SQL / "health.sql").read_text("utf-8")),
    ]
