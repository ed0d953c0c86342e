"""The exports of other programs, on their whole way in: what comes of each, and that it comes once."""

from pathlib import Path

import pytest

from contacts.imports.work import work
from contacts.models import Contact
from contacts.services import importing
from tests.contacts.imports.files import apply, read, undo
from tests.contacts.imports.test_applying import state_of
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
FILES = sorted(path for path in (Path(__file__).parents[1] / "files").iterdir() if path.stat().st_size)


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
