from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MailConfig(AppConfig):
    name = "mail"

    def ready(self) -> None:
        """Let every app register its mails."""
        autodiscover_modules("emails")
