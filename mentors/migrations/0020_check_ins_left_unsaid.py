from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0019_agreement_drafts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="checkin",
            name="mentors_checkin_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="checkin",
            name="mentors_checkin_agreed_has_a_time",
        ),
        migrations.AlterField(
            model_name="checkin",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("planned", "Planned"),
                    ("held", "Held"),
                    ("missed", "Did not take place"),
                    ("cancelled", "Cancelled"),
                    ("unsaid", "Nobody said how it was"),
                ],
                default="proposed",
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "planned", "held", "missed", "cancelled", "unsaid"])),
                name="mentors_checkin_state_known",
                violation_error_message="A check-in is proposed, planned, held, missed, cancelled or left unsaid.",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("starts_at", None), ("state", "proposed")),
                    ("state", "cancelled"),
                    models.Q(("starts_at__isnull", False), ("state__in", ["planned", "held", "missed", "unsaid"])),
                    _connector="OR",
                ),
                name="mentors_checkin_agreed_has_a_time",
                violation_error_message="An agreed check-in has a time, a proposed one has none yet.",
            ),
        ),
    ]
