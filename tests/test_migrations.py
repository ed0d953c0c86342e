import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def own_migrations():
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    loader = MigrationLoader(connection=None)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in ours}


def test_migrations_have_names():
    assert not [name for _, name in own_migrations() if re.search(r"_auto_|_alter_.*_and_more", name)]


def test_data_migrations_have_a_way_back():
    stuck = [
        key
        for key, migration in own_migrations().items()
        for operation in migration.operations
        if isinstance(operation, (RunPython, RunSQL)) and not operation.reversible
    ]

    assert not stuck


@pytest.mark.django_db(transaction=True)
def test_migrations_run_backwards_and_forwards_again():
    """Our own tables can be unmade and made again; allauth's depend on ours, so they go first."""
    out = StringIO()
    try:
        call_command("migrate", "reminders", "zero", stdout=out)
        call_command("migrate", "mentors", "zero", stdout=out)
    finally:
        call_command("migrate", stdout=out)

    assert "sharing_mentorship" in connection.introspection.table_names()
