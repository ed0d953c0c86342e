from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wins", "0002_comments"),
    ]

    operations = [
        migrations.AddField(
            model_name="wincomment",
            name="kept_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
