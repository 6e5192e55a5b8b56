from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0006_questions_about_values"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcesample",
            name="kind",
            field=models.CharField(default="session", max_length=10),
        ),
        migrations.AddField(
            model_name="sourceitem",
            name="score_key",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="sourceitem",
            name="session_key",
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name="sourcesample",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("session", "score"))), name="register_sample_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("score_key__isnull", True), ("session_key__isnull", False)),
                    models.Q(("score_key__isnull", False), ("session_key__isnull", True)),
                    _connector="OR",
                ),
                name="register_sample_item_is_one_thing",
            ),
        ),
    ]
