"""Orders to migrate open matters to another version of their drawing, and what their rows were before."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"
KEPT = {"db_index": False, "on_delete": django.db.models.deletion.PROTECT}


def _id() -> models.UUIDField:
    return models.UUIDField(
        default=lianban.records.identity.new_id, editable=False, primary_key=True, serialize=False
    )


def _refers(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(to=f"records.{to}", related_name="+", **KEPT, **more)


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / f"{name}.sql").read_text("utf-8"))


class Migration(migrations.Migration):
    dependencies = [("records", "0003_jobs")]
    operations = [
        migrations.CreateModel(
            name="DrawingMigration",
            fields=[
                ("id", _id()),
                ("scene", models.TextField()),
                ("map", models.JSONField(default=dict)),
                ("reason", models.TextField()),
                ("ordered_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("moved", models.IntegerField(default=0)),
                ("kept", models.IntegerField(default=0)),
                ("agency", _refers("agency")),
                ("from_drawing", _refers("drawing")),
                ("officer", _refers("officer")),
                ("post", _refers("post")),
                ("to_drawing", _refers("drawing")),
                ("undoes", models.ForeignKey(null=True, to="records.drawingmigration", **KEPT)),
            ],
            options={
                "db_table": "drawing_migration",
                "indexes": [models.Index(fields=["scene", "-ordered_at"], name="drawing_migration_scene")],
            },
        ),
        migrations.CreateModel(
            name="MigratedMatter",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "migration_id",
                        "matter_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("before", models.JSONField()),
                ("last_event", models.PositiveIntegerField()),
                ("digest", models.TextField()),
                ("migrated_at", models.DateTimeField()),
                ("rolled_back_at", models.DateTimeField(null=True)),
                ("matter", models.ForeignKey(to="records.matter", **KEPT)),
                ("migration", models.ForeignKey(to="records.drawingmigration", **KEPT)),
            ],
            options={"db_table": "migrated_matter"},
        ),
        run("migrating"),
    ]
