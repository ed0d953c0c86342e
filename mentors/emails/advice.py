"""The mail about what came of advice."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.emails.texts import hides_text
from mentors.models import AdviceNote


@kind("advice_note", words="What came of your advice", preference="mentoring")
def advice_note(message: Message, *, now: datetime) -> Content | None:
    """Give a mentor the note that their mentee approved and sent."""
    if message.user is None:
        return None
    notes = AdviceNote.objects.visible_to(message.user).filter(mentorship__mentor=message.user)
    note = notes.select_related("mentorship__mentee").filter(pk=message.ids["note"]).first()
    if note is None:
        return None
    return Content(
        template="mentors/emails/advice_note",
        context={
            "mentee": note.mentorship.mentee,
            "words": "" if hides_text(message) else note.text,
            "path": f"/mentorships/{note.mentorship_id}/advice/",
        },
        why="You get this because you are their mentor.",
    )
