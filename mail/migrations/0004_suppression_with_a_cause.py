from django.db import migrations, models


class Migration(migrations.Migration):
    """Why an address is paused and for how long, and what mails put off are worth against it."""

    dependencies = [("mail", "0003_inbound")]

    operations = [
        migrations.AddField(
            model_name="suppression",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("refused", "The mail server refused two mails in a row"),
                    ("bounced", "A mail came back for good"),
                    ("resting", "Mails keep being put off"),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="suppression", name="paused_until", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(model_name="suppression", name="points", field=models.FloatField(db_default=0, default=0)),
        migrations.AddField(
            model_name="suppression", name="points_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="suppression", name="mended_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
