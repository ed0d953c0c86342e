"""What goes out by the export comes back by the import, and changes nothing."""

from collections import Counter
from dataclasses import replace

import pytest

from contacts.imports import applying
from contacts.models import Contact
from contacts.services.export import table, vcards
from tests.contacts.cards.test_round_trip import as_vcards, people
from tests.contacts.imports.files import apply, read
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, WayFactory

pytestmark = pytest.mark.django_db
FIELDS = [field.name for field in Contact._meta.fields if field.name not in ("id", "created_at", "owner")]


def own_ways(card, number):
    """The card with addresses and numbers that nobody else has: those of two would be one person to an import."""
    values = {"email": f"Person.{number}@Example.org", "phone": f"+49 30 {900_000 + number}"}
    ways = {(way.kind, values.get(way.kind, way.value)): way for way in card.ways}
    return replace(card, ways=tuple(replace(way, value=value) for (_, value), way in ways.items()))


def stored(owner):
    """Everything there is of each contact, ways too."""
    contacts = Contact.objects.owned_by(owner).order_by("uid").prefetch_related("ways")
    return [
        [getattr(contact, name) for name in FIELDS] + [(way.kind, way.value, way.label) for way in contact.ways.all()]
        for contact in contacts
    ]


@pytest.mark.parametrize("kind", ["vcf", "csv"])
def test_what_was_exported_changes_nothing(kind):
    owner = UserFactory()
    cards = [own_ways(card, number) for number, card in enumerate(people(seed=11, count=200))]
    apply(read(owner, as_vcards(cards)))
    before = stored(owner)
    mine = Contact.objects.owned_by(owner).order_by("sort_name", "pk")
    file = b"".join(vcards(mine, at=ADDED_AT) if kind == "vcf" else table(mine))

    again = read(owner, file, name=f"contacts.{kind}")
    findings = Counter(again.rows.values_list("finding", flat=True))
    apply(again)

    assert len(before) == 200
    assert findings == {"same": 200}
    assert stored(owner) == before


@pytest.mark.parametrize("kind", ["vcf", "csv"])
def test_what_two_have_together_comes_back_too(kind):
    """More than one can type: two contacts that were made one have the tags, topics, ways and notes of both."""
    owner, other = UserFactory(), UserFactory()
    words = [f"word {number}" for number in range(100)]
    both = ContactFactory(owner=owner, tags=words, topics=words, notes="n" * 100_000)
    for number in range(60):
        WayFactory(contact=both, value=f"Person.{number}@Example.org", position=number)
    mine = Contact.objects.owned_by(owner).order_by("sort_name", "pk")
    file = b"".join(vcards(mine, at=ADDED_AT) if kind == "vcf" else table(mine))

    same = read(owner, file, name=f"contacts.{kind}").rows.get()
    apply(read(other, file, name=f"contacts.{kind}"))

    assert same.finding == "same"
    assert stored(other) == stored(owner)


@pytest.mark.parametrize("kind", ["vcf", "csv"])
@pytest.mark.parametrize("chunk", [1, 200])
def test_couple_of_one_name_and_one_number_stays_a_couple(monkeypatch, kind, chunk):
    monkeypatch.setattr(applying, "CHUNK", chunk)
    owner, other = UserFactory(), UserFactory()
    for name in ("Anna Becker", "Ben Becker"):
        contact = ContactFactory(owner=owner, name=name)
        WayFactory(contact=contact, value="becker@example.org")
        WayFactory(contact=contact, kind="phone", value="+49 30 901820", compared="+4930901820", position=1)
    mine = Contact.objects.owned_by(owner).order_by("sort_name", "pk")
    file = b"".join(vcards(mine, at=ADDED_AT) if kind == "vcf" else table(mine))

    first = apply(read(other, file, name=f"people.{kind}"))
    again = read(other, file, name=f"people.{kind}")

    assert (first.added, first.updated) == (2, 0)
    assert stored(other) == stored(owner)
    assert set(again.rows.values_list("finding", flat=True)) == {"same"}
