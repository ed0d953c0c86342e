from django.db import migrations

import journal.questions.asked

BATCH = 5_000

# Each question becomes an object with its words, and back. One's own words are in no period, so going back drops those.
TO_OBJECTS = """
    UPDATE journal_period SET questions = (
        SELECT coalesce(jsonb_agg(
            CASE jsonb_typeof(one) WHEN 'string' THEN jsonb_build_object('text', one) ELSE one END ORDER BY place), '[]')
        FROM jsonb_array_elements(questions) WITH ORDINALITY AS each(one, place))
    WHERE id > %s AND id <= %s"""
TO_WORDS = """
    UPDATE journal_period SET questions = (
        SELECT coalesce(jsonb_agg(one->'text' ORDER BY place) FILTER (WHERE one ? 'text'), '[]')
        FROM jsonb_array_elements(questions) WITH ORDINALITY AS each(one, place))
    WHERE id > %s AND id <= %s"""


def _in_batches(statement):
    def run(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM journal_period")
            newest = cursor.fetchone()[0]
            for start in range(0, newest, BATCH):
                cursor.execute(statement, [start, start + BATCH])

    return run


class Migration(migrations.Migration):
    dependencies = [("journal", "0008_focus_of_months")]

    operations = [
        migrations.AlterField("period", "questions", journal.questions.asked.AskedField(default=list)),
        migrations.RunPython(_in_batches(TO_OBJECTS), _in_batches(TO_WORDS)),
    ]
