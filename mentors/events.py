"""A check-in as an event in a calendar. The two people have agreed already, here, so the attendee has accepted; nobody's
address is told to the other.
"""

from datetime import datetime

from django.conf import settings

from accounts.models import User
from mail.itip import CANCEL, REQUEST, Meeting, calendar_part
from mail.registry import CalendarPart
from mentors.models import CheckIn

__all__ = ["CANCEL", "REQUEST", "event_of"]


def event_of(check_in: CheckIn, *, recipient: User, method: str, now: datetime) -> CalendarPart:
    """Return the event of a check-in as one of the two gets it; it must have a time. No goal is named in it."""
    if check_in.starts_at is None or check_in.ends_at is None:
        raise ValueError(f"{check_in} has no time")
    url = settings.BASE_URL + check_in.get_absolute_url()
    meeting = Meeting(
        uid=check_in.uid,
        sequence=check_in.sequence,
        starts_at=check_in.starts_at,
        ends_at=check_in.ends_at,
        summary=check_in.name_for(recipient),
        recipient=(str(recipient), recipient.email),
        maker="Check-ins",
        description=f"Notes and list: {url}",
        place=check_in.place,
        url=url,
    )
    return calendar_part(meeting, method=method, now=now)
