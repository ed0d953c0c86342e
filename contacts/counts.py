"""What waits among the people one knows, for the frame around every page: promises past their day, plans nobody said
anything about since, and the people who are asked for and overdue.
"""

from datetime import date
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, Value

from accounts.models import User
from contacts.models import Contact, FollowUp, Interaction, Pace
from contacts.models.pace import PER_WEEK, PER_WEEK_AT_MOST

# More than this is told as 99+.
MOST_TOLD = 99
NAMES = ("promises_late", "plans_past", "turns_late", "pace", "dealt")


def frame_pieces(user: User, *, day: date, monday: date, sunday: date) -> tuple[QuerySet, ...]:
    """Return rows of (name, number) for a UNION ALL. What waits comes one by one and no further than is told apart, so
    that a frame costs no more for somebody who let thousands pile up.
    """
    late = FollowUp.objects.owned_by(user).still_open().filter(due_on__lt=day).order_by("due_on", "pk")
    past = Interaction.objects.owned_by(user).planned().filter(happened_on__lt=day).order_by("happened_on", "pk")
    turns = Contact.objects.owned_by(user).in_turn().filter(due_on__lt=day)
    dealt = Contact.objects.owned_by(user).dealt_with(monday, sunday).order_by("dealt_with_on")
    one: Any = Value(1, output_field=IntegerField())
    return (
        _rows(late, "promises_late", one)[: MOST_TOLD + 1],
        _rows(past, "plans_past", one)[: MOST_TOLD + 1],
        _rows(turns, "turns_late", one)[:PER_WEEK_AT_MOST],
        _rows(dealt, "dealt", one)[:PER_WEEK_AT_MOST],
        _rows(Pace.objects.owned_by(user), "pace", F("per_week")),
    )


def waiting(counts: dict[str, int]) -> int:
    """Return how much waits, out of what the pieces gave: of the overdue no more than are asked for this week."""
    asked = max(0, (counts["pace"] or PER_WEEK) - counts["dealt"])
    return counts["promises_late"] + counts["plans_past"] + min(counts["turns_late"], asked)


def say(number: int) -> str:
    """Return the number as the frame shows it: 7, or 99+."""
    return str(number) if number <= MOST_TOLD else f"{MOST_TOLD}+"


def _rows(rows: QuerySet, name: str, number: Any) -> QuerySet:
    word: Any = Value(name, output_field=CharField())
    return rows.annotate(name_=word, number_=number).values_list("name_", "number_")
