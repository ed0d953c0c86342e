"""One event as an invitation by mail (iTIP, RFC 5546; iMIP, RFC 6047).

What mail programs ask of it: the method stands in the file and in the content type; the organizer is the address the
mail comes from; the attendee is the address it goes to; the UID stays, SEQUENCE rises with each change; times are UTC.
No answer is asked for: it would go to an address nobody reads. Only the recipient stands in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from core.ical import ical_file, ical_text, ical_utc
from core.text import clean_line
from mail.letters import sender_address
from mail.mime import ascii_address
from mail.registry import CalendarPart

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar is told. `recipient` is the name and the address of whom the mail goes to.

    `has_accepted`: they agreed here, so that their calendar need not ask them. `maker` names the part of Waymark.
    """

    uid: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    recipient: tuple[str, str]
    maker: str
    description: str = ""
    place: str = ""
    url: str = ""
    has_accepted: bool = True


def calendar_part(meeting: Meeting, *, method: str, now: datetime) -> CalendarPart:
    """Return the event as it comes with a mail; `method` is REQUEST or CANCEL."""
    return CalendarPart(method, ical_file(_lines(meeting, method, now)))


def _lines(meeting: Meeting, method: str, now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Waymark//{meeting.maker}//EN", "CALSCALE:GREGORIAN")
    yield from (f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{meeting.uid}", f"SEQUENCE:{meeting.sequence}")
    yield from (f"DTSTAMP:{ical_utc(now)}", f"DTSTART:{ical_utc(meeting.starts_at)}")
    yield f"DTEND:{ical_utc(meeting.ends_at)}"
    yield f"SUMMARY:{ical_text(meeting.summary)}"
    if meeting.description:
        yield f"DESCRIPTION:{ical_text(meeting.description)}"
    if meeting.place:
        yield f"LOCATION:{ical_text(meeting.place)}"
    if meeting.url:
        yield f"URL:{meeting.url}"
    yield f"ORGANIZER;CN={_parameter(settings.INSTANCE_NAME)}:mailto:{ascii_address(sender_address())}"
    name, address = meeting.recipient
    status = "ACCEPTED" if meeting.has_accepted else "NEEDS-ACTION"
    yield (
        f"ATTENDEE;CN={_parameter(name)};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};RSVP=FALSE"
        f":mailto:{ascii_address(address)}"
    )
    yield f"STATUS:{'CANCELLED' if method == CANCEL else 'CONFIRMED'}"
    yield from ("TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR")


def _parameter(value: str) -> str:
    """Return a quoted parameter value (RFC 5545, 3.2), in which no quote can stand.

    Thunderbird's parser reads a caret as RFC 6868 says, so that "^n" would be a line break. A quote could be written as
    a caret too, but who does not know that RFC would show both signs.
    """
    return '"' + clean_line(value).replace("^", "^^").replace('"', "'") + '"'
