import factory
from factory.django import DjangoModelFactory

from contacts.models import Import, ImportRow
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT


class ImportFactory(DjangoModelFactory):
    """A file that was read and waits for its owner; `state="done", applied_at=...` was imported."""

    class Meta:
        model = Import

    owner = factory.SubFactory(UserFactory)
    file_name = factory.Sequence(lambda n: f"contacts-{n}.csv")
    kind = "csv"
    state = "ready"
    size = 1000
    region = "DE"
    created_at = ADDED_AT


class ImportRowFactory(DjangoModelFactory):
    """Somebody new in such a file."""

    class Meta:
        model = ImportRow

    source = factory.SubFactory(ImportFactory)
    number = factory.Sequence(lambda n: n + 1)
    line = factory.SelfAttribute("number")
    name = factory.Sequence(lambda n: f"Anna Becker {n}")
    card = factory.LazyAttribute(lambda row: {"line": row.line, "name": row.name})
    finding = "new"
    decision = "add"
