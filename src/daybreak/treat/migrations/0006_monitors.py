"""Monitors behind the gateway: known by the place they name, and by the codes they speak."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treat", "0005_chairs")]

    operations = [
        migrations.AddField("device", "location", models.CharField(blank=True, default="", max_length=100), False),
        migrations.AddField("device", "model", models.CharField(blank=True, default="", max_length=60), False),
        migrations.AddField("device", "ended", models.BooleanField(default=False)),
        migrations.AlterField("device", "chair", models.CharField(blank=True, max_length=30)),
        migrations.AlterField("device", "token_hash", models.BinaryField(default=b"")),
    ]
