"""Adding somebody, and changing what is said of them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import User
from contacts.models import Contact, Way
from contacts.services.conversations import REPEAT_WINDOW, hold
from contacts.services.country import compare_numbers

EDITED = [
    "name", "organisation", "role", "how_met", "why", "offer", "hoped_for", "topics", "circle", "own_every", "own_unit",
    "tags", "birthday", "notes",
]  # fmt: skip


@transaction.atomic
def add_contact(*, contact: Contact, ways: list[Way], by: User, at: datetime) -> Contact:
    """Store somebody new, and how to reach them. Sent twice within a minute it is one: who is there already is returned."""
    hold(by)
    same: dict[str, Any] = {name: getattr(contact, name) for name in EDITED}
    lately = Contact.objects.owned_by(by).filter(**same, created_at__gt=at - REPEAT_WINDOW)
    for found in lately.filter(sort_name=Lower(Value(contact.name))).prefetch_related("ways").order_by("pk"):
        if [(way.kind, way.label, way.value) for way in found.ways.all()] == [
            (way.kind, way.label, way.value) for way in ways
        ]:
            return found
    contact.owner, contact.created_at = by, at
    contact.save()
    _set_ways(contact, ways, by)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, before: Contact, ways: list[Way], by: User, expected: int) -> Contact:
    """Store what the form says of somebody; raise StaleEdit if another tab was faster."""
    fields = EDITED
    if contact.name != before.name:  # what an address book called their parts is no longer this name
        contact.name_parts, fields = [], [*EDITED, "name_parts"]
    contact.save_version(expected=expected, update_fields=fields)
    _set_ways(contact, ways, by)
    return contact


def _set_ways(contact: Contact, ways: list[Way], by: User) -> None:
    """Let these be the ways to reach somebody; those that stay as they are are not written anew."""
    before = list(contact.ways.all())
    # A number keeps the country it was once taken to be from, wherever it stands now.
    known = {(way.kind, way.value): way.compared for way in before}
    stored = {(way.kind, way.label, way.value, way.position): way.pk for way in before}
    new = [way for way in ways if stored.pop((way.kind, way.label, way.value, way.position), None) is None]
    if stored:
        contact.ways.filter(pk__in=stored.values()).delete()
    for way in new:
        way.contact, way.owner_id = contact, contact.owner_id
        way.compared = way.compared or known.get((way.kind, way.value), "")
    compare_numbers(new, by)
    Way.objects.bulk_create(new)
