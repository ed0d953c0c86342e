import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mail import tokens
from mail.inbound import NotForUsError, receive
from mail.replies import MAX_BYTES

# What a mail server makes of an exit code (sysexits.h): it bounces the mail for the first two and tries the last again.
EX_DATAERR, EX_NOUSER, EX_TEMPFAIL = 65, 67, 75


class Command(BaseCommand):
    """Take one mail from standard input, as a mail server on this machine hands it over (docs/mail-in.md)."""

    help = __doc__ or ""
    requires_system_checks = []  # it runs once for every mail

    def add_arguments(self, parser: CommandParser) -> None:
        """Read what the mail server knows of the envelope."""
        parser.add_argument("--sender", help="who the envelope says it is from; empty for a bounce")
        parser.add_argument("--recipient", default="", help="the address it came to")

    def handle(self, *args: Any, sender: str | None, recipient: str, **options: Any) -> None:
        """Store the mail; exits with a code of sysexits.h, and prints nothing of what the mail says."""
        if not tokens.is_configured():
            raise CommandError("REPLY_DOMAIN is not set.", returncode=EX_TEMPFAIL)
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise CommandError("The mail is larger than 5 MB.", returncode=EX_DATAERR)
        if not raw.strip():
            raise CommandError("The mail is empty.", returncode=EX_DATAERR)
        try:
            receive(raw, via="command", sender=sender, recipient=recipient, at=timezone.now())
        except NotForUsError:
            raise CommandError("This is no reply address of this server.", returncode=EX_NOUSER) from None
        except Exception as error:
            # Whatever is wrong here is wrong with us and not with the mail: it must come again.
            raise CommandError(f"Not stored: {type(error).__name__}.", returncode=EX_TEMPFAIL) from None
