"""Acts on matters and the clocks that run on records."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0004_drawing_migrations")]
    operations: list = []
