"""Context, history, policies: what Django has no words for. The SQL stands in ``records/sql``."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def run(*names: str) -> list[migrations.RunSQL]:
    return [migrations.RunSQL((SQL / f"{name}.sql").read_text("utf-8")) for name in names]


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = run("context", "history", "policies")
