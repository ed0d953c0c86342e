"""The mails about being mentors. Each asks again, when it is sent, what may be said."""

from mentors.emails import (
    advice,
    agreement,
    checkin,
    ending,
    giving,
    introduction,
    invitation,
    profile,
    relation,
    request,
    rhythm,
)

__all__ = [
    "advice",
    "agreement",
    "checkin",
    "ending",
    "giving",
    "introduction",
    "invitation",
    "profile",
    "relation",
    "request",
    "rhythm",
]
