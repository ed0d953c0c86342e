"""What Amara and her mentors agreed on, in the demo data."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from goals.models import Goal
from mentors.models import Agreement
from sharing.models import Mentorship

_FIRST = {
    "purpose": "Amara finds out whether user research is what she wants, and runs her first interviews on her own.",
    "rhythm": 7,
    "channel": "video",
    "minutes": 60,
    "answers_within": 3,
    "confidentiality": "What we tell each other stays between us. Ruth asks before she mentions Amara to anybody at work.",
    "mentor_gets": "A note after each talk: what Amara tried, and what came of it.",
    "stopping": "Either of us can stop at any time, without a reason. A short word to the other is enough.",
}
_SECOND = {
    "purpose": "Amara finds out whether user research is what she wants, and runs twelve interviews on her own.",
    "rhythm": 14,
    "minutes": 45,
    "reason": "Every week left me no time to try things out in between.",
}
_THIRD = {
    "purpose": "Amara runs twelve interviews on her own and applies for two research roles.",
    "mentor_gets": "A note after each talk, and a look at Ruth's drafts of the new interview guide.",
    "reason": "The interviews go well. I think you are ready to apply, and I could use your eye on my guide.",
}


_WITH_MATEO = {
    "purpose": "Mateo says what he thinks while the others are still in the room.",
    "rhythm": 14,
    "channel": "phone",
    "minutes": 30,
    "answers_within": 5,
    "confidentiality": "What we tell each other stays between us.",
    "stopping": "Either of us can stop at any time, without a reason. A short word to the other is enough.",
}


_WITH_KENJI = _WITH_MATEO | {"purpose": "Amara says what she wants before she says what she can do.", "rhythm": 30}


def fill(cast: Any, today: date) -> None:
    """Let Amara and Ruth hold their second version, and Ruth propose a third; Amara and Mateo meet every two weeks, and
    what Amara and Kenji set out for can be looked back at.
    """
    _amara_and_ruth(cast, today)
    _agree(cast.mentorships["mateo", "amara"], cast.mateo, _WITH_MATEO, today, 90)
    _agree(cast.mentorships["amara", "kenji"], cast.amara, _WITH_KENJI, today, 515)


def _agree(mentorship: Mentorship, author: Any, words: dict[str, Any], today: date, days_ago: int) -> None:
    if not Agreement.objects.of_relation(mentorship).exists():
        Agreement.objects.create(
            mentorship=mentorship,
            number=1,
            author=author,
            state="agreed",
            review_on=today - timedelta(days=days_ago) + timedelta(days=120),
            created_at=_morning(today, days_ago),
            answered_at=_morning(today, days_ago - 1),
            **words,
        )


def _amara_and_ruth(cast: Any, today: date) -> None:
    mentorship = cast.mentorships["amara", "ruth"]
    if Agreement.objects.of_relation(mentorship).exists():
        return
    goals = list(Goal.objects.shared_through(mentorship).order_by("pk")[:2])
    ends_on = today + timedelta(days=96)
    first = Agreement.objects.create(
        mentorship=mentorship,
        number=1,
        author=cast.amara,
        state="replaced",
        review_on=today - timedelta(days=75),
        created_at=_morning(today, 168),
        answered_at=_morning(today, 167),
        **_FIRST,
    )
    second = Agreement.objects.create(
        mentorship=mentorship,
        number=2,
        base=first,
        author=cast.amara,
        state="agreed",
        review_on=today + timedelta(days=5),
        ends_on=ends_on,
        created_at=_morning(today, 74),
        answered_at=_morning(today, 73),
        **_FIRST | _SECOND,
    )
    third = Agreement.objects.create(
        mentorship=mentorship,
        number=3,
        base=second,
        author=cast.ruth,
        review_on=today + timedelta(days=48),
        ends_on=ends_on,
        created_at=_morning(today, 1),
        **_FIRST | _SECOND | _THIRD,
    )
    first.goals.set(goals[:1])
    second.goals.set(goals[:1])
    third.goals.set(goals)


def _morning(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(8, 30), UTC)
