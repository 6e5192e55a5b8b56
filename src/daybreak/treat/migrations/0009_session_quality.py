"""How well each session was watched, counted when the patient leaves."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("treat", "0008_routes")]

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
