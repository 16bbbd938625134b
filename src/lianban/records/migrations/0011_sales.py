"""Valuation and sale of assets."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0010_registries")]
    operations: list = []
