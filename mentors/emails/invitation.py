"""The mails about invitations."""

from datetime import datetime

from core.timekeeping import say_day
from mail.models import Message
from mail.registry import Content, kind
from mentors.emails.texts import hides_text
from mentors.models import Invitation
from sharing.models import Mentorship


@kind("mentor_invitation", words="An invitation", preference=None)
def mentor_invitation(message: Message, *, now: datetime) -> Content | None:
    """Ask an address to become somebody's mentor or colleague. Names the person and their words, no goal."""
    open_ones = Invitation.objects.open(now).without_blocks().select_related("sender")
    invitation = open_ones.filter(pk=message.ids["invitation"]).first()
    if invitation is None:
        return None
    sender = invitation.sender
    return Content(
        template="mentors/emails/invitation",
        context={
            "invitation": invitation,
            "sender": sender,
            "who": f"{sender} ({sender.email})" if sender.name else sender.email,
            "until": say_day(sender.today(invitation.expires_at), sender.today(now)),
            "path": invitation.answer_path,
        },
        why=f"You get this because {sender} typed your address into Waymark and asked us to write to you.",
    )


@kind("mentor_accepted", words="Your invitation was accepted", preference="mentoring")
def mentor_accepted(message: Message, *, now: datetime) -> Content | None:
    """Tell the mentee that somebody said yes, and how much that person can read now."""
    relations = Mentorship.objects.active().with_people().filter(mentee=message.user)
    mentorship = relations.filter(pk=message.ids["mentorship"]).first()
    if mentorship is None:
        return None
    return Content(
        template="mentors/emails/accepted",
        context={
            "mentorship": mentorship,
            "mentor": mentorship.mentor,
            "shared": mentorship.goals.for_readers().count(),
            "path": mentorship.get_absolute_url(),
        },
        why="You get this because you asked whether they would.",
    )


@kind("mentor_declined", words="Your invitation was declined", preference="mentoring")
def mentor_declined(message: Message, *, now: datetime) -> Content | None:
    """Tell the sender of a no, with the kind word if there is one. Says the address: a name was never told."""
    declined = Invitation.objects.filter(sender=message.user, state=Invitation.State.DECLINED)
    invitation = declined.filter(pk=message.ids["invitation"]).first()
    if invitation is None:
        return None
    return Content(
        template="mentors/emails/declined",
        context={
            "invitation": invitation,
            "note": "" if hides_text(message) else invitation.decline_note,
            "path": "/mentors/",
        },
        why="You get this because you sent an invitation.",
    )
