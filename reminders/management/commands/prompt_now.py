from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from mail.letters import compose
from mail.models import Message
from mail.registry import find
from mail.services import wants
from reminders.services import queue_sample


class Command(BaseCommand):
    """Queues this week's mail to one person now, without waiting for their hour and without taking its place."""

    help = "Send this week's reflection mail to one person now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address somebody signs in with")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        now = timezone.now()
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody here signs in with {email}.")
        if not User.objects.mailable().filter(pk=user.pk).exists():
            raise CommandError(f"{email} is not confirmed, or the account is closed: it gets no mail.")
        if not wants(user=user, kind="weekly"):
            raise CommandError(f"{email} turned the weekly mail off. It can be turned on under /settings/.")
        queued = queue_sample(user, now=now)
        if queued is None:
            raise CommandError("The mail could not be queued. Try again.")
        message = Message.objects.with_recipient().get(pk=queued.pk)
        content = find(message.kind).contents([message], now=now)[message.pk]
        if content is not None:
            self.stdout.write(f"Subject: {compose(message, content, now=now).subject}")
        where = f"read it at {settings.BASE_URL}/dev/mail/" if settings.DEVELOPMENT else "it leaves within a minute"
        self.stdout.write(f"Queued for {user.email}; {where}")
