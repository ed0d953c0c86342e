from django.db import migrations, models

# The how-manieth change of any offer the last one of this offer was. A number, because of numbers a stretch can be named
# that holds no more than so many offers, however many were changed on one day. Old offers get theirs in the next
# migration, below those that are given out from now on; nobody else sets it.
COUNTED = """
CREATE SEQUENCE mentors_changes OWNED BY mentors_profile.changed;
SELECT setval('mentors_changes', (SELECT count(*) FROM mentors_profile) + 1, false);
ALTER TABLE mentors_profile ALTER COLUMN changed SET DEFAULT nextval('mentors_changes');

CREATE FUNCTION mentors_profile_counts_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.updated_at IS DISTINCT FROM OLD.updated_at THEN
        NEW.changed := nextval('mentors_changes');
    ELSE
        NEW.changed := coalesce(OLD.changed, NEW.changed);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mentors_profile_counts_changes BEFORE UPDATE ON mentors_profile
FOR EACH ROW WHEN ((OLD.updated_at, OLD.changed) IS DISTINCT FROM (NEW.updated_at, NEW.changed))
EXECUTE FUNCTION mentors_profile_counts_changes();
"""
NOT_COUNTED = """
DROP TRIGGER mentors_profile_counts_changes ON mentors_profile;
DROP FUNCTION mentors_profile_counts_changes;
ALTER TABLE mentors_profile ALTER COLUMN changed DROP DEFAULT;
DROP SEQUENCE mentors_changes;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0024_advice_beside_entries_and_wins"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="changed",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
    ]
