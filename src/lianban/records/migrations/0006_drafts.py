"""Drawings and decision tables being edited, and what went live when."""

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


class Migration(migrations.Migration):
    dependencies = [("records", "0005_clocks")]
    operations = [
        # The same meaning drawn otherwise is a version of its own, too: where shapes stand is worth keeping.
        migrations.RemoveConstraint(model_name="drawing", name="drawing_hash"),
        migrations.AddIndex(
            model_name="drawing", index=models.Index(fields=["scene", "graph_hash"], name="drawing_meaning")
        ),
        migrations.CreateModel(
            name="SceneOwner",
            fields=[
                ("scene", models.TextField(primary_key=True, serialize=False)),
                ("agency_kind", models.TextField()),
            ],
            options={"db_table": "scene_owner"},
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", _id()),
                ("scene", models.TextField()),
                ("file", models.TextField()),
                ("number", models.PositiveIntegerField()),
                ("digest", models.TextField()),
                ("content", models.TextField(null=True)),
                ("in_folder", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                ("agency", _refers("agency", null=True)),
                ("drawing", _refers("drawing", null=True)),
                ("officer", _refers("officer", null=True)),
                ("post", _refers("post", null=True)),
            ],
            options={
                "db_table": "publication",
                "constraints": [
                    models.UniqueConstraint(fields=["scene", "file", "number"], name="publication_number"),
                    models.CheckConstraint(
                        condition=models.Q(drawing__isnull=True, content__isnull=False)
                        | models.Q(drawing__isnull=False, content__isnull=True),
                        name="publication_holds_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", _id()),
                ("scene", models.TextField()),
                ("file", models.TextField()),
                ("base", models.PositiveIntegerField()),
                ("content", models.TextField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("errors", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.TextField(
                        choices=[("open", "Open"), ("published", "Published"), ("discarded", "Discarded")],
                        default="open",
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("agency", _refers("agency")),
                ("officer", _refers("officer")),
                ("post", _refers("post")),
            ],
            options={
                "db_table": "draft",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=["scene", "file"], name="draft_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(state="open", closed_at__isnull=True)
                        | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                        name="draft_closed",
                    ),
                ],
            },
        ),
        migrations.RunSQL((SQL / "drafts.sql").read_text("utf-8")),
    ]
