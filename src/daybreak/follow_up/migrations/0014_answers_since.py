from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("follow_up", "0013_reads_by_invitation"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="answered",
            index=models.Index(fields=["site", "answered_at"], name="follow_up_answered_since"),
        ),
    ]
