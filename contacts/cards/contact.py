"""A contact as a card, on its way out."""

from collections.abc import Iterable, Mapping
from typing import Any

from contacts.cards.card import Card, CardWay
from contacts.models import Contact


def card_from(contact: Contact, ways: Iterable[Mapping[str, Any]]) -> Card:
    """Return the card of a contact and its ways, given as rows of kind, value, label and compared in their order."""
    return Card(
        line=0,
        name=contact.name,
        uid=contact.uid,
        name_parts=tuple(contact.name_parts),
        organisation=contact.organisation,
        role=contact.role,
        ways=tuple(CardWay(**way) for way in ways),
        birthday=contact.birthday,
        note=contact.notes,
        tags=tuple(contact.tags),
        how_met=contact.how_met,
        why=contact.why,
        hoped_for=contact.hoped_for,
        offer=contact.offer,
        topics=tuple(contact.topics),
        circle=contact.circle,
        own_every=contact.own_every,
        own_unit=contact.own_unit,
        is_archived=contact.is_archived,
        extra=tuple(contact.extra),
    )
