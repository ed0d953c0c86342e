"""The mails about an agreement. They name what changes, never its words: those stand on the page."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.differences import differences, headings
from mentors.emails.texts import hides_text
from mentors.models import Agreement
from mentors.services.looking import rests
from sharing.models import Mentorship

WHY = "You get this because the two of you work together here."


@kind("agreement_proposed", words="An agreement to look at", preference="mentoring")
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


@kind("agreement_answered", words="An answer to your agreement", preference="mentoring")
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


@kind("agreement_review", words="Is it a good fit?", preference="mentoring")
def agreement_review(message: Message, *, now: datetime) -> Content | None:
    """Ask one of the two, on the day they agreed on, whether it is a good fit; None once they said so, or rest."""
    version = _held(message, now)
    if version is None or message.user is None or version.reviews.said_by(message.user).exists():
        return None
    return _looking("agreement_review", version, message)


@kind("agreement_ending", words="Your agreed time ends soon", preference="mentoring")
def agreement_ending(message: Message, *, now: datetime) -> Content | None:
    """Tell one of the two, two weeks before, that their time ends, and offer to extend it or to part."""
    version = _held(message, now)
    return None if version is None else _looking("agreement_ending", version, message)


def _held(message: Message, now: datetime) -> Agreement | None:
    """Return the version if it still holds and nobody rests now."""
    version = _version(message)
    if version is None or message.user is None or version.state != Agreement.State.AGREED:
        return None
    return None if rests(version, message.user.today(now)) else version


def _looking(template: str, version: Agreement, message: Message) -> Content | None:
    assert message.user is not None  # noqa: S101 - `_held` gives none for a mail to nobody
    other = version.mentorship.other(message.user)
    if other is None:
        return None
    return Content(
        template=f"mentors/emails/{template}",
        context={
            "version": version,
            "other": other,
            "is_reader": version.mentorship.mentor_id == message.user.pk,
            "waits": Agreement.objects.of_relation(version.mentorship).proposed().exists(),
            "path": f"{version.get_absolute_url()}review/",
            "end_path": f"{version.mentorship.get_absolute_url()}end/",
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
