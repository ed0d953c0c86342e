"""A file of contacts on its way in: what was uploaded, what each of its rows would do, and what it did."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When

from contacts.models.contact import NAME_LENGTH, Contact
from core.encrypted import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

# How long a file that was not imported is kept, and how long an import can be undone.
WAIT_DAYS, UNDO_DAYS = 7, 30
# A step of the worker that failed or died so often in a row is given up.
MAX_ATTEMPTS = 3


class ImportQuerySet(models.QuerySet["Import"]):
    def owned_by(self, user: "User | AnonymousUser") -> Self:
        return self.filter(owner_id=user.pk)

    def unfinished(self) -> Self:
        """Uploaded, and not yet imported."""
        return self.filter(state__in=Import.BEFORE)

    def done(self) -> Self:
        return self.filter(state="done")

    def uploaded_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)

    def applied_before(self, moment: datetime) -> Self:
        return self.filter(applied_at__lt=moment)


class Import(models.Model):
    """One file of contacts that its owner uploaded. A worker reads it, the owner looks, a worker applies it."""

    class Kind(models.TextChoices):
        VCARD = "vcard", "vCard"
        CSV = "csv", "Table (CSV)"

    class State(models.TextChoices):
        MAPPING = "mapping", "Columns to name"
        READING = "reading", "Being read"
        READY = "ready", "Waiting for you"
        FAILED = "failed", "Could not be read"
        APPLYING = "applying", "Being imported"
        DONE = "done", "Imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    BEFORE = (State.MAPPING, State.READING, State.READY, State.FAILED)
    WORKED_ON = (State.READING, State.APPLYING, State.UNDOING)

    owner_id: int
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contacts_imports")
    file_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=5, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    size = models.PositiveIntegerField()  # of the file, in bytes
    # The country whose numbers are written without a code in front, in two letters (ISO 3166).
    region = models.CharField(max_length=2)
    # Of a table: its heading as a line of it, and what each column means (contacts.cards.headings).
    heading = models.TextField(blank=True)
    mapping = models.JSONField(default=dict)
    # How far the worker is: bytes while reading, rows while importing, people while undoing.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(editable=False)
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The worker that has it in hand, by the database's clock; attempts since it last came further.
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_applied_has_a_time",
                condition=Q(state__in=["mapping", "reading", "ready", "failed"], applied_at=None)
                | (~Q(state__in=["mapping", "reading", "ready", "failed"]) & Q(applied_at__isnull=False)),
                violation_error_message="What was imported has a time.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_undone_has_a_time",
                condition=(Q(state__in=["undoing", "undone"]) & Q(undone_at__isnull=False))
                | (~Q(state__in=["undoing", "undone"]) & Q(undone_at=None)),
                violation_error_message="What was undone has a time.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_failed_says_why",
                condition=~Q(state="failed") | ~Q(problem=""),
                violation_error_message="An import that failed says why.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="contacts_imports_of_owner"),
            models.Index(
                fields=["lease_until", "id"],
                name="contacts_imports_at_work",
                condition=Q(state__in=["reading", "applying", "undoing"]),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} ({self.state})"

    def get_absolute_url(self) -> str:
        return f"/contacts/import/{self.pk}/"

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it, or will have it within a minute."""
        return self.state in self.WORKED_ON and not self.is_stuck

    @property
    def is_stuck(self) -> bool:
        """Whether the worker gave up; trying again is up to the owner."""
        return self.state in self.WORKED_ON and bool(self.problem)

    @property
    def undo_until(self) -> datetime | None:
        return self.applied_at + timedelta(days=UNDO_DAYS) if self.applied_at else None


