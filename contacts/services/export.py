"""Contacts as a file for another address book, one after the other."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import JSONObject

from contacts.cards import table_write, write
from contacts.cards.card import Card
from contacts.cards.contact import card_from
from contacts.models import ContactQuerySet, Way

CHUNK = 200  # contacts in memory at once


def vcards(contacts: ContactQuerySet, *, at: datetime) -> Iterator[bytes]:
    """Yield a vCard 4.0 for each: one statement, however many there are."""
    for card in _cards(contacts):
        yield write.vcard(card, at=at)


def table(contacts: ContactQuerySet) -> Iterator[bytes]:
    """Yield the rows of a table (CSV): two statements, of which the first counts the columns that are needed."""
    ways = Way.objects.filter(contact__in=contacts.order_by().values("pk")).order_by()
    counts = ways.values("contact", "kind").annotate(number=Count("pk")).values_list("kind", "number").distinct()
    most: dict[str, int] = {}
    for kind, number in counts:
        most[kind] = max(number, most.get(kind, 0))
    yield table_write.heading(most)
    for card in _cards(contacts):
        yield table_write.row(card, most)


def _cards(contacts: ContactQuerySet) -> Iterator[Card]:
    one = JSONObject(kind="kind", value="value", label="label", compared="compared")
    ways = Way.objects.filter(contact=OuterRef("pk")).order_by().values("contact")
    together = ways.annotate(all=JSONBAgg(one, order_by=("position", "pk"))).values("all")
    for contact in contacts.annotate(ways_as_json=Subquery(together)).iterator(CHUNK):
        yield card_from(contact, getattr(contact, "ways_as_json", None) or [])
