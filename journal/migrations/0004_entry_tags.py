from django.db import migrations, models

import journal.fields


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_moods_and_focus")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="tags",
            field=journal.fields.TagsField(blank=True, db_default=models.Value(""), default=list),
        )
    ]
