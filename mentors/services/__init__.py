"""What people do about being mentors. Each function is one transaction; mails are rows written in it."""

from mentors.services.invitation import (
    MAILS_PER_SENDER_AND_DAY,
    InvitationClosed,
    accept_invitation,
    block_sender,
    decline_invitation,
    forget_invitations,
    housekeeping,
    invite,
    is_invited,
    resend_invitation,
    stop_mails,
    withdraw_invitation,
)
from mentors.services.relation import (
    block_person,
    end_with_words,
    leave,
    mark_seen,
    pause_mentorship,
    resume_mentorship,
)
from mentors.services.rhythm import mind_rhythms

__all__ = [
    "MAILS_PER_SENDER_AND_DAY",
    "InvitationClosed",
    "accept_invitation",
    "block_person",
    "block_sender",
    "decline_invitation",
    "end_with_words",
    "forget_invitations",
    "housekeeping",
    "invite",
    "is_invited",
    "leave",
    "mark_seen",
    "mind_rhythms",
    "pause_mentorship",
    "resend_invitation",
    "resume_mentorship",
    "stop_mails",
    "withdraw_invitation",
]
