from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0011_contacts_of_goals"),
    ]

    operations = [
        migrations.AddField(
            model_name="goalcomment",
            name="kept_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
