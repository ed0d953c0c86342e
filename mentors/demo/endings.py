"""How Amara and Kenji parted, and what Amara hands over to Ruth, in the demo data."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from mentors.models import Handover, LookBack


def fill(cast: Any, today: date) -> None:
    """Let both look back, and let Ruth read a handover."""
    mentorship = cast.mentorships["amara", "kenji"]
    if Handover.objects.about(mentorship).exists():
        return
    LookBack.objects.create(
        mentorship=mentorship,
        author=cast.amara,
        words="I came to stop apologising in meetings. I still do, but I hear it now, and mostly I stop halfway.",
        written_at=_morning(today, 236),
    )
    LookBack.objects.create(
        mentorship=mentorship,
        author=cast.kenji,
        words="Amara arrived with answers and left with questions. The week she let the silence stand was the turn.",
        written_at=_morning(today, 233),
    )
    handover = Handover.objects.create(
        owner=cast.amara,
        mentorship=mentorship,
        worked_on="Speaking up in meetings, and saying what I want before I say what I can do.",
        helped="Being asked why three times. Reading a note aloud before sending it. Lists of tips did not help.",
        still_open="I take on too much when somebody is disappointed. I would like to notice it a day earlier.",
        created_at=_morning(today, 168),
        updated_at=_morning(today, 168),
    )
    handover.shared_with.add(cast.mentorships["amara", "ruth"])


def _morning(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(8, 30), UTC)
