"""The mails of an introduction. No address is in any of them before both have said yes."""

from datetime import datetime

from core.timekeeping import say_day_within
from mail.models import Message
from mail.registry import Content, kind
from mentors.emails.texts import hides_text
from mentors.models import Introduction


def _row(message: Message) -> Introduction | None:
    rows = Introduction.objects.without_blocks().with_people()
    found: Introduction | None = rows.filter(pk=message.ids["introduction"]).first()
    return found


def _is_open(row: Introduction, state: str, now: datetime) -> bool:
    return row.state == state and Introduction.objects.open(now).filter(pk=row.pk).exists()


@kind("introduction_offered", words="Somebody to meet", preference="mentoring")
def introduction_offered(message: Message, *, now: datetime) -> Content | None:
    """Tell a mentee whom their mentor would like them to meet."""
    row = _row(message)
    if row is None or row.mentorship.mentee_id != message.user_id or not _is_open(row, "offered", now):
        return None
    mentor, mentee = row.mentorship.mentor, row.mentorship.mentee
    return Content(
        template="mentors/emails/introduction_offered",
        context={
            "mentor": mentor,
            "who": row.who,
            "words": "" if hides_text(message) else row.words,
            "until": say_day_within(mentee.today(row.expires_at), mentee.today(now)),
            "path": row.get_absolute_url(),
        },
        why=f"You get this because {mentor} is your mentor.",
    )


@kind("introduction_asked", words="Would you meet somebody?", preference=None)
def introduction_asked(message: Message, *, now: datetime) -> Content | None:
    """Ask somebody whether they would like to meet a mentee, who has said yes already."""
    row = _row(message)
    if row is None or row.mentorship.mentor is None or not _is_open(row, "asked", now):
        return None
    mentor = row.mentorship.mentor
    return Content(
        template="mentors/emails/introduction_asked",
        context={
            "mentor": mentor,
            "from_whom": f"{mentor} ({mentor.email})" if mentor.name else mentor.email,
            "mentee": row.mentorship.mentee,
            "words": row.words,
            "until": say_day_within(mentor.today(row.expires_at), mentor.today(now)),
            "path": row.answer_path,
        },
        why=f"You get this because {mentor} typed your address into Waymark and asked us to write to you.",
    )


@kind("introduction_made", words="An introduction", preference="mentoring")
def introduction_made(message: Message, *, now: datetime) -> Content | None:
    """Give the mentee the other person's address: both said yes."""
    row = _made(message)
    if row is None or row.mentorship.mentee_id != message.user_id:
        return None
    context = {"other": row.who, "address": row.email, "mentor": row.mentorship.mentor_name}
    why = "You get this because you said yes to an introduction."
    return Content(template="mentors/emails/introduction_made", context=context, why=why)


@kind("introduction_made_to_other", words="An introduction", preference=None)
def introduction_made_to_other(message: Message, *, now: datetime) -> Content | None:
    """Give the other person the mentee's address: both said yes."""
    row = _made(message)
    if row is None:
        return None
    mentee = row.mentorship.mentee
    context = {"other": str(mentee), "address": mentee.email, "mentor": row.mentorship.mentor_name}
    why = "You get this because you said yes to an introduction."
    return Content(template="mentors/emails/introduction_made", context=context, why=why)


@kind("introduction_made_known", words="Your introduction was made", preference="mentoring")
def introduction_made_known(message: Message, *, now: datetime) -> Content | None:
    """Tell the mentor that it was made; None once the relation has ended."""
    row = _made(message)
    if row is None or row.mentorship.mentor_id != message.user_id or not row.mentorship.is_active:
        return None
    context = {"mentee": row.mentorship.mentee, "who": row.who, "path": row.get_absolute_url()}
    why = "You get this because you introduced the two."
    return Content(template="mentors/emails/introduction_made_known", context=context, why=why)


def _made(message: Message) -> Introduction | None:
    row = _row(message)
    if row is None or row.state != Introduction.State.MADE or row.mentorship.mentee.deletion_asked_at:
        return None
    return row
