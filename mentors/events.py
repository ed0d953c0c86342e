"""A check-in as an event in a calendar: an invitation by mail (iTIP, RFC 5546; iMIP, RFC 6047).

What mail programs ask of it: the method stands in the file and in the content type; the organizer is the address the
mail comes from; the attendee is the address it goes to; the UID stays, SEQUENCE rises with each change; times are UTC.
The two people have agreed already, here, so the attendee has accepted and no answer is asked for: answers would go to
an address nobody reads. Only the recipient stands in it; nobody's address is told to the other.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from accounts.models import User
from core.ical import ical_file, ical_text, ical_utc
from core.text import clean_line
from mail.letters import sender_address
from mail.mime import ascii_address
from mail.registry import CalendarPart
from mentors.models import CheckIn

REQUEST, CANCEL = "REQUEST", "CANCEL"


def event_of(check_in: CheckIn, *, recipient: User, method: str, now: datetime) -> CalendarPart:
    """Return the event of a check-in as one of the two gets it; it must have a time. No goal is named in it."""
    return CalendarPart(method, ical_file(_lines(check_in, recipient, method, now)))


def _lines(check_in: CheckIn, recipient: User, method: str, now: datetime) -> Iterator[str]:
    if check_in.starts_at is None or check_in.ends_at is None:
        raise ValueError(f"{check_in} has no time")
    url = settings.BASE_URL + check_in.get_absolute_url()
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waymark//Check-ins//EN", "CALSCALE:GREGORIAN")
    yield from (f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{check_in.uid}", f"SEQUENCE:{check_in.sequence}")
    yield from (f"DTSTAMP:{ical_utc(now)}", f"DTSTART:{ical_utc(check_in.starts_at)}")
    yield f"DTEND:{ical_utc(check_in.ends_at)}"
    yield f"SUMMARY:{ical_text(check_in.name_for(recipient))}"
    yield f"DESCRIPTION:{ical_text(f'Notes and list: {url}')}"
    if check_in.place:
        yield f"LOCATION:{ical_text(check_in.place)}"
    yield f"URL:{url}"
    yield f"ORGANIZER;CN={_parameter(settings.INSTANCE_NAME)}:mailto:{ascii_address(sender_address())}"
    yield (
        f"ATTENDEE;CN={_parameter(str(recipient))};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE"
        f":mailto:{ascii_address(recipient.email)}"
    )
    yield f"STATUS:{'CANCELLED' if method == CANCEL else 'CONFIRMED'}"
    yield from ("TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR")


def _parameter(value: str) -> str:
    """Return a quoted parameter value (RFC 5545, 3.2), in which no quote can stand."""
    return '"' + clean_line(value).replace('"', "'") + '"'
