from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        """End a person's calendar feed at once when they ask to leave."""
        from accounts.deletion import on_deletion_asked
        from home.services import end_feed

        on_deletion_asked(end_feed)
