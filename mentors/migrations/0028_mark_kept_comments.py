from django.db import migrations

# Comments that were kept as advice before they said so themselves: few, each by a person's own hand.
MARK = """
UPDATE goals_goalcomment c SET kept_at = a.created_at FROM mentors_advice a WHERE a.comment_id = c.id;
UPDATE journal_entrycomment c SET kept_at = a.created_at FROM mentors_advice a WHERE a.entry_comment_id = c.id;
UPDATE wins_wincomment c SET kept_at = a.created_at FROM mentors_advice a WHERE a.win_comment_id = c.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0012_kept_comments"),
        ("journal", "0015_kept_comments"),
        ("mentors", "0027_search_by_changes"),
        ("wins", "0003_kept_comments"),
    ]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
