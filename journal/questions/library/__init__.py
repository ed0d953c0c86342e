"""The questions Waymark knows, as plain data: one file for each place on the page of a week, one for months.

A row is an id (kept for good: weeks store it), the strategy it belongs to, the question, and the tags of when it fits;
without a tag it fits any time. A question with a tag is only asked when one of its tags holds.
"""

from typing import NamedTuple

from journal.questions.library import hard, months, onward, well

# The nine strategies by the words people see.
STRATEGIES = {
    1: "What energises you",
    2: "Goals",
    3: "Mentors",
    4: "Skills",
    5: "People you know",
    6: "Looking back",
    7: "Feedback",
    8: "Learning",
    9: "Small wins",
}

# When a question can fit, in the words of a filter. In the order in which they count when a week holds several.
TAGS = {
    "first_week": "Your first week",
    "after_break": "After a break",
    "low_mood": "A low week",
    "late": "Something is late",
    "win": "After a win",
    "milestone": "After a milestone",
    "new_mentor": "A new mentor",
    "comment": "Somebody wrote to you",
    "interview": "After an interview",
    "event": "After an event",
    "due": "Something is due",
    "no_contact": "A mentor is quiet",
    "out_of_touch": "Somebody waits to hear from you",
    "month_end": "The month ends",
    "talk": "After a conversation",
    "progress": "Something moved",
    "quiet": "A quiet week",
}

PLACES = ("well", "hard", "onward")


class Question(NamedTuple):
    """A question of the library: its place on the page, the strategy it serves, and when it fits (no tag: any time)."""

    id: str
    strategy: int
    text: str
    place: str
    tags: frozenset[str]
    is_monthly: bool


def _read(rows: tuple[tuple[str, int, str, str], ...], place: str, *, is_monthly: bool = False) -> list[Question]:
    return [
        Question(name, strategy, text, place, frozenset(tags.split()), is_monthly)
        for name, strategy, text, tags in rows
    ]


QUESTIONS: tuple[Question, ...] = (
    *_read(well.ROWS, "well"),
    *_read(hard.ROWS, "hard"),
    *_read(onward.ROWS, "onward"),
    *_read(months.WELL, "well", is_monthly=True),
    *_read(months.HARD, "hard", is_monthly=True),
    *_read(months.ONWARD, "onward", is_monthly=True),
)
BY_ID = {question.id: question for question in QUESTIONS}
