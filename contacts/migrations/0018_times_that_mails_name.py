from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0017_rows_about_somebody_of_the_file"),
    ]

    operations = [
        migrations.AddField(
            model_name="interviewmail",
            name="starts_at",
            field=models.DateTimeField(null=True),
        ),
    ]
