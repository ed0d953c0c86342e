"""What people answer when somebody's turn has come, besides being in touch: later, not this time, no longer."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from contacts.models import Contact, Pace
from contacts.services.conversations import deal_with


@transaction.atomic
def snooze(*, contact: Contact, until: date, today: date) -> None:
    """Move the turn of somebody back to a day; from then on they are due again."""
    deal_with([contact.pk], today=today)
    contact.snoozed_until = until
    contact.save(update_fields=["snoozed_until"])


@transaction.atomic
def skip(*, contact: Contact, today: date) -> None:
    """Leave out this round: the rhythm runs on from today, as if one had been in touch."""
    deal_with([contact.pk], today=today)
    contact.skipped_on, contact.snoozed_until = today, None
    contact.save(update_fields=["skipped_on", "snoozed_until"])


@transaction.atomic
def stop(*, contact: Contact, today: date) -> None:
    """Be reminded of somebody no longer. How often it was stays written, for the way back."""
    deal_with([contact.pk], today=today)
    _set(contact, circle=Contact.Circle.NONE)


def take_back(*, contact: Contact, circle: str, skipped_on: date | None, snoozed_until: date | None) -> None:
    """Undo one of the three: the rhythm and its days are as they were."""
    _set(contact, circle=circle, skipped_on=skipped_on, snoozed_until=snoozed_until)


def set_pace(*, owner: User, per_week: int) -> None:
    """Keep how many people a week somebody wants to be asked for."""
    Pace.objects.update_or_create(owner=owner, defaults={"per_week": per_week})


def _set(contact: Contact, **values: Any) -> None:
    """Save these, and let a form that was opened before know that the circle is another one."""
    Contact.objects.filter(pk=contact.pk).update(**values, version=F("version") + 1)
