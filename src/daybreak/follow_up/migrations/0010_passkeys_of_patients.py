import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("follow_up", "0009_tasks_by_link"),
        ("people", "0007_site_lines"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnPasskey",
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
                ("patient_key", models.UUIDField()),
                ("page_key", models.UUIDField()),
                ("credential", models.BinaryField()),
                ("chosen_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignObject(
                        from_fields=["site", "page_key"],
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="follow_up.ownpage",
                        to_fields=["site", "key"],
                    ),
                ),
                (
                    "patient",
                    models.ForeignObject(
                        from_fields=["site", "patient_key"],
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.patient",
                        to_fields=["site", "key"],
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("site", "page_key"), name="follow_up_own_passkey_once")
                ],
            },
        ),
    ]
