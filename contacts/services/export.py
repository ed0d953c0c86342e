"""Contacts as a file for another address book, one after the other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

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
    for contact in _with_ways(contacts).iterator(CHUNK):
        yield write.vcard(_card(contact), at=at)


def table(contacts: ContactQuerySet) -> Iterator[bytes]:
    """Yield the rows of a table (CSV), one statement too.

    Every row brings how many columns the table needs: asked before the rows, somebody who is added meanwhile would lose
    what has no column. Postgres counts once.
    """
    ways = Way.objects.filter(contact__in=contacts.order_by().values("pk")).order_by()
    counts = ways.values("contact").annotate(number=Count("pk")).order_by("-number").values("number")
    most = JSONObject(**{kind: Subquery(counts.filter(kind=kind)[:1]) for kind in Way.Kind.values})
    columns: dict[str, int] | None = None
    for contact in _with_ways(contacts).annotate(most_ways=most).iterator(CHUNK):
        if columns is None:
            columns = {kind: number or 0 for kind, number in contact.most_ways.items()}
            yield table_write.heading(columns)
        yield table_write.row(_card(contact), columns)
    if columns is None:
        yield table_write.heading({})


def _with_ways(contacts: ContactQuerySet) -> Any:
    one = JSONObject(kind="kind", value="value", label="label", compared="compared")
    ways = Way.objects.filter(contact=OuterRef("pk")).order_by().values("contact")
    together = ways.annotate(all=JSONBAgg(one, order_by=("position", "pk"))).values("all")
    return contacts.annotate(ways_as_json=Subquery(together))


def _card(contact: Any) -> Card:
    return card_from(contact, contact.ways_as_json or [])
