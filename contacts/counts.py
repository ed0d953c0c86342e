"""What waits among the people one knows, for the frame around every page: promises past their day, plans nobody said
anything about since, and the people who are asked for and overdue.
"""

from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Value

from accounts.models import User
from contacts.models import Contact, FollowUp, Interaction, Pace
from contacts.models.pace import PER_WEEK, PER_WEEK_AT_MOST

NAMES = ("promises_late", "plans_past", "turns_late", "pace", "dealt")


def frame_pieces(user: User, *, day: date, monday: date, sunday: date) -> tuple[QuerySet, ...]:
    """Return rows of (name, number) for a UNION ALL; people who are overdue come one by one, no more than any pace."""
    late = FollowUp.objects.owned_by(user).still_open().filter(due_on__lt=day)
    past = Interaction.objects.owned_by(user).planned().filter(happened_on__lt=day)
    turns = Contact.objects.owned_by(user).in_turn().filter(due_on__lt=day)
    one: Any = Value(1, output_field=IntegerField())
    dealt = Contact.objects.owned_by(user).dealt_with(monday, sunday)
    return (
        _counted(late, "promises_late"),
        _counted(past, "plans_past"),
        turns.annotate(name_=_word("turns_late"), number_=one).values_list("name_", "number_")[:PER_WEEK_AT_MOST],
        Pace.objects.owned_by(user)
        .annotate(name_=_word("pace"), number_=F("per_week"))
        .values_list("name_", "number_"),
        _counted(dealt, "dealt"),
    )


def waiting(counts: dict[str, int]) -> int:
    """Return how much waits, out of what the pieces gave: of the overdue no more than are asked for this week."""
    asked = max(0, (counts["pace"] or PER_WEEK) - counts["dealt"])
    return counts["promises_late"] + counts["plans_past"] + min(counts["turns_late"], asked)


def _word(name: str) -> Any:
    return Value(name, output_field=CharField())


def _counted(rows: QuerySet, name: str) -> QuerySet:
    return (
        rows.order_by()
        .annotate(name_=_word(name))
        .values("name_")
        .annotate(number_=Count("pk"))
        .values_list("name_", "number_")
    )
