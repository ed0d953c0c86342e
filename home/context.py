"""What the frame around full pages knows: asked only when it is drawn, so a fragment costs nothing."""

from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from contacts import counts
from contacts.due import monday_of, sunday_of
from core.compiled import CompiledQuery
from goals.models import Goal
from home.models import Snooze
from mail.models import AddressHash, Suppression
from mentors.counts import frame_pieces


def _frame(reader: int, day: date, monday: date, sunday: date, now: datetime) -> QuerySet:
    user = User(pk=reader)
    late = Goal.objects.owned_by(user).on_the_way().filter(due_on__lt=day).order_by()
    named = late.annotate(name_=Value("goals_late")).values("name_").annotate(number=Count("pk"))
    asleep = Snooze.objects.asleep(user, day)
    held = asleep.order_by().annotate(name_=Value("asleep")).values("name_").annotate(number_=Count("pk"))
    address = User.objects.filter(pk=reader).annotate(hash_=AddressHash("email")).values("hash_")
    paused = Suppression.objects.paused().filter(address_hash=Subquery(address)).order_by()
    trouble = paused.annotate(name_=Concat(Value("mail_"), "cause")).values("name_").annotate(number=Count("pk"))
    network = counts.frame_pieces(user, day=day, monday=monday, sunday=sunday)
    return named.union(held, trouble, *frame_pieces(user, day=day, now=now, asleep=asleep), *network, all=True)


NAMES = ("goals_late", "mentees", "colleagues", "mentees_waiting", "invitations", "requests", "asleep", *counts.NAMES)
# One of these where mails to the reader's address come back, named after its cause.
TROUBLES = tuple(f"mail_{cause}" for cause in Suppression.Cause.values)
_FRAME = CompiledQuery(_frame, reader=int, day=date, monday=date, sunday=date, now=datetime)


class Frame:
    """Counts beside the menu. The first that a template reads asks for all of them, in one statement."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many of each there are."""
        found = dict.fromkeys(NAMES + TROUBLES, 0)
        day = self.user.today(self.now)
        week = {"monday": monday_of(day), "sunday": sunday_of(day)}
        for name, number in _FRAME.rows(reader=self.user.pk, day=day, now=self.now, **week):
            found[name] += number
        return found

    @property
    def goals_late(self) -> int:
        """Goals past their date."""
        return self.counts["goals_late"]

    @property
    def contacts_waiting(self) -> int:
        """Promises and people past their day, and plans that ask whether they took place."""
        return counts.waiting(self.counts)

    @property
    def mentees_waiting(self) -> int:
        """Things of mentees, invitations and requests that wait for this person."""
        return self.counts["mentees_waiting"] + self.counts["invitations"] + self.counts["requests"]

    @property
    def contacts_told(self) -> str:
        """The same as it stands beside the menu."""
        return counts.say(self.contacts_waiting)

    @property
    def waiting(self) -> int:
        """What waits behind "More" on a phone."""
        return self.contacts_waiting + self.mentees_waiting

    @property
    def mentoring(self) -> bool:
        """Whether somebody shows this person things, or asks them to look."""
        return self.counts["mentees"] > 0 or self.counts["colleagues"] > 0 or self.mentees_waiting > 0

    @property
    def people(self) -> str:
        """What the page of those who show this person things is called, by who they are."""
        if not self.counts["colleagues"]:
            return "Your mentees"
        others = self.counts["mentees"] + self.counts["invitations"] + self.counts["requests"]
        return "Mentees and colleagues" if others else "Your colleagues"

    @property
    def mail_trouble(self) -> str:
        """Why list mail to this person is paused (a `Suppression.Cause`); empty while mail flows."""
        return next((name.removeprefix("mail_") for name in TROUBLES if self.counts[name]), "")


def frame(request: HttpRequest) -> dict[str, object]:
    """Give the frame around every page what it shows."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"frame": Frame(user, timezone.now())}
