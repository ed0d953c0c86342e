from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "sharing"

    def ready(self) -> None:
        """End a person's relations with the moment they close their account."""
        from accounts.deletion import on_deletion_asked
        from sharing.services import end_all_mentorships

        on_deletion_asked(end_all_mentorships)
