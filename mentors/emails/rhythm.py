"""The mail to two people who have not been in touch."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.contact import standing_of, with_contact
from mentors.rhythm import Level
from sharing.models import Mentorship


@kind("mentor_quiet", words="It has been quiet", preference="mentoring")
def mentor_quiet(message: Message, *, now: datetime) -> Content | None:
    """Say once at each level that it is quiet; None once the two were in touch, rest, are away or have ended."""
    user = message.user
    if user is None:
        return None
    pairs = with_contact(Mentorship.objects.active().involving(user).with_people(), user.today(now))
    pair = pairs.filter(pk=message.ids["mentorship"]).first()
    other = pair.other(user) if pair else None
    quiet = standing_of(pair, user, now=now) if pair else None
    if pair is None or other is None or quiet is None or quiet.level < message.ids["level"]:
        return None
    is_reader = pair.mentor_id == user.pk
    return Content(
        template="mentors/emails/quiet",
        context={
            "other": other,
            "says": quiet.says,
            "is_last": message.ids["level"] == Level.RED,
            "is_reader": is_reader,
            "path": f"/mentees/{pair.pk}/" if is_reader else pair.get_absolute_url(),
            "rest_path": pair.get_absolute_url(),
        },
        why=f"You get this because you and {other.given_name} work together here, and it has become quiet.",
    )
