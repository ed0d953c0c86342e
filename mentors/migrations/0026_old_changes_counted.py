from django.db import migrations

BATCH = 5000
# Of those who have no number yet the newest get the highest of as many numbers, a batch at a time. An offer that is saved
# meanwhile gets one of its own, and a fill that was stopped goes on where it was.
FILL = """
WITH batch AS (
    SELECT id, updated_at FROM mentors_profile WHERE changed IS NULL
    ORDER BY updated_at DESC, id DESC LIMIT %s FOR NO KEY UPDATE
), counted AS (
    SELECT id, (SELECT count(*) FROM mentors_profile WHERE changed IS NULL)
        + 1 - row_number() OVER (ORDER BY updated_at DESC, id DESC) AS number
    FROM batch
)
UPDATE mentors_profile p SET changed = counted.number FROM counted WHERE counted.id = p.id
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [BATCH])
        while cursor.rowcount:
            cursor.execute(FILL, [BATCH])


class Migration(migrations.Migration):
    atomic = False  # each batch by itself

    dependencies = [
        ("mentors", "0025_changes_counted"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
