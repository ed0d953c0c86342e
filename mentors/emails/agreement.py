"""The mails about an agreement. They name what changes, never its words: those stand on the page."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.differences import differences, headings
from mentors.emails.texts import hides_text
from mentors.models import Agreement
from sharing.models import Mentorship

WHY = "You get this because the two of you work together here."


@kind("agreement_proposed", preference="mentoring")
def agreement_proposed(message: Message, *, now: datetime) -> Content | None:
    """Tell the other side that a version waits for their yes; nothing once it was answered, taken back or ended."""
    version = _version(message)
    if version is None or not version.is_open or version.author is None or version.author_id == message.user_id:
        return None
    base = version.base
    changes = headings(differences(base, version, goals=_goals(base, version, message))) if base else []
    return Content(
        template="mentors/emails/agreement_proposed",
        context={
            "version": version,
            "author": version.author,
            "changes": [f"{name[:1].lower()}{name[1:]}" if number else name for number, name in enumerate(changes)],
            "reason": "" if hides_text(message) else version.reason,
            "has_reason": bool(version.reason),
            "path": version.get_absolute_url(),
        },
        why=WHY,
    )


@kind("agreement_answered", preference="mentoring")
def agreement_answered(message: Message, *, now: datetime) -> Content | None:
    """Tell who proposed a version that it holds, or that things stay as they are."""
    version = _version(message)
    if version is None or version.author_id != message.user_id or message.user is None:
        return None
    other = version.mentorship.other(message.user)
    if other is None or version.state not in {Agreement.State.AGREED, Agreement.State.DECLINED}:
        return None
    return Content(
        template="mentors/emails/agreement_answered",
        context={
            "version": version,
            "other": other,
            "agreed": version.state == Agreement.State.AGREED,
            "note": "" if hides_text(message) else version.decline_note,
            "has_note": bool(version.decline_note),
            "path": version.get_absolute_url(),
        },
        why=WHY,
    )


def _version(message: Message) -> Agreement | None:
    """Return the version a mail is about, as long as its relation is active and its recipient is one of the two."""
    if message.user is None:
        return None
    rows = Agreement.objects.visible_to(message.user).filter(mentorship__in=Mentorship.objects.active()).with_people()
    return rows.filter(pk=message.ids["agreement"]).first()


def _goals(base: Agreement, version: Agreement, message: Message) -> tuple[list, list]:
    assert message.user is not None  # noqa: S101 - `_version` gives none for a mail to nobody
    return list(base.goals.visible_to(message.user)), list(version.goals.visible_to(message.user))
