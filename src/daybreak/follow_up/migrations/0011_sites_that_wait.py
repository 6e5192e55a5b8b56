from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("follow_up", "0010_passkeys_of_patients"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="taskstep",
            index=models.Index(fields=["site", "task_key"], name="follow_up_task_steps_of"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["until"], name="follow_up_messages_until"),
        ),
        migrations.RunSQL(
            (SQL / "sites_that_wait.sql").read_text(),
            "DROP FUNCTION follow_up_sites_that_wait(timestamptz, timestamptz)",
        ),
    ]
