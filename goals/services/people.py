"""Whom of one's contacts a goal names. Nobody but its owner is told."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from contacts.models import Contact
from goals.models import Goal
from goals.services.history import locked

MOST_PEOPLE = 100


@transaction.atomic
def name_contact(*, goal: Goal, contact: Contact, by: User) -> None:
    """Let a goal name one of its owner's contacts; twice is once. Raises ValidationError beyond 100 people."""
    row = locked(goal, by)
    if contact.owner_id != row.owner_id:
        raise ValueError(f"{contact} is not of the owner of {goal}")
    if row.contacts.exclude(pk=contact.pk).count() >= MOST_PEOPLE:
        raise ValidationError(f"{MOST_PEOPLE} people are enough for one goal.")
    row.contacts.add(contact)


@transaction.atomic
def leave_contact(*, goal: Goal, contact: Contact, by: User) -> None:
    """Let a goal name somebody no longer; the person stays."""
    locked(goal, by).contacts.remove(contact)


@transaction.atomic
def set_goals(*, contact: Contact, wanted: Iterable[Goal], shown: Iterable[Goal], by: User) -> None:
    """Let these goals name somebody, and of those that were `shown` no others."""
    chosen = {goal.pk for goal in wanted}
    for goal in shown:
        if goal.pk in chosen:
            name_contact(goal=goal, contact=contact, by=by)
        else:
            leave_contact(goal=goal, contact=contact, by=by)
