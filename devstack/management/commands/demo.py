from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from devstack.demo import gather_cast
from devstack.people import PASSWORD, PEOPLE


class Command(BaseCommand):
    """Loads the demo people and their lives; a second run adds only what is missing."""

    help = "Load the demo people and what they have done, with dates around today. Development only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The demo people have a known password: this server is not for development.")
        now = timezone.now()
        with transaction.atomic():
            cast = gather_cast(now=now)
            # In the order of INSTALLED_APPS, lowest floor first: what is shared exists before it is talked about.
            for app in apps.get_app_configs():
                if app.name != "devstack" and app.module and module_has_submodule(app.module, "demo"):
                    import_module(f"{app.name}.demo").fill(cast, cast.amara.today(now))
        if options["verbosity"] > 0:
            self.stdout.write(f"Everyone's password is {PASSWORD}")
            for person in PEOPLE:
                self.stdout.write(f"  {person.email:20} {person.name}, {person.who}")
