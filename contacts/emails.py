"""The mails to people one knows: an invitation to talk, and that it is off. They hold what the owner saw and sent, only."""

from datetime import datetime, timedelta

from accounts.models import User
from contacts.models import Interview, InterviewMail, InterviewQuerySet
from core.timekeeping import local_day
from mail.itip import CANCEL, REQUEST, Meeting, calendar_part
from mail.models import Message
from mail.registry import Content, kind
from mail.strangers import A_DAY, SAME_ADDRESS_WITHIN, written_to


@written_to
def mailed_by_contacts(email: str, now: datetime) -> tuple[list[datetime], int]:
    """Return when invitations to talk were sent to an address lately, and how many to its domain in a day."""
    rows = InterviewMail.objects.all()
    asked = list(rows.filter(to=email, sent_at__gt=now - SAME_ADDRESS_WITHIN).values_list("sent_at", flat=True))
    domain = rows.filter(sent_at__gt=now - A_DAY, to__endswith="@" + email.rpartition("@")[2]).count()
    return asked, domain


def say_time(at: datetime, owner: User, now: datetime) -> str:
    """Return a moment on the owner's clock with what that clock is, for somebody whose own is not known."""
    local = at.astimezone(owner.time_zone)
    year = f" {local.year}" if local.year != local_day(owner.time_zone, now).year else ""
    offset = local.strftime("%z")
    zone = f"{str(owner.time_zone).replace('_', ' ')}, UTC{offset[:3]}:{offset[3:]}"
    return f"{local:%A} {local.day} {local:%B}{year}, {local:%H:%M} ({zone})"


def letter(interview: Interview, *, words: str, now: datetime, starts_at: datetime | None = None) -> dict[str, object]:
    """Return what an invitation says; the page shows the same before it is sent. `starts_at` is what the other knows."""
    owner, starts_at = interview.owner, starts_at or interview.starts_at
    if starts_at is None:
        raise ValueError(f"{interview} has no time")
    return {
        "owner": owner,
        "from_whom": f"{owner} ({owner.email})" if owner.name else owner.email,
        "when": say_time(starts_at, owner, now),
        "minutes": interview.minutes,
        "place": interview.place,
        "link": interview.link,
        "words": words,
    }


@kind("interview_invitation", words="An invitation to talk", preference=None)
def interview_invitation(message: Message, *, now: datetime) -> Content | None:
    """Put a conversation that was agreed into the other's calendar; None once it moved, was called off or is over."""
    mail = _mail_of(message, of=Interview.objects.alive())
    if mail is None or mail.interview.state != Interview.State.AGREED or mail.sequence != mail.interview.sequence:
        return None
    interview = mail.interview
    if interview.starts_at is None or interview.starts_at <= now:
        return None
    is_change = interview.mails.filter(sequence__lt=mail.sequence, method=InterviewMail.Method.REQUEST).exists()
    return Content(
        template="contacts/emails/interview_invitation",
        context=letter(interview, words=mail.words, now=now) | {"is_change": is_change},
        why=_why(interview.owner),
        calendar=calendar_part(_meeting(mail), method=REQUEST, now=now),
    )


@kind("interview_cancelled", words="A conversation was called off", preference=None)
def interview_cancelled(message: Message, *, now: datetime) -> Content | None:
    """Take a conversation out of the other's calendar; None where another time was agreed meanwhile.

    It names the time that calendar holds, which may not be the one agreed last.
    Also where the owner has deleted the record or the person since: the other must not wait for somebody in vain.
    """
    mail = _mail_of(message, of=Interview.objects.all())
    if mail is None or mail.sequence != mail.interview.sequence or mail.interview.starts_at is None:
        return None
    return Content(
        template="contacts/emails/interview_cancelled",
        context=letter(mail.interview, words="", now=now, starts_at=mail.starts_at),
        why=_why(mail.interview.owner),
        calendar=calendar_part(_meeting(mail), method=CANCEL, now=now),
    )


def _mail_of(message: Message, *, of: InterviewQuerySet) -> InterviewMail | None:
    """Return what was sent about one of these interviews, if its owner is still here."""
    told = of.filter(owner__is_active=True, owner__deletion_asked_at=None)
    rows = InterviewMail.objects.filter(pk=message.ids["mail"], interview__in=told)
    return rows.select_related("interview__owner", "interview__contact").first()


def _meeting(mail: InterviewMail) -> Meeting:
    interview = mail.interview
    owner, starts_at = interview.owner, mail.starts_at or interview.starts_at
    if starts_at is None:
        raise ValueError(f"{interview} has no time")
    return Meeting(
        uid=interview.uid,
        sequence=mail.sequence,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=interview.minutes),
        summary=f"Conversation with {owner}",
        recipient=(interview.contact.name, mail.to),
        maker="Conversations",
        description=f"With {owner}, {owner.email}",
        place=interview.place,
        has_accepted=False,  # they agreed in words; their calendar asks them
    )


def _why(owner: User) -> str:
    return f"You get this because {owner} typed your address into Waymark and asked us to write to you."
