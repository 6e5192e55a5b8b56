"""Each new alarm is told to whoever listens by its table, whichever process stored it."""

from django.db import migrations

TELL = """
CREATE FUNCTION treat_tell_alarms() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('daybreak_alarm', json_build_object(
        'site', site, 'session', session_key, 'alarm', key, 'number', number, 'priority', priority)::text)
    FROM new_rows ORDER BY number;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_alarms AFTER INSERT ON treat_alarm REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION treat_tell_alarms();
"""


class Migration(migrations.Migration):
    dependencies = [("treat", "0023_supervised_sessions")]

    operations = [migrations.RunSQL(TELL, "DROP FUNCTION treat_tell_alarms CASCADE")]
