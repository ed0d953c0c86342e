from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import recovery
from accounts.models import User


class Command(BaseCommand):
    """Remove the second factor of a person who lost it and the recovery codes, a day after telling them by mail."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address the person signs in with")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Ask the first time; a day later, or by the nightly housekeeping, it takes effect."""
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        now = timezone.now()
        asked_at = user.second_factor_reset_asked_at
        if not Authenticator.objects.filter(user=user).exists():
            raise CommandError("This account has no second factor.")
        if asked_at is None:
            recovery.ask_reset(user=user, at=now)
            self.stdout.write(
                "They have been told. Unless they sign in or say no, the second factor goes in 24 hours: with the "
                "nightly housekeeping, or when you run this command again."
            )
        elif now - asked_at < recovery.WAIT:
            self.stdout.write(f"Asked for at {asked_at:%Y-%m-%d %H:%M} UTC; it takes effect 24 hours after that.")
        else:
            recovery.reset(user=user)
            self.stdout.write("The second factor is removed, and the person is signed out everywhere.")
