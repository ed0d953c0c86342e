from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0013_what_follows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ownquestion",
            name="journal_ownquestion_known_tags",
        ),
        migrations.AddConstraint(
            model_name="ownquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "fits__contained_by",
                        [
                            "first_week",
                            "after_break",
                            "low_mood",
                            "late",
                            "win",
                            "milestone",
                            "new_mentor",
                            "comment",
                            "interview",
                            "event",
                            "due",
                            "no_contact",
                            "out_of_touch",
                            "month_end",
                            "talk",
                            "progress",
                            "quiet",
                        ],
                    )
                ),
                name="journal_ownquestion_known_tags",
                violation_error_message="Choose from the list when the question fits.",
            ),
        ),
    ]
