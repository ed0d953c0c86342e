"""What the copy holds of where one meets people: associations, events, conversations one asked for."""

from collections.abc import Iterator

from accounts.models import User
from contacts.models import Association, Event, Interview, Introduction
from home.export.document import CHUNK, Row, pick, section


@section("associations")
def _associations(user: User) -> Iterator[Row]:
    for row in Association.objects.all_of(user).order_by("pk").iterator(CHUNK):
        yield pick(row, "id", "name", "link", "why", "fee", "renews_on", "created_at", "deleted_at")


@section("events")
def _events(user: User) -> Iterator[Row]:
    rows = Event.objects.all_of(user).order_by("happens_on", "pk").prefetch_related("talks")
    for row in rows.iterator(CHUNK):
        fields = (
            "id",
            "name",
            "happens_on",
            "hour",
            "place",
            "aim",
            "who",
            "notes",
            "state",
            "created_at",
            "deleted_at",
        )
        linked = {"association": row.association_id, "conversations": [talk.pk for talk in row.talks.all()]}
        yield pick(row, *fields) | linked


@section("interviews")
def _interviews(user: User) -> Iterator[Row]:
    rows = Interview.objects.all_of(user).order_by("created_at", "pk").prefetch_related("mails")
    for row in rows.iterator(CHUNK):
        fields = (
            "id", "state", "why", "asking", "questions", "notes", "outcome", "asked_on", "asked_again_on", "starts_at",
            "minutes", "place", "held_on", "created_at", "closed_at", "deleted_at",
        )  # fmt: skip
        mails = [pick(mail, "to", "method", "words", "starts_at", "sent_at") for mail in row.mails.all()]
        yield pick(row, *fields) | {"contact": row.contact_id, "conversation": row.talk_id, "invitations": mails}


@section("contact_introductions")
def _introductions(user: User) -> Iterator[Row]:
    for row in Introduction.objects.all_of(user).order_by("created_at", "pk").iterator(CHUNK):
        linked = {"first": row.first_id, "second": row.second_id, "conversation": row.talk_id}
        yield pick(row, "id", "state", "why", "created_at", "closed_at", "deleted_at") | linked
