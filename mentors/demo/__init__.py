"""Who asks whom among the demo people, and what has been read (devstack.demo)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from goals.models import Goal
from journal.models import Entry
from mentors.demo import agreements, endings, giving, meetings, profiles, requests
from mentors.models import OPEN_FOR, Farewell, Invitation, Seen
from wins.models import Win

# Goals were looked at so many days ago, and every entry older than the other.
LOOKED_DAYS_AGO = 5
OLD_ENTRIES = timedelta(days=10)
OLD_WINS = timedelta(days=4)


def fill(cast: Any, today: date) -> None:
    """Let Amara wait for one answer and have another, and let Kenji have said goodbye."""
    agreements.fill(cast, today)
    endings.fill(cast, today)
    meetings.fill(cast, today)
    profiles.fill(cast, today)
    requests.fill(cast, today)
    giving.fill(cast, today)
    if Invitation.objects.owned_by(cast.amara).exists():
        return
    waits = _ask(
        cast.amara,
        "hannah@example.org",
        "colleague",
        "You saw my first three interviews. Would you read my notes now and then, and tell me where I lead people on?",
        _morning(today, 3),
    )
    waits.goals.set(Goal.objects.owned_by(cast.amara).for_readers().filter(title__icontains="interviews")[:1])
    no = _ask(
        cast.amara,
        "theo@example.org",
        "mentor",
        "I liked how you took your city talk apart afterwards. I would like to learn that from you.",
        _morning(today, 12),
    )
    no.decline(
        "I cannot give this the time it deserves until summer. Ask me again then; I liked your note.",
        at=_morning(today, 9),
    )
    _say_goodbye(cast)
    for mentorship in cast.mentorships.values():
        for goal in Goal.objects.shared_through(mentorship):
            Seen.objects.create(mentorship=mentorship, goal=goal, at=_morning(today, LOOKED_DAYS_AGO))
        for entry in Entry.objects.shared_through(mentorship).filter(entry_on__lt=today - OLD_ENTRIES):
            Seen.objects.create(mentorship=mentorship, entry=entry, at=_morning(today, 1))
        for win in Win.objects.shared_through(mentorship).filter(happened_on__lt=today - OLD_WINS):
            Seen.objects.create(mentorship=mentorship, win=win, at=_morning(today, 1))


def _ask(sender: User, email: str, kind: str, message: str, at: datetime) -> Invitation:
    invitation = Invitation(
        sender=sender,
        email=email,
        kind=kind,
        message=message,
        created_at=at,
        expires_at=at + OPEN_FOR,
        mailed_at=[at],
    )
    invitation.new_token()
    invitation.save()
    return invitation


def _say_goodbye(cast: Any) -> None:
    words = (
        "You ask better questions than you did two years ago, and you wait for the answers. Write to me when it works."
    )
    Farewell.objects.get_or_create(
        mentorship=cast.mentorships["amara", "kenji"], defaults={"author": cast.kenji, "words": words}
    )


def _morning(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(8, 30), UTC)
