from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User


class Command(BaseCommand):
    """Brings a development database up to date; `make run` calls it on every start."""

    help = "Migrate, and load the demo people into a database that has nobody in it."

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            self.stdout.write(f"waymark: bringing the database up to date ({len(waiting)} migrations) ...")
            call_command("migrate", verbosity=0)
        if not User.objects.exists():
            self.stdout.write("waymark: loading the demo people ...")
            call_command("demo", verbosity=0)
