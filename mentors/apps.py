from django.apps import AppConfig
from django.utils import timezone


class MentorsConfig(AppConfig):
    name = "mentors"

    def ready(self) -> None:
        """Let invited people sign up where sign-up is closed, tell the others when somebody leaves, follow who moves."""
        from accounts.deletion import on_deletion_asked, on_erasure
        from accounts.signup import register_invited_check
        from accounts.zones import on_zone_changed
        from mentors.services import (
            forget_drafts_to,
            forget_invitations,
            forget_look_backs,
            forget_own_notes,
            is_invited,
            leave,
            reckon_hours,
        )

        def invited_now(email: str) -> bool:
            return is_invited(email, now=timezone.now())

        register_invited_check(invited_now)
        on_deletion_asked(leave)
        on_erasure(forget_invitations)
        on_erasure(forget_drafts_to)
        on_erasure(forget_own_notes)
        on_erasure(forget_look_backs)
        on_zone_changed(reckon_hours)
