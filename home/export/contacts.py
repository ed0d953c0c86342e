"""What the copy holds of the people one knows, of what was said and of what was promised."""

from collections.abc import Iterator

from accounts.models import User
from contacts.models import Apart, Contact, FollowUp, HomeCountry, Import, Interaction, Merge, Pace
from home.export.document import CHUNK, Row, pick, section


@section("contacts")
def _contacts(user: User) -> Iterator[Row]:
    for row in Contact.objects.all_of(user).order_by("pk").prefetch_related("ways").iterator(CHUNK):
        fields = ["id", "uid", "name", "name_parts", "organisation", "role", "how_met", "why", "hoped_for", "offer"]
        fields += ["notes", "topics", "tags", "birthday", "circle", "own_every", "own_unit", "last_contact_on"]
        fields += ["skipped_on", "snoozed_until", "due_on", "archived_at", "created_at", "deleted_at", "extra"]
        yield pick(row, *fields) | {"ways": [pick(way, "kind", "label", "value") for way in row.ways.all()]}


@section("conversations")
def _conversations(user: User) -> Iterator[Row]:
    rows = Interaction.objects.all_of(user).order_by("happened_on", "pk").prefetch_related("people")
    for row in rows.iterator(CHUNK):
        fields = ("id", "kind", "state", "happened_on", "notes", "gave", "received", "next_step", "created_at")
        yield pick(row, *fields, "deleted_at") | {"contacts": [contact.pk for contact in row.people.all()]}


@section("follow_ups")
def _follow_ups(user: User) -> Iterator[Row]:
    for row in FollowUp.objects.all_of(user).order_by("due_on", "pk").iterator(CHUNK):
        fields = ("text", "due_on", "direction", "state", "outcome", "closed_at", "created_at", "deleted_at")
        yield pick(row, *fields) | {"contact": row.contact_id, "conversation": row.interaction_id}


@section("people_a_week")
def _pace(user: User) -> Iterator[Row]:
    for row in Pace.objects.filter(owner=user):
        yield pick(row, "per_week")


@section("country_of_numbers")
def _country(user: User) -> Iterator[Row]:
    for row in HomeCountry.objects.filter(owner=user):
        yield pick(row, "code", "is_guess")


@section("contact_files")
def _imports(user: User) -> Iterator[Row]:
    for row in Import.objects.owned_by(user).order_by("created_at", "pk"):
        yield pick(row, "file_name", "kind", "state", "added", "updated", "created_at", "applied_at", "undone_at")


@section("merged_contacts")
def _merges(user: User) -> Iterator[Row]:
    for row in Merge.objects.filter(owner=user).order_by("pk"):
        yield pick(row, "merged_at", "changed") | {"kept": row.kept_id, "gone": row.gone_id}


@section("not_the_same_person")
def _apart(user: User) -> Iterator[Row]:
    for row in Apart.objects.filter(owner=user).order_by("pk"):
        yield {"contacts": [row.first_id, row.second_id], "said_at": row.said_at}
