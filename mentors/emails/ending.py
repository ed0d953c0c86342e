"""The mails after two people have parted, and about a handover."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.emails.texts import hides_text
from mentors.models import Farewell, Handover, LookBack
from sharing.models import Block, Mentorship

WHY = "You get this because the two of you worked together here."


@kind("mentor_thanked", words="Words after an ending", preference="mentoring")
def mentor_thanked(message: Message, *, now: datetime) -> Content | None:
    """Bring the words that the other left after the end; None where one of the two blocks the other."""
    mentorship = _ended(message)
    if mentorship is None or message.user is None:
        return None
    other = mentorship.other(message.user)
    words = Farewell.objects.filter(mentorship=mentorship, author=other).first() if other else None
    if other is None or words is None or Block.between(message.user, other):
        return None
    return Content(
        template="mentors/emails/thanked",
        context={
            "other": other,
            "words": "" if hides_text(message) else words.words,
            "path": mentorship.get_absolute_url(),
        },
        why=WHY,
    )


@kind("look_back_written", words="A look back", preference="mentoring")
def look_back_written(message: Message, *, now: datetime) -> Content | None:
    """Tell that the other looked back, and whether one can read it; never what they wrote."""
    mentorship = _ended(message)
    if mentorship is None or message.user is None:
        return None
    other = mentorship.other(message.user)
    rows = LookBack.objects.filter(mentorship=mentorship, author=other)
    if other is None or not rows.written_to(message.user).exists():
        return None
    return Content(
        template="mentors/emails/look_back",
        context={
            "other": other,
            "can_read": rows.readable_by(message.user).exists(),
            "path": f"{mentorship.get_absolute_url()}look-back/",
        },
        why=WHY,
    )


@kind("handover_shown", words="A handover to read", preference="mentoring")
def handover_shown(message: Message, *, now: datetime) -> Content | None:
    """Tell a mentor that there is a handover to read; None once it is no longer shown to them."""
    if message.user is None:
        return None
    shown = Handover.objects.all().shared_with_reader(message.user).select_related("owner")
    handover = shown.filter(pk=message.ids["handover"]).first()
    if handover is None:
        return None
    return Content(
        template="mentors/emails/handover",
        context={"owner": handover.owner, "path": handover.get_absolute_url()},
        why=f"You get this because you are {handover.owner.given_name}’s mentor here.",
    )


def _ended(message: Message) -> Mentorship | None:
    if message.user is None:
        return None
    rows = Mentorship.objects.ended().involving(message.user).with_people()
    return rows.filter(pk=message.ids["mentorship"]).first()
