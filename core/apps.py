from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import forms, timestamps

        timestamps.install()
        forms.use_plain_words()
