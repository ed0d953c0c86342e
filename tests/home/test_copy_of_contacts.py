import json
from datetime import UTC, datetime

import pytest

from contacts.models import HomeCountry, Pace
from home.export import copy_of
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, InteractionFactory, WayFactory
from tests.factories.goals import GoalFactory
from tests.factories.importing import ImportFactory, ImportRowFactory

pytestmark = pytest.mark.django_db


def test_copy_holds_everything_that_was_noted_of_people(cast):
    hannah = ContactFactory(
        owner=cast.owner, name="Hannah", why="WHY", notes="NOTES", tags=["clinics"], circle="own", own_every=2,
        own_unit="weeks", extra=["X-ODD:1"],
    )  # fmt: skip
    WayFactory(contact=hannah, value="H@example.org", label="Work")
    gone = ContactFactory(owner=cast.owner, deleted_at=ADDED_AT)
    ContactFactory(owner=cast.mentor, name="THEIRS")
    GoalFactory(owner=cast.owner).contacts.add(hannah)
    talk = InteractionFactory(owner=cast.owner, people=[hannah], notes="SAID")
    FollowUpFactory(contact=hannah, interaction=talk, text="PROMISED")
    Pace.objects.create(owner=cast.owner, per_week=3)
    HomeCountry.objects.create(owner=cast.owner, code="DE")

    copy = json.loads("".join(copy_of(cast.owner, now=datetime(2026, 11, 28, tzinfo=UTC))))

    first, second = copy["contacts"]
    assert (first["id"], first["uid"], first["why"], first["notes"]) == (hannah.pk, hannah.uid, "WHY", "NOTES")
    assert (first["tags"], first["own_every"], first["own_unit"], first["extra"]) == (
        ["clinics"],
        2,
        "weeks",
        ["X-ODD:1"],
    )
    assert first["ways"] == [{"kind": "email", "label": "Work", "value": "H@example.org"}]
    assert (second["id"], second["deleted_at"]) == (gone.pk, "2026-11-17T17:30:00Z")
    assert copy["goals"][0]["contacts"] == [hannah.pk]
    (said,), (promised,) = copy["conversations"], copy["follow_ups"]
    assert (said["notes"], said["contacts"]) == ("SAID", [hannah.pk])
    assert (promised["text"], promised["contact"], promised["conversation"]) == ("PROMISED", hannah.pk, talk.pk)
    assert copy["people_a_week"] == [{"per_week": 3}]
    assert copy["country_of_numbers"] == [{"code": "DE", "is_guess": True}]
    assert "THEIRS" not in json.dumps(copy)


def test_copy_names_files_of_contacts_without_what_stood_in_them():
    row = ImportRowFactory(source__file_name="people.csv", name="SECRETROW")
    ImportFactory(file_name="of somebody else.csv")

    copy = json.loads("".join(copy_of(row.source.owner, now=ADDED_AT)))

    assert [(each["file_name"], each["state"]) for each in copy["contact_files"]] == [("people.csv", "ready")]
    assert "SECRETROW" not in str(copy)
