"""The exports of other programs, on their whole way in: what comes of each, and that it comes once."""

from pathlib import Path

import pytest

from contacts.imports.work import work
from contacts.models import Contact
from contacts.services import importing
from contacts.services.export import table, vcards
from tests.contacts.imports.files import apply, read, undo
from tests.contacts.imports.test_applying import state_of
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, WayFactory

pytestmark = pytest.mark.django_db
FILES = sorted(path for path in (Path(__file__).parents[1] / "files").iterdir() if path.stat().st_size)


@pytest.mark.same_statements
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_export_of_another_program_comes_in_once(path):
    owner = UserFactory()
    content = path.read_bytes()
    source = read(owner, content, name=path.name)
    if source.state == "mapping":
        importing.read_again(source=source, mapping=source.mapping)
        source = read_on(source)
    assert source.state == "ready", source.problem
    importing.choose_all(source=source, finding="look", decision="add")
    source = apply(source)
    assert source.added
    before = state_of(owner)

    again = read(owner, content, name=path.name)
    if again.state == "mapping":
        importing.read_again(source=again, mapping=source.mapping)
        again = read_on(again)

    # Two cards of one person under two names: the second name is a question each time.
    known = {"same", "bad", "look"} if path.name == "same-uid.vcf" else {"same", "bad"}
    assert set(again.rows.values_list("finding", flat=True)) <= known
    apply(again)
    assert state_of(owner) == before
    undo(again)
    undo(source)
    assert not Contact.objects.owned_by(owner).exists()


def read_on(source):
    work()
    source.refresh_from_db()
    return source


@pytest.mark.parametrize(("write", "name"), [(vcards, "people.vcf"), (table, "people.csv")])
def test_what_was_written_here_comes_back_as_the_same(write, name):
    owner = UserFactory()
    hannah = ContactFactory(
        owner=owner, name="Hannah Vogel", name_parts=["Vogel", "Hannah", "", "", ""], organisation="St Anne's, Ward 3",
        role="Practice manager", how_met="at a lunch", why="=She asks well", hoped_for="Advice;\nand time", offer="Notes",
        notes="One\n\nTwo", topics=["clinics"], tags=["long walks", "Tea"], birthday="--04-12", circle="own", own_every=6,
        own_unit="weeks", extra=[{"name": "X-LUNCH", "value": "soup"}],
    )  # fmt: skip
    WayFactory(contact=hannah, value="hannah@example.org", label="work")
    WayFactory(contact=hannah, kind="phone", value="030 901820", compared="+4930901820", position=1)
    WayFactory(contact=hannah, kind="address", value="12 Long Street, Leeds", compared="", position=2)
    ContactFactory(owner=owner, name="Old Friend", archived_at=ADDED_AT)
    content = b"".join(write(Contact.objects.owned_by(owner), **({"at": ADDED_AT} if write is vcards else {})))
    before = state_of(owner)

    source = read(owner, content, name=name)

    assert set(source.rows.values_list("finding", flat=True)) == {"same"}
    assert state_of(apply(source).owner) == before
