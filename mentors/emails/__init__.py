"""The mails about being mentors. Each asks again, when it is sent, what may be said."""

from mentors.emails import agreement, checkin, ending, invitation, profile, relation, request, rhythm

__all__ = [
    "agreement",
    "checkin",
    "ending",
    "invitation",
    "profile",
    "relation",
    "request",
    "rhythm",
]
