import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("follow_up", "0008_pressed_by_mistake"),
        ("people", "0007_site_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="answered",
            name="answer_set_key",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="taskrun",
            name="invitation_key",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="taskrun",
            name="invitation",
            field=models.ForeignObject(
                default=None,
                from_fields=["site", "invitation_key"],
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="follow_up.invitation",
                to_fields=["site", "key"],
            ),
            preserve_default=False,
        ),
    ]
