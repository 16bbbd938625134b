"""The job queue's tables, in a schema of their own, for the worker alone. The SQL is procrastinate's."""

from importlib import resources

from django.db import migrations


def make(apps, schema_editor):
    schema = (resources.files("procrastinate") / "sql" / "schema.sql").read_text("utf-8")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA procrastinate")
        # The queue's SQL names its tables without a schema.
        cursor.execute("SET LOCAL search_path TO procrastinate")
        cursor.connection.execute(schema)
        cursor.execute("SET LOCAL search_path TO public")
        cursor.execute("GRANT USAGE ON SCHEMA procrastinate TO lianban_worker")
        cursor.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO lianban_worker"
        )
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA procrastinate TO lianban_worker")


class Migration(migrations.Migration):
    dependencies = [("records", "0002_security")]
    operations = [migrations.RunPython(make)]
