"""Every transaction that changes what readings are placed and judged by is noted by triggers."""

from django.db import migrations, models

NOTED = ("session", "sessionstep", "move", "course", "device", "assessment")
NOTE = """
CREATE FUNCTION treat_note_state_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_LEVEL = 'ROW' THEN
        INSERT INTO treat_statechange (site, xact)
        VALUES (NEW.site, pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO treat_statechange (site, xact)
        SELECT DISTINCT r.site, pg_current_xact_id()::text::bigint FROM new_rows r ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_state_change AFTER INSERT ON treat_reading
    FOR EACH ROW WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION treat_note_state_change();
"""
EACH = """
CREATE TRIGGER note_state_change AFTER INSERT ON treat_{} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION treat_note_state_change();
"""


class Migration(migrations.Migration):
    dependencies = [("treat", "0014_emergency_record")]

    operations = [
        migrations.CreateModel(
            name="StateChange",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site", "xact", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("site", models.CharField(max_length=20)),
                ("xact", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(NOTE + "".join(map(EACH.format, NOTED)), "DROP FUNCTION treat_note_state_change CASCADE"),
    ]
