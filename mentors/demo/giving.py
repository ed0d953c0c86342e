"""What goes both ways among the demo people: an offer, thanks, an introduction under way, private notes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from mentors.models import INTRODUCTION_OPEN_FOR, Introduction, Offer, PrivateNote, Thanks


def fill(cast: Any, today: date) -> None:
    """Let Amara offer Ruth something and be thanked by Leo, and offer Leo an introduction."""
    if Thanks.objects.sent_by(cast.leo).exists():
        return
    with_ruth, with_leo = cast.mentorships["amara", "ruth"], cast.mentorships["leo", "amara"]
    words = "I hear forty customers a day. Ask me what they say about anything you test."
    Offer.objects.create(mentorship=with_ruth, words=words, changed_at=_morning(today, 60))
    Thanks.objects.create(
        recipient=cast.amara,
        sender=cast.leo,
        mentorship=with_leo,
        words="“Say the first sentence and then stop”: that got me through the meeting on Tuesday.",
        sent_at=_morning(today, 6),
    )
    at = _morning(today, 2)
    introduction = Introduction(
        mentorship=with_leo,
        email="hannah@example.org",
        who="Hannah Weiss, who trains shift leads in Hamburg",
        words="You both write things down before you teach them. An hour together would save each of you a month.",
        created_at=at,
        expires_at=at + INTRODUCTION_OPEN_FOR,
    )
    introduction.new_token()
    introduction.save()
    PrivateNote.objects.create(
        mentorship=with_leo,
        author=cast.amara,
        text="Plays things down. Ask twice, and ask what he would tell a friend.",
        updated_at=_morning(today, 8),
    )


def _morning(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(8, 30), UTC)
