"""The mail that brings thanks."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.emails.texts import hides_text
from mentors.models import Thanks
from sharing.models import Block


@kind("mentor_thanks", words="Thanks", preference="mentoring")
def mentor_thanks(message: Message, *, now: datetime) -> Content | None:
    """Bring somebody's thanks; None if they were removed, if the sender left, or if one of the two blocks the other.

    Not taken back by the end of the relation: thanks belong to who got them.
    """
    thanks = Thanks.objects.with_people().filter(pk=message.ids["thanks"], recipient=message.user).first()
    if thanks is None or thanks.sender is None or Block.between(thanks.sender, thanks.recipient):
        return None
    return Content(
        template="mentors/emails/thanks",
        context={
            "sender": thanks.sender,
            "words": "" if hides_text(message) else thanks.words,
            "path": "/mentors/thanks/",
        },
        why=f"You get this because you and {thanks.sender.given_name} worked together here.",
    )
