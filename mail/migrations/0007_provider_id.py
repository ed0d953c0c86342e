from django.db import migrations, models


class Migration(migrations.Migration):
    """What a mail provider calls a mail, by which its events find it."""

    dependencies = [("mail", "0006_pause_has_a_cause")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="provider_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=~models.Q(("provider_id", "")), fields=["provider_id"], name="mail_message_provider"
            ),
        ),
    ]
