"""The goodbye after a long silence."""

from datetime import datetime

from accounts.models import User
from mail.models import Message
from mail.registry import Content, kind
from reminders.emails.asking import Contents, away
from reminders.models import Schedule

WHY = "You get this because the reflection is on for your account."


@kind("weekly_farewell", words="The last reflection for now", preference="weekly", batch=True)
def weekly_farewell(messages: list[Message], *, now: datetime) -> Contents:
    """Say that no more mails come until somebody writes again, unless they just did, or a break began."""
    people = {message.user.pk: message.user for message in messages if message.user}
    leave = away(people, now=now) if people else set()
    back = _back(people)
    return {
        message.pk: Content("reminders/emails/weekly_farewell", _words(message.user, _kind_of(message)), WHY)
        if message.user and message.user_id not in leave and (message.user_id, _kind_of(message)) not in back
        else None
        for message in messages
    }


def _words(user: User, often: str) -> dict[str, str]:
    return {"name": user.given_name if user.name else "", "often": often}


def _kind_of(message: Message) -> str:
    return "monthly" if "month" in message.ids else "weekly"


def _back(people: dict[int, User]) -> set[tuple[int | None, str]]:
    """Return who wrote, or set their hour anew, since the turn that said goodbye to them, and of which kind it was."""
    schedules = Schedule.objects.filter(user__in=people).with_person()
    return {(row.user_id, row.kind) for row in schedules if row.has_written or not row.unanswered}  # type: ignore[attr-defined]
