"""Declared registries, warrants and collisions."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0009_collaboration")]
    operations: list = []
