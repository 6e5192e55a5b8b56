"""What a person said of a thing in the tray."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_epoch")]

    operations = [
        migrations.CreateModel(
            name="TraySettled",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("site", models.CharField(max_length=20)),
                ("key", models.UUIDField()),
                ("corrects", models.UUIDField(null=True)),
                ("content_hash", models.BinaryField()),
                ("batch", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("item_key", models.UUIDField()),
                ("outcome", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=30)),
                ("settled_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignObject(
                        from_fields=["site", "item_key"],
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.trayitem",
                        to_fields=["site", "key"],
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["site", "item_key"], name="ledger_tray_settled_once"),
                ],
            },
        ),
    ]
