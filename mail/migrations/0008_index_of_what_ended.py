from django.db import migrations, models


class Migration(migrations.Migration):
    """Housekeeping and the operator's page ask for mails by the day they came to an end."""

    dependencies = [("mail", "0007_provider_id")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)), fields=["finished_at"], name="mail_message_done"
            ),
        ),
    ]
