from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """Make the table of the cache in which sign-in limits are counted, so that `migrate` is all a server needs."""
    call_command("createcachetable", "cache_entries", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
