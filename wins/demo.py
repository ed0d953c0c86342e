"""What went well for the demo people lately (devstack.demo)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from goals.models import Goal
from wins.models import Win, WinComment

INTERVIEWS = "Run 12 user interviews"
# Days before today, what went well, the goal it belongs to, whether it has a star, who may read it.
WINS = (
    (1, "Ran an interview without looking at my notes.", INTERVIEWS, True, ("ruth",)),
    (2, "Wrote my first working JOIN.", "", False, ()),
    (6, "Said no to a fourth ticket queue.", "", False, ()),
    (8, "Asked the question I was afraid of.", INTERVIEWS, False, ("ruth", "priya")),
    (12, "Priya used my summary in the planning meeting.", INTERVIEWS, False, ()),
    (19, "Three interviews done.", INTERVIEWS, False, ()),
    (27, "Leo gave his first handover without me in the room.", "", True, ()),
    (33, "Told Priya what I want to do next.", "", False, ()),
    (41, "Half an hour of tickets tagged, and Leo and I agreed on most.", "", False, ()),
    (47, "The receptionist waved when I came in.", "", False, ()),
    (60, "Finished the book on interviewing.", "", False, ()),
    (75, "Two strips torn off my note on the board.", INTERVIEWS, False, ()),
    (82, "Asked for the small room and got it.", "", False, ()),
    (97, "Wrote to Ruth.", "", True, ()),
    (118, "Swapped a shift without apologising.", "", False, ()),
)
NOTE = "About ten minutes in I noticed that I had stopped looking down. She told me about the phone ringing while someone cries at the desk, and I just waited."
# What was said about the first of them: who, at which hour of that day.
SAID = (
    ("ruth", 20, "That is the one that took me two years. What did you do with your hands while you waited?"),
    ("amara", 21, "I sat on them. It helped more than I would like to say."),
)
OF_MENTEES = (("leo", 3, "My handover took four minutes."), ("sofia", 5, "I said my sentence out loud, twice."))


def fill(cast: Any, today: date) -> None:
    """Write them once; what is there already stays."""
    if not Win.objects.filter(owner=cast.amara).exists():
        for ago, text, title, has_star, readers in WINS:
            win = _make(cast.amara, today - timedelta(days=ago), text, NOTE if ago == 1 else "")
            win.goal = Goal.objects.owned_by(cast.amara).filter(title=title).first() if title else None
            win.starred_at = win.created_at if has_star else None
            win.save()
            win.shared_with.set([cast.mentorships["amara", reader] for reader in readers])
            for author, hour, words in SAID if ago == 1 else ():
                WinComment.objects.create(
                    item=win,
                    mentorship=cast.mentorships["amara", "ruth"],
                    author=getattr(cast, author),
                    text=words,
                    created_at=win.created_at.replace(hour=hour),
                )
    for name, ago, text in OF_MENTEES:
        owner = getattr(cast, name)
        if not Win.objects.filter(owner=owner).exists():
            _make(owner, today - timedelta(days=ago), text).shared_with.add(cast.mentorships[name, "amara"])


def _make(owner: Any, day: date, text: str, note: str = "") -> Win:
    at = datetime.combine(day, time(17, 30), tzinfo=owner.time_zone)
    return Win.objects.create(owner=owner, text=text, note=note, happened_on=day, created_at=at)
