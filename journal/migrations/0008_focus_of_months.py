from django.db import migrations, models
from django.db.models import Q

PERIOD = Q(key__regex=r"^[0-9]{4}-(W[0-5][0-9]|0[1-9]|1[0-2])$")


class Migration(migrations.Migration):
    """Let somebody mean to do something in a month, as they could in a week."""

    dependencies = [("journal", "0007_answers_by_mail")]

    operations = [
        migrations.RemoveConstraint(model_name="intention", name="journal_intention_key_is_a_week"),
        migrations.AlterField(
            model_name="intention",
            name="key",
            field=models.CharField(max_length=8, verbose_name="for the week or month"),
        ),
        migrations.AddConstraint(
            model_name="intention",
            constraint=models.CheckConstraint(
                name="journal_intention_key_is_a_period",
                condition=PERIOD,
                violation_error_message="A week is written like 2026-W47, a month like 2026-11.",
            ),
        ),
        # The rest of the refusals now name months as well; nothing changes in the database.
        migrations.AlterConstraint(
            model_name="period",
            name="journal_period_once_per_owner",
            constraint=models.UniqueConstraint(
                fields=("owner", "kind", "key"),
                name="journal_period_once_per_owner",
                violation_error_message="This week or month is in your journal already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="period",
            name="journal_period_known_state",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["open", "written", "skipped", "away", "missed"]),
                name="journal_period_known_state",
                violation_error_message="A week or month is open, written, skipped, away or left blank.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="entry",
            name="journal_entry_reflection_has_a_period",
            constraint=models.CheckConstraint(
                condition=Q(kind="reflection", period__isnull=False) | Q(kind__in=["note", "mood"], period=None),
                name="journal_entry_reflection_has_a_period",
                violation_error_message="A reflection belongs to a week or month, a note does not.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="entry",
            name="journal_entry_one_reflection_a_period",
            constraint=models.UniqueConstraint(
                condition=Q(deleted_at=None, period__isnull=False),
                fields=("period",),
                name="journal_entry_one_reflection_a_period",
                violation_error_message="This week or month has its reflection already.",
            ),
        ),
    ]
