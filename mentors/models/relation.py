"""What the two of a relation leave for each other."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from goals.models import Goal
from journal.models import Entry
from mentors.models.invitation import MAX_NOTE_LENGTH
from sharing.models import Mentorship
from wins.models import Win


class Farewell(models.Model):
    """Kind words that one of the two left: with the end, or afterwards as a thank-you. Both can read them."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="farewells")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="farewells")
    words = models.TextField(max_length=MAX_NOTE_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["mentorship", "author"],
                violation_error_message="You have left your last words already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_words",
                condition=~Q(words=""),
                violation_error_message="A farewell needs words.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name} on {self.mentorship}"

    @property
    def author_name(self) -> str:
        return str(self.author) if self.author_id else "former member"


class Seen(models.Model):
    """A reader's tick on one shared thing: it waits for them no longer, until its owner writes there again."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="seen")
    goal = models.ForeignKey(Goal, models.CASCADE, null=True, related_name="seen")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="seen")
    win = models.ForeignKey(Win, models.CASCADE, null=True, related_name="seen")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_one_thing",
                condition=Q(goal__isnull=False, entry=None, win=None)
                | Q(goal=None, entry__isnull=False, win=None)
                | Q(goal=None, entry=None, win__isnull=False),
                violation_error_message="A tick is on one thing: a goal, an entry or a win.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_goal_once",
                fields=["mentorship", "goal"],
                condition=Q(goal__isnull=False),
                violation_error_message="You have seen this already.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_entry_once",
                fields=["mentorship", "entry"],
                condition=Q(entry__isnull=False),
                violation_error_message="You have seen this already.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_win_once",
                fields=["mentorship", "win"],
                condition=Q(win__isnull=False),
                violation_error_message="You have seen this already.",
            ),
        ]

    def __str__(self) -> str:
        return f"seen {self.at:%Y-%m-%d}"
