"""Workers that die over a file of contacts: at each moment of reading, applying and taking back. Every row counts once."""

from collections import Counter

import pytest
from django.utils import timezone

from config.celery import app
from contacts.models import Contact, Import
from contacts.services import importing
from devstack.faults import wait_until
from tests.contacts.imports.files import card, upload
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory

PEOPLE, KNOWN = 520, 20  # more than one chunk of each step
TASK = "contacts.tasks.work_on_imports"


@pytest.fixture
def owner(transactional_db):
    owner = UserFactory()
    for number in range(KNOWN):
        ContactFactory(owner=owner, name=f"Anna {number}", uid=f"a{number}")
    return owner


def come_to(source, state, outbox):
    """Let leases end and beat tick until the import is there."""

    def arrived():
        Import.objects.filter(pk=source.pk).update(lease_until=timezone.now())
        app.send_task(TASK)
        return wait_until(lambda: Import.objects.get(pk=source.pk).state == state, patience=8, pause=0.1)

    assert outbox.has_fired()
    assert wait_until(arrived, patience=60, pause=0.1), Import.objects.values().get(pk=source.pk)


def test_kill_at_each_moment_of_an_import(owner, outbox, worker):
    """F8, F10 for imports: SIGKILL in mid reading, before and after a chunk is committed, and in mid undo."""
    worker()
    text = "".join(card(f"Anna {n}", uid=f"a{n}", email=f"a{n}@example.org") for n in range(PEOPLE))

    outbox.arm("imports.before_rows")
    source = upload(owner, text)
    come_to(source, "ready", outbox)
    assert source.rows.count() == PEOPLE

    for place in ("imports.before_commit", "imports.after_commit"):
        outbox.arm(place)
        if place == "imports.before_commit":
            importing.start(source=source, at=timezone.now())
        else:
            app.send_task(TASK)
        assert outbox.has_fired()
        Import.objects.filter(pk=source.pk).update(lease_until=timezone.now())
    app.send_task(TASK)
    assert wait_until(lambda: Import.objects.get(pk=source.pk).state == "done", patience=60, pause=0.2)

    source.refresh_from_db()
    names = Counter(Contact.objects.owned_by(owner).values_list("name", flat=True))
    assert len(names) == sum(names.values()) == PEOPLE
    assert (source.added, source.updated, source.done) == (PEOPLE - KNOWN, KNOWN, PEOPLE)
    assert Contact.objects.filter(owner=owner, ways__isnull=False).count() == PEOPLE

    outbox.arm("imports.before_undone")
    importing.start_undo(source=source, at=timezone.now())
    come_to(source, "undone", outbox)
    assert Contact.objects.owned_by(owner).count() == KNOWN
    assert not Contact.objects.owned_by(owner).filter(ways__isnull=False).exists()
