"""The questions of a week or a month: three that rotate, and the one every one ends with."""

from collections.abc import Iterable

from core.timekeeping import month_bounds, week_bounds

LAST_QUESTION = "What matters most next week?"
LAST_QUESTION_OF_MONTH = "What matters most next month?"

# What a week can hold; home.week says which of them fit.
HINTS = frozenset({"milestone", "win", "progress", "comment", "due", "late", "quiet"})

# One row per place on the page: what went well, what was hard, who was there. Each question may name the hint of a
# week it fits best. The order matters: weeks walk through it, and the first of each row opens a journal.
_ROWS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("What gave you energy?", ""),
        ("What did you get done that you want to remember?", ""),
        ("Which step this week was bigger than it looked?", "milestone"),
        ("When did you forget the time?", ""),
        ("What moved, and what made it move?", "progress"),
        ("What went better than you expected?", ""),
        ("What small thing was good this week?", "quiet"),
        ("What are you a little proud of?", ""),
    ),
    (
        ("What was hard, and what did you learn from it?", ""),
        ("Where did your time go that you did not want it to?", ""),
        ("What would help with what is past its date?", "late"),
        ("What would you do differently next time?", ""),
        ("What did you put off, and what does that tell you?", "quiet"),
        ("What is the next date asking of you?", "due"),
        ("What did you say yes to that should have been a no?", ""),
        ("What drained you, and can it be smaller?", ""),
    ),
    (
        ("Who helped you, or whom did you help?", ""),
        ("What did somebody say that stayed with you?", "comment"),
        ("Whom would you like to talk to about this?", "quiet"),
        ("What did you learn from somebody this week?", ""),
        ("Whom could you thank, and for what?", ""),
        ("What do you know now that you did not know on Monday?", ""),
        ("What would you like to ask your mentor?", "comment"),
        ("What could you give somebody next week?", ""),
    ),
)


# The same for a month; each month takes the next of each row.
_MONTH_ROWS: tuple[tuple[str, ...], ...] = (
    (
        "What are you glad you did this month?",
        "Which moment of this month would you keep?",
        "What came easier than a month ago?",
    ),
    (
        "What kept getting in the way?",
        "What did you carry through the whole month that could be put down?",
        "What would you do less of, if nobody minded?",
    ),
    (
        "What do you see now that you did not see at its beginning?",
        "Whose words or help made a difference?",
        "Are you still going where you want to go?",
    ),
)


def last_question(period_key: str) -> str:
    """Return the question that ends every week, or every month."""
    return LAST_QUESTION if "W" in period_key else LAST_QUESTION_OF_MONTH


def choose(period_key: str, hints: Iterable[str] = ()) -> list[str]:
    """Return the four questions of an ISO week such as "2026-W47", or of a month such as "2026-11".

    The same key and hints always give the same questions; without hints eight weeks pass before one comes back.
    A hint (one of HINTS; others are ignored) brings the questions that fit such a week to the front.
    """
    if "W" not in period_key:
        month = month_bounds(period_key)[0]
        return [row[(month.year * 12 + month.month) % len(row)] for row in _MONTH_ROWS] + [LAST_QUESTION_OF_MONTH]
    wanted = HINTS.intersection(hints)
    week = week_bounds(period_key)[0].toordinal() // 7
    return [_from_row(row, week, wanted) for row in _ROWS] + [LAST_QUESTION]


def _from_row(row: tuple[tuple[str, str], ...], week: int, wanted: frozenset[str]) -> str:
    fitting = [question for question, hint in row if hint and hint in wanted]
    # Every other week the rotation goes on, so that a long stretch of one kind does not ask one question for months.
    if fitting and week % 2 == 0:
        return fitting[(week // 2) % len(fitting)]
    return row[week % len(row)][0]