class ImportPart(models.Model):
    """A piece of an uploaded file, in its order: other people's data, so a copy of the database does not show it.

    In pieces, so that neither the page that takes a file nor the worker that reads it holds all of it.
    """

    source = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = EncryptedTextField()  # its bytes as latin-1

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_place",
                fields=["source", "number"],
                violation_error_message="This piece is there already.",
            )
        ]

    def __str__(self) -> str:
        return f"part {self.number} of import {self.source_id}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def owned_by(self, user: "User | AnonymousUser") -> Self:
        return self.filter(source__owner_id=user.pk)

    def to_apply(self) -> Self:
        """Chosen to be added or to change somebody, and not yet dealt with."""
        return self.filter(decision__in=["add", "update"], settled_at=None)

    def counted(self) -> dict[tuple[str, str], int]:
        """Return how many rows there are by finding and decision."""
        counts = self.order_by().values_list("finding", "decision").annotate(Count("pk"))
        return {(finding, decision): count for finding, decision, count in counts}

    def outcome(self) -> dict[str, int]:
        """Return what an import would do with rows about somebody it would not add, in numbers.

        `updated`: people one has who would change, each once however many rows are about them. Rows about somebody who
        stands earlier in the file only: `joined` to one who is added, `left` out with them, `repeated` word for word.
        """
        first = ImportRow.objects.filter(source=OuterRef("source"), number=OuterRef("twin"))
        follows = Q(contact=None, twin__isnull=False)
        rows = self.order_by().filter(Q(decision="update") | follows, ~Q(finding="bad")).annotate(
            first=Case(When(follows, then=Subquery(first.values("decision")[:1]))),
            whom=Case(When(follows, then=Subquery(first.exclude(decision="skip").values("contact")[:1])), default=F("contact"),
                       output_field=models.BigIntegerField()),
        )  # fmt: skip
        update = Q(decision="update")
        return rows.aggregate(
            updated=Count("whom", distinct=True, filter=update & ~Q(brings_nothing=True, theirs=[])),
            joined=Count("pk", filter=update & Q(first="add")),
            left=Count("pk", filter=update & Q(first="skip")),
            repeated=Count("pk", filter=Q(finding="same", decision="skip") & follows),
        )


class ImportRow(models.Model):
    """One person of a file: as it is written there, whom it is about, what is to be done and what was done."""

    class Finding(models.TextChoices):
        NEW = "new", "New"
        CHANGE = "change", "Changes"
        AGAIN = "again", "Again in the file"
        SAME = "same", "The same"
        LOOK = "look", "To look at"
        BAD = "bad", "Cannot be read"

    class Why(models.TextChoices):
        UID = "uid", "the same card"
        EMAIL = "email", "the same email address"
        PHONE = "phone", "the same phone number"
        NAME = "name", "the same name"

    class Decision(models.TextChoices):
        ADD = "add", "Add"
        UPDATE = "update", "Update"
        SKIP = "skip", "Leave out"

    source_id: int
    source = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # in the order of the file, from 1
    line = models.PositiveIntegerField()  # where it begins in the file
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    card = models.JSONField(default=dict)  # contacts.cards; emptied once it was applied
    raw = models.TextField(blank=True)  # what could not be read, to be mended
    finding = models.CharField(max_length=6, choices=Finding)
    why = models.CharField(max_length=5, choices=Why, blank=True)
    contact_id: int | None
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    contact_version = models.PositiveIntegerField(null=True, blank=True)  # of the contact that was compared
    # The first row of this file about the same person.
    twin = models.PositiveIntegerField(null=True, blank=True)
    decision = models.CharField(max_length=6, choices=Decision)
    # An update fills nothing and adds nothing: only what is taken from the file would change.
    brings_nothing = models.BooleanField(db_default=False, default=False)
    theirs = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # fields to take from the file
    # Why it cannot be read, or why it was left as it is although it was chosen.
    problem = models.CharField(max_length=300, blank=True)
    # What was done, for taking it back: {"added": true} or {"set": {field: [before, after]}, "ways": [pk], ...}.
    change = models.JSONField(default=dict)
    applied_version = models.PositiveIntegerField(null=True, blank=True)  # of the contact afterwards
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_place",
                fields=["source", "number"],
                violation_error_message="This row is there already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_bad_is_left_out",
                condition=~Q(finding="bad") | (Q(decision="skip") & ~Q(problem="")),
                violation_error_message="A row that cannot be read says why, and is left out.",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "finding", "number", "id", "decision"], name="contacts_import_rows_found"),
            models.Index(
                fields=["source", "number"],
                name="contacts_import_rows_chosen",
                condition=Q(settled_at=None, decision__in=["add", "update"]),
            ),
            models.Index(
                fields=["source", "-number"],
                name="contacts_import_rows_applied",
                condition=Q(applied_version__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of import {self.source_id}"

    @property
    def is_done(self) -> bool:
        return self.applied_version is not None

    def choices(self) -> list[Any]:
        """Return what its owner can choose for it."""
        if self.finding == self.Finding.BAD:
            return []
        whole = list(self.Decision)
        return whole if self.contact_id or self.twin else [self.Decision.ADD, self.Decision.SKIP]
