"""The mails about check-ins. They name the two people and a time, never a goal or what was said."""

from datetime import datetime

from mail.models import Message
from mail.registry import Content, kind
from mentors.events import CANCEL, REQUEST, event_of
from mentors.models import CheckIn
from mentors.times import say_time

WHY = "You get this because the two of you meet through Waymark."


@kind("checkin_proposed", words="Times for a check-in", preference="mentoring")
def checkin_proposed(message: Message, *, now: datetime) -> Content | None:
    """Ask the other side to pick one of the proposed times, as their clock shows them."""
    reader = message.user
    if reader is None:
        return None
    found = CheckIn.objects.awaiting(reader, now).with_people().filter(pk=message.ids["check_in"]).first()
    times = list(found.times.all()) if found else []
    # Other times were proposed meanwhile: the mail about those says what is true now.
    if found is None or times[0].pk != message.ids["first"]:
        return None
    today = reader.today(now)
    return Content(
        template="mentors/emails/checkin_proposed",
        context={
            "other": found.mentorship.other(reader),
            "stands": say_time(found.starts_at, reader, today) if found.starts_at else "",
            "times": [say_time(time.starts_at, reader, today) for time in times if time.starts_at > now],
            "zone": str(reader.time_zone).replace("_", " "),
            "minutes": found.minutes,
            "channel": found.get_channel_display().lower(),
            "path": found.get_absolute_url(),
        },
        why=WHY,
    )


@kind("checkin_planned", words="A check-in", preference="mentoring")
def checkin_planned(message: Message, *, now: datetime) -> Content | None:
    """Put a check-in into the reader's calendar, or its change."""
    reader = message.user
    if reader is None:
        return None
    planned = CheckIn.objects.editable_by(reader).planned_after(now).with_people()
    found = planned.filter(pk=message.ids["check_in"], sequence=message.ids["sequence"]).first()
    if found is None or found.starts_at is None:
        return None
    return Content(
        template="mentors/emails/checkin_planned",
        context={
            "other": found.mentorship.other(reader),
            "name": found.name_for(reader),
            "when": say_time(found.starts_at, reader, reader.today(now)),
            "zone": str(reader.time_zone).replace("_", " "),
            "minutes": found.minutes,
            "channel": found.get_channel_display().lower(),
            "check_in": found,
            "is_change": found.sequence > found.first_sequence,
            "path": found.get_absolute_url(),
        },
        why=WHY,
        calendar=event_of(found, recipient=reader, method=REQUEST, now=now),
    )


@kind("checkin_cancelled", words="A check-in was cancelled", preference="mentoring")
def checkin_cancelled(message: Message, *, now: datetime) -> Content | None:
    """Take a check-in out of the reader's calendar. This one is also for a relation that has ended: it says no more."""
    reader = message.user
    if reader is None:
        return None
    cancelled = CheckIn.objects.filter(state=CheckIn.State.CANCELLED).with_people()
    found = cancelled.filter(pk=message.ids["check_in"]).first()
    if found is None or reader.pk not in {found.mentorship.mentor_id, found.mentorship.mentee_id}:
        return None
    is_readable = CheckIn.objects.visible_to(reader).filter(pk=found.pk).exists()
    return Content(
        template="mentors/emails/checkin_cancelled",
        context={
            "other": found.mentorship.other(reader),
            "name": found.name_for(reader),
            "when": say_time(found.starts_at, reader, reader.today(now)) if found.starts_at else "",
            "is_mine": message.ids["by"] == reader.pk,
            "is_over": not found.mentorship.is_active,
            "path": f"/mentorships/{found.mentorship_id}/check-ins/" if is_readable else "",
        },
        why=WHY,
        calendar=event_of(found, recipient=reader, method=CANCEL, now=now) if found.starts_at else None,
    )
