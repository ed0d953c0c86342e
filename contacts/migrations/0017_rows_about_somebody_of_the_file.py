from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0016_room_for_notes_of_two"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importrow",
            name="finding",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("change", "Changes"),
                    ("again", "Again in the file"),
                    ("same", "The same"),
                    ("look", "To look at"),
                    ("bad", "Cannot be read"),
                ],
                max_length=6,
            ),
        ),
    ]
