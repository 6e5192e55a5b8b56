import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_membership_waits"),
        ("treat", "0009_session_quality"),
    ]

    operations = [
        migrations.CreateModel(
            name="TeamMember",
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
                ("session_key", models.UUIDField()),
                ("account_key", models.UUIDField()),
                ("role", models.CharField(max_length=30)),
                ("present", models.BooleanField()),
                ("noted_at", models.DateTimeField()),
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
                (
                    "session",
                    models.ForeignObject(
                        from_fields=["site", "session_key"],
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="treat.session",
                        to_fields=["site", "key"],
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["site", "session_key"], name="treat_team_of_session"),
                    models.Index(fields=["site", "account_key", "role"], name="treat_team_sessions_of"),
                ],
            },
        ),
    ]
