from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0005_fill_cause")]

    operations = [
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause", ""), ("paused_at", None), ("paused_until", None))
                | (models.Q(("paused_at__isnull", False)) & ~models.Q(("cause", ""))),
                name="mail_suppression_paused_for_a_cause",
                violation_error_message="An address is paused exactly when there is a cause.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause", "resting"), ("paused_until__isnull", False))
                | (~models.Q(("cause", "resting")) & models.Q(("paused_until", None))),
                name="mail_suppression_only_rest_ends",
                violation_error_message="A pause ends by itself exactly when the address rests.",
            ),
        ),
    ]
