from django.db import migrations

# Relations that ended before an end settled what had passed. Nothing ahead was left open by it, so nobody needs a mail.
SETTLE = """
UPDATE mentors_checkin c SET state = CASE WHEN c.state = 'planned' THEN 'unsaid' ELSE 'cancelled' END
FROM sharing_mentorship m WHERE m.id = c.mentorship_id AND m.status = 'ended' AND c.state IN ('proposed', 'planned');
DELETE FROM mentors_proposedtime t USING mentors_checkin c
WHERE c.id = t.check_in_id AND c.state IN ('unsaid', 'cancelled');
"""
OPEN_AGAIN = "UPDATE mentors_checkin SET state = 'planned' WHERE state = 'unsaid'"


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0020_check_ins_left_unsaid"),
    ]

    operations = [migrations.RunSQL(SETTLE, OPEN_AGAIN)]
