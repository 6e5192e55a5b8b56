from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("follow_up", "0012_reads_by_patient"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="answered",
            index=models.Index(fields=["site", "invitation_key"], name="follow_up_answered_of"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["site", "closes_at"], name="follow_up_invitations_open"),
        ),
        migrations.AddIndex(
            model_name="messagestep",
            index=models.Index(fields=["site", "message_key"], name="follow_up_message_steps_of"),
        ),
    ]
