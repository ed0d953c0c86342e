from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_erasure")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="second_factor_reset_asked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user", name="session_epoch", field=models.PositiveIntegerField(default=0, editable=False)
        ),
    ]
