"""How well each session was watched, counted when the patient leaves."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("treat", "0008_routes")]

    operations = [
        migrations.CreateModel(
            name="SessionQuality",
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
                ("asked", models.IntegerField()),
                ("in_time", models.IntegerField()),
                ("late", models.IntegerField()),
                ("missed", models.IntegerField()),
                ("longest_gap_seconds", models.IntegerField()),
                ("crossed", models.IntegerField()),
                ("acted_on", models.IntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["site", "session_key"], name="treat_quality_of_session")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("asked", F("in_time") + F("late") + F("missed")), ("acted_on__lte", F("crossed"))),
                        name="treat_quality_adds_up",
                    ),
                ],
            },
        ),
    ]
