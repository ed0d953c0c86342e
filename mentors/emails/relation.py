"""The mails about a relation."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.emails.texts import hides_text
from mentors.models import Farewell
from sharing.models import Block, Mentorship


@kind("mentorship_ended", words="A relation ended", preference="mentoring")
def mentorship_ended(message: Message, *, now: datetime) -> Content | None:
    """Tell the other side, without a reason, that they no longer work together here; kind words come along."""
    ended = Mentorship.objects.ended().with_people().involving(message.user)  # type: ignore[arg-type]
    mentorship = ended.filter(pk=message.ids["mentorship"]).first()
    if mentorship is None or message.user is None:
        return None
    other = mentorship.other(message.user)
    if other is None:
        return None
    farewell = None
    if not Block.between(message.user, other):
        farewell = Farewell.objects.filter(mentorship=mentorship, author=other).first()
    return Content(
        template="mentors/emails/ended",
        context={
            "mentorship": mentorship,
            "other": other,
            "words": farewell.words if farewell and not hides_text(message) else "",
            "has_words": farewell is not None,
            "was_reader": mentorship.mentor_id == message.user.pk,
            "path": mentorship.get_absolute_url(),
        },
        why="You get this because the two of you worked together here.",
    )
