from importlib.resources import files

import django.db.models.deletion
from django.db import migrations, models

SQL = files("daybreak.register") / "sql"


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ReleaseRequest",
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
                ("recipient", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=1000)),
                ("snapshot", models.CharField(max_length=20)),
                ("profile", models.CharField(max_length=20)),
                ("profile_version", models.IntegerField()),
                ("profile_fingerprint", models.CharField(max_length=64)),
                ("tables", models.JSONField()),
                ("agreement", models.CharField(blank=True, max_length=200)),
                ("determination", models.CharField(blank=True, max_length=200)),
                ("expires_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True) & models.Q(("recipient", ""), _negated=True),
                        name="register_request_says_whom_and_what_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("profile", "limited"), _negated=True)
                        | models.Q(("agreement", ""), _negated=True),
                        name="register_request_limited_under_an_agreement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("profile", "expert"), _negated=True)
                        | models.Q(("determination", ""), _negated=True),
                        name="register_request_expert_determined",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseReview",
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
                ("request_key", models.UUIDField()),
                ("answer", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("reviewed_at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignObject(
                        from_fields=["site", "request_key"],
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="register.releaserequest",
                        to_fields=["site", "key"],
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ("approve", "refuse", "withdraw", "take_back"))),
                        name="register_review_answer_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ("approve", "take_back")))
                        | models.Q(("reason", ""), _negated=True),
                        name="register_review_no_has_a_reason",
                    ),
                    models.UniqueConstraint(
                        fields=("site", "request_key", "recorded_by", "answer"),
                        name="register_review_once_each",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOut",
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
                ("request_key", models.UUIDField()),
                ("manifest", models.JSONField()),
                ("manifest_sha256", models.CharField(max_length=64)),
                ("rows", models.BigIntegerField()),
                ("handed_at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignObject(
                        from_fields=["site", "request_key"],
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="register.releaserequest",
                        to_fields=["site", "key"],
                    ),
                ),
            ],
        ),
        migrations.RunSQL((SQL / "releases.sql").read_text(), (SQL / "releases_undone.sql").read_text()),
    ]
