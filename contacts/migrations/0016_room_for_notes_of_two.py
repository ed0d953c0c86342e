from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0015_fill_countries_of_numbers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="notes",
            field=models.TextField(blank=True, max_length=100000, verbose_name="private notes"),
        ),
    ]
