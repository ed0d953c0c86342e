from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0009_delivery_events"),
    ]

    operations = [
        migrations.AlterField(
            model_name="preference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("weekly", "Reflections"),
                    ("comments", "New comments"),
                    ("dates", "Dates coming up"),
                    ("mentoring", "Mentoring"),
                    ("feedback", "Feedback"),
                ],
                max_length=10,
            ),
        ),
    ]
