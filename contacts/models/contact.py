"""A person one knows, and the ways to reach them."""

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, DateField, Exists, F, Func, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, Lower

from contacts.models.owned import Owned, OwnedQuerySet
from core.forms import FIRST_DAY, LAST_DAY
from core.versioned import Versioned

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

NAME_LENGTH, LINE_LENGTH, WORDS_LENGTH, TAG_LENGTH, TAGS_AT_MOST = 200, 300, 4000, 40, 20
# So much can be typed; of several people who were made one, or from a file, more can come together.
NOTES_LENGTH, NOTES_TOGETHER = 20_000, 100_000
WAYS_AT_MOST, WAYS_TOGETHER, TAGS_TOGETHER = 30, 60, 100
# How long after the last contact somebody of a circle is due, in days (issue 6; 5.1).
CIRCLE_DAYS = {"close": 30, "regular": 90, "wide": 180}
# A day with its year, or without ("--04-12") as many address books keep it (RFC 6350, 4.3.1).
BIRTHDAY = re.compile(r"(?:\d{4}|-)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def new_uid() -> str:
    """Return the name under which a contact is known outside, for good (RFC 6350, 6.7.6)."""
    return f"urn:uuid:{uuid.uuid4()}"


def _interval(*, months: Any, days: Any) -> Func:
    """Return calendar months and days as Postgres adds them to a date: 31 January and a month is the last of February."""
    zero = Value(0)
    return Func(zero, Cast(months, models.IntegerField()), zero, Cast(days, models.IntegerField()), function="make_interval",
                output_field=models.DurationField())  # fmt: skip


def _due_on() -> Case:
    """Return when a contact is due: the last real contact, or the round that was skipped, and the rhythm after it.

    Somebody one was never in touch with is not due ("not yet"), whatever the rhythm; a snooze moves the day back only.
    """
    since = Greatest("last_contact_on", "skipped_on")
    rhythm = Case(
        *(When(circle=name, then=_interval(months=Value(0), days=Value(days))) for name, days in CIRCLE_DAYS.items()),
        When(circle="own", own_unit="months", then=_interval(months=F("own_every"), days=Value(0))),
        When(circle="own", own_unit="weeks", then=_interval(months=Value(0), days=F("own_every") * 7)),
        When(circle="own", then=_interval(months=Value(0), days=F("own_every"))),
        output_field=models.DurationField(),
    )
    when = Func(since, rhythm, template="((%(expressions)s)::date)", arg_joiner=" + ", output_field=DateField())
    return Case(
        When(Q(last_contact_on=None) | Q(circle="none"), then=None),
        default=Greatest(when, "snoozed_until"),
        output_field=DateField(null=True),
    )


def _document() -> Func:
    """Return what a search looks in, word by word, each under its owner (docs/decisions/0106-finding-people.md)."""
    words = Func(
        "how_met", "why", arg_joiner=" || ' ' || ", output_field=models.TextField(), template="(%(expressions)s)"
    )
    return Func(
        "owner", words, "name", "organisation", "role", "tags", "topics", "circle", "archived_at", "last_contact_on",
        function="contacts_document", output_field=SearchVectorField(),
    )  # fmt: skip


def _way_document() -> Func:
    return Func("owner", "value", function="contacts_document", output_field=SearchVectorField())


class _Matches(Func):
    """Whether a document has what is asked for."""

    template, arg_joiner, output_field = "(%(expressions)s)", " @@ ", models.BooleanField()


class _All(Func):
    """What asks for all of its parts, in one scan of the index."""

    template, arg_joiner, output_field = "(%(expressions)s)", " && ", models.TextField()


class _Any(_All):
    """What asks for one of its parts."""

    arg_joiner = " || "


class _OneOf(Func):
    """Whether a key is one of those that a subquery finds: asked once, and then looked up in the index of the key."""

    template, arg_joiner, output_field = "(%(expressions)s))", " = ANY(", models.BooleanField()


def _asked(function: str, owner: int, words: str) -> Func:
    return Func(Value(owner), Value(words), function=function, output_field=models.TextField())


def _together(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Count spellings of one word together, under the first of them."""
    found: dict[str, tuple[str, int]] = {}
    for spelling, people in rows:
        first, number = found.get(spelling.lower(), (spelling, 0))
        found[spelling.lower()] = (first, number + people)
    return [found[key] for key in sorted(found)]


class ContactQuerySet(OwnedQuerySet["Contact"]):
    def current(self) -> Self:
        """Not archived."""
        return self.filter(archived_at=None)

    def in_bin_of(self, user: "User | AnonymousUser") -> Self:
        """Whom the owner deleted; those who became part of somebody else come back by taking the two apart."""
        return super().in_bin_of(user).filter(merged_away=None)

    def archived(self) -> Self:
        return self.filter(archived_at__isnull=False)

    def tally(self, column: str) -> list[tuple[str, int]]:
        """Return the tags or topics of these people with how many have each, by name; spellings count together."""
        spelt = Func(column, function="unnest", output_field=models.TextField())
        rows = self.order_by().annotate(spelt=spelt).values("spelt").annotate(people=models.Count("pk"))
        return _together(rows.order_by("spelt").values_list("spelt", "people"))

    def tally_of_organisations(self) -> list[tuple[str, int]]:
        """Return where these people are with how many are there, most first; each is what `at` finds."""
        rows = self.exclude(organisation="").order_by().values(at=Lower("organisation"))
        found = rows.annotate(spelt=models.Min("organisation"), people=models.Count("pk"))
        return list(found.order_by("-people", "at").values_list("spelt", "people"))

    def at(self, organisation: str) -> Self:
        """Those who are at the organisation of this name, whatever its capitals."""
        return self.alias(at=Lower("organisation")).filter(at=Lower(Value(organisation)))

    def fitting(self, *, words: Sequence[str], facets: Sequence[str], owner: int, address: str = "") -> Self:
        """Those of the owner who have a word that begins like each of `words`: in name, work, meeting, reason, tags,
        topics or a way to reach them, in name and work also from the middle; and each of `facets`: a tag ("#clinics"),
        a topic ("*shifts"), how the organisation begins ("=st anne"), a circle ("@close"), "@archived", "@notyet".

        Whoever has the `address`, as it is compared, is meant alone, if anybody has it.
        """
        spoken = [_asked("contacts_query", owner, word) for word in words]
        facts = [_asked("contacts_facet", owner, facet) for facet in facets]
        alive, ways = Contact.objects.alive().order_by(), Way.objects.order_by()
        found = alive.filter(_Matches(_document(), _All(*spoken, *facts))).values("pk")
        if (
            words
        ):  # or at least one word stands in an address: those are fewer, and only of them each part is asked alone
            by_way = ways.filter(_Matches(_way_document(), _Any(*spoken))).values("contact_id")
            legs = [alive.filter(_Matches(_document(), fact)).values("pk") for fact in facts]
            for part in spoken if len(words) > 1 else ():
                in_way = ways.filter(_Matches(_way_document(), part)).values("contact_id")
                legs.append(alive.filter(_Matches(_document(), part)).values("pk").union(in_way, all=True))
            found = found.union(by_way.intersection(*legs) if legs else by_way, all=True)
        # Asked apart, as the planner would rather read all of an owner's rows than believe how few have a word.
        keys: Any = ArraySubquery(found)
        if address:
            exactly = ways.filter(owner_id=owner, compared=address, contact__deleted_at=None).values("contact_id")
            keys = Case(When(Exists(exactly), then=ArraySubquery(exactly)), default=keys)
        return self.filter(_OneOf(F("pk"), keys))

    def due_by(self, day: date) -> Self:
        """Whom one wanted to be in touch with again by this day."""
        return self.current().filter(due_on__lte=day)

    def in_turn(self) -> Self:
        """Whom one wants to be in touch with again, whenever that is, the longest due first."""
        return self.current().filter(due_on__isnull=False).order_by("due_on", "pk")

    def dealt_with(self, monday: date, sunday: date) -> Self:
        """Whose turn came up and was dealt with in this week; not if it came back within the week."""
        return self.filter(Q(due_on=None) | Q(due_on__gt=sunday), dealt_with_on__gte=monday)

    def not_yet(self) -> Self:
        """Whom one wants to keep in touch with and was never in touch with so far."""
        return self.current().filter(last_contact_on=None).exclude(circle="none")


class Contact(Owned, Versioned):
    """Somebody who helps a person on their way, or whom that person helps. Grants nobody any access."""

    class Circle(models.TextChoices):
        CLOSE = "close", "Close, every 30 days"
        REGULAR = "regular", "Regular, every 90 days"
        WIDE = "wide", "Wide, every 180 days"
        OWN = "own", "A rhythm of its own"
        NONE = "none", "No rhythm"

    class Unit(models.TextChoices):
        DAYS = "days", "days"
        WEEKS = "weeks", "weeks"
        MONTHS = "months", "months"

    uid = models.CharField(max_length=255, default=new_uid, editable=False)
    name = models.CharField("name", max_length=NAME_LENGTH)
    # Family, given, further, before and after the name (vCard N), where an address book told them apart.
    name_parts = ArrayField(models.CharField(max_length=NAME_LENGTH, blank=True), default=list, blank=True)
    organisation = models.CharField("organisation", max_length=LINE_LENGTH, blank=True)
    role = models.CharField("role", max_length=LINE_LENGTH, blank=True)
    how_met = models.CharField("how you met", max_length=LINE_LENGTH, blank=True)
    why = models.TextField("why they matter", max_length=WORDS_LENGTH, blank=True)
    hoped_for = models.TextField("what I would like to ask", max_length=WORDS_LENGTH, blank=True)
    offer = models.TextField("what I can give", max_length=WORDS_LENGTH, blank=True)
    notes = models.TextField("private notes", max_length=NOTES_TOGETHER, blank=True)
    topics = ArrayField(models.CharField(max_length=TAG_LENGTH), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=TAG_LENGTH), default=list, blank=True)
    birthday = models.CharField(
        "birthday", max_length=10, blank=True, validators=[RegexValidator(rf"^(?:{BIRTHDAY.pattern})\Z")]
    )
    circle = models.CharField("circle", max_length=7, choices=Circle, default=Circle.NONE)
    own_every = models.PositiveSmallIntegerField("every", null=True, blank=True)
    own_unit = models.CharField(max_length=6, choices=Unit, blank=True)
    # What contacts.services.touch works out from the conversations; nothing else writes it.
    last_contact_on = models.DateField(null=True, blank=True, editable=False)
    skipped_on = models.DateField(null=True, blank=True, editable=False)
    snoozed_until = models.DateField(null=True, blank=True, editable=False)
    # The day on which their turn was dealt with last: logged, skipped, snoozed or stopped (contacts.due).
    dealt_with_on = models.DateField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What an address book said beyond the fields above, line by line, so that it goes out again as it came.
    extra = models.JSONField(default=list, blank=True, editable=False)
    sort_name = models.GeneratedField(
        expression=Lower("name"), output_field=models.CharField(max_length=NAME_LENGTH * 2), db_persist=True
    )
    due_on = models.GeneratedField(expression=_due_on(), output_field=DateField(null=True), db_persist=True)
    # The last contact as a list is ordered by it, in which everybody has a place: before all days if there was none.
    talked_on = models.GeneratedField(
        expression=Coalesce("last_contact_on", Value(date.min)), output_field=DateField(), db_persist=True
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Give this person a name, or what you call them.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_uid",
                fields=["owner", "uid"],
                violation_error_message="You have this contact already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_own_rhythm_is_told",
                condition=~Q(circle="own") | Q(own_every__range=(1, 999), own_unit__in=["days", "weeks", "months"]),
                violation_error_message="Say how often: every so many days, weeks or months, from 1 to 999.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_days_in_reach",
                condition=(Q(last_contact_on=None) | Q(last_contact_on__range=(FIRST_DAY, LAST_DAY)))
                & (Q(snoozed_until=None) | Q(snoozed_until__range=(FIRST_DAY, LAST_DAY))),
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "sort_name", "id"],
                name="contacts_by_name",
                condition=Q(deleted_at=None, archived_at=None),
            ),
            models.Index(
                fields=["owner", "-talked_on", "-id"],
                name="contacts_by_talk",
                condition=Q(deleted_at=None, archived_at=None),
            ),
            models.Index(
                fields=["owner", "-created_at", "-id"],
                name="contacts_by_addition",
                condition=Q(deleted_at=None, archived_at=None),
            ),
            models.Index(
                fields=["owner", "organisation"],
                name="contacts_by_organisation",
                condition=Q(deleted_at=None, archived_at=None) & ~Q(organisation=""),
            ),
            # Without a pending list: what a search reads must not depend on when the table was last vacuumed.
            GinIndex(_document(), name="contacts_words", condition=Q(deleted_at=None), fastupdate=False),
            models.Index(
                fields=["owner", "due_on", "id"],
                name="contacts_by_due_day",
                condition=Q(deleted_at=None, archived_at=None, due_on__isnull=False),
            ),
            models.Index(
                fields=["owner", "dealt_with_on"],
                name="contacts_dealt_with",
                condition=Q(deleted_at=None, dealt_with_on__isnull=False),
            ),
            models.Index(fields=["owner", "-deleted_at"], name="contacts_bin", condition=Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/contacts/{self.pk}/"

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def given_name(self) -> str:
        """What one would call them: the given name where it is known, else the first word."""
        given = self.name_parts[1] if len(self.name_parts) > 1 else ""
        return given or self.name.split(" ")[0].rstrip(",;:") or self.name

    @property
    def works_as(self) -> str:
        """Role and organisation in one line; empty without either."""
        return ", ".join(part for part in (self.role, self.organisation) if part)

    def archive(self, *, at: datetime) -> None:
        """Set aside: kept, found by search, and never due. The first time counts."""
        if self.archived_at is None:
            self.archived_at = at
            self.save(update_fields=["archived_at"])

    def bring_back(self) -> None:
        """Take out of the archive."""
        self.archived_at = None
        self.save(update_fields=["archived_at"])


class Way(models.Model):
    """One way to reach a contact, as written, and as it is compared."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"
        PHONE = "phone", "Phone"
        WEB = "web", "Web page"
        ADDRESS = "address", "Address"
        OTHER = "other", "Other"

    contact_id: int
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="ways")
    # The owner of the contact once more: whom an address belongs to is asked for thousands of rows at once.
    owner_id: int
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.EMAIL)
    label = models.CharField("what for", max_length=TAG_LENGTH, blank=True)
    value = models.CharField(max_length=1000)
    # An address of mail in small letters, a number in E.164 where it can be told; empty for the rest.
    compared = models.CharField(max_length=320, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_a_value",
                condition=~Q(value=""),
                violation_error_message="Write the address or number, or take this line out.",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "compared"], name="contacts_way_compared", condition=~Q(compared="")),
            GinIndex(_way_document(), name="contacts_way_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"way {self.pk}"
