from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0014_questions_about_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="entrycomment",
            name="kept_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
