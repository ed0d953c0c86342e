"""How much others show a reader and how much of it waits, for the frame around every page and for lists.

A thing waits for its reader while they never looked at it (wrote there, ticked it, or nodded at something logged), when
its owner wrote last, and when something was logged since they looked. An owner has one active relation with a reader,
so a thing has one thread with them.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest

from accounts.models import User
from core.compiled import CompiledQuery
from goals.models import Goal, GoalComment, ProgressUpdate
from goals.models import Seen as Nod
from journal.models import Entry, EntryComment
from mentors.models import Action, CheckIn, Handover, Invitation, Request, Seen
from sharing.models import Mentorship, MentorshipQuerySet, Shareable, ShareableQuerySet
from wins.models import Win, WinComment

T = TypeVar("T", bound=Shareable)
# Two moments before everything here: one before the other.
NEVER, AT_FIRST = (Value(datetime(1900, 1, day, tzinfo=UTC), output_field=DateTimeField()) for day in (1, 2))


def waiting_goals(reader: User, *, day: date, asleep: QuerySet | None = None) -> QuerySet[Goal]:
    """Return the shared goals that wait for the reader; what belongs to a relation that rests on `day` does not."""
    newest = ProgressUpdate.objects.filter(goal=OuterRef("pk")).order_by("-happened_on", "-pk")
    nods = Nod.objects.filter(update__goal=OuterRef("pk"), **own(reader)).order_by("-seen_at")
    goals = (
        Goal.objects.all()
        .shared_with_reader(reader)
        .alias(
            logged_at=Subquery(newest.values("created_at")[:1]),
            nod_at=Subquery(nods.values("seen_at")[:1]),
        )
    )
    return _waiting(goals, GoalComment, "goal", reader, day, asleep)


def waiting_entries(reader: User, *, day: date, asleep: QuerySet | None = None) -> QuerySet[Entry]:
    """Return the shared entries that wait for the reader, by the same rule; nothing is logged on them."""
    never = Cast(Value(None), DateTimeField())
    entries = Entry.objects.all().shared_with_reader(reader).alias(logged_at=never, nod_at=never)
    return _waiting(entries, EntryComment, "entry", reader, day, asleep)


def waiting_wins(reader: User, *, day: date, asleep: QuerySet | None = None) -> QuerySet[Win]:
    """Return the shared wins that wait for the reader, as entries do."""
    never = Cast(Value(None), DateTimeField())
    wins = Win.objects.all().shared_with_reader(reader).alias(logged_at=never, nod_at=never)
    return _waiting(wins, WinComment, "win", reader, day, asleep)


def proposals_to(reader: User, *, now: datetime) -> QuerySet[CheckIn]:
    """Return the check-ins of an outer query's relation for which somebody else proposed times that are ahead."""
    return CheckIn.objects.filter(mentorship=OuterRef("pk")).with_offers(now).exclude(proposer=reader)


def proposing(reader: User, *, day: date, now: datetime) -> Any:
    """Return the relations in which a mentee proposed times to the reader; those that rest on `day` do not count."""
    relations = Mentorship.objects.active().of_mentor(reader).exclude(paused_until__gte=day)
    offer = Subquery(proposals_to(reader, now=now).order_by("pk").values("pk")[:1])
    return relations.alias(offer=offer).filter(offer__isnull=False)


def promised(reader: User, *, day: date) -> QuerySet[Action]:
    """Return what the reader promised to mentees and is due on `day`, or has no day; a relation that rests waits."""
    mine = {f"check_in__{lookup}": value for lookup, value in own(reader).items()}
    waits = Action.objects.open().filter(Q(due_on=None) | Q(due_on__lte=day), owner=reader, **mine)
    return waits.exclude(check_in__mentorship__paused_until__gte=day)


def waits_for(reader: User, kind: str, number: int, *, day: date, now: datetime) -> bool:
    """Tell whether a row of the desk (its `Need.key`, in two parts) waits for the reader, drawn there or not; a quiet
    pair is not a question of counts (mentors.desk.waits)."""
    rows: dict[str, Callable[[], QuerySet]] = {
        "goal": lambda: waiting_goals(reader, day=day).filter(pk=number),
        "entry": lambda: waiting_entries(reader, day=day).filter(pk=number),
        "win": lambda: waiting_wins(reader, day=day).filter(pk=number),
        "invitation": lambda: Invitation.objects.asking(reader, now).filter(pk=number),
        "request": lambda: Request.objects.asking(reader).filter(pk=number),
        "checkin": lambda: proposing(reader, day=day, now=now).filter(offer=number),
        "action": lambda: promised(reader, day=day).filter(pk=number),
    }
    return kind in rows and rows[kind]().exists()


def frame_pieces(reader: User, *, day: date, now: datetime, asleep: QuerySet | None = None) -> list[QuerySet]:
    """Return what the frame wants to know, as querysets of a few rows: ("mentees", "mentees_waiting" ..., number).

    They can be united with others of that form and given to CompiledQuery: their form depends on nothing. `asleep` are
    rows that say what the reader set aside (`kind`, `number`) and when (`at`).
    """
    invitations, requests = Invitation.objects.asking(reader, now), Request.objects.asking(reader)
    offers, actions = proposing(reader, day=day, now=now), promised(reader, day=day)
    if asleep is not None:
        invitations = invitations.exclude(pk__in=asleep.filter(kind="invitation").values("number"))
        requests = requests.exclude(pk__in=asleep.filter(kind="request").values("number"))
        offers = offers.exclude(offer__in=asleep.filter(kind="checkin").values("number"))
        actions = actions.exclude(pk__in=asleep.filter(kind="action").values("number"))
    return [
        _people(reader),
        _counted("mentees_waiting", waiting_goals(reader, day=day, asleep=asleep)),
        _counted("mentees_waiting", waiting_entries(reader, day=day, asleep=asleep)),
        _counted("mentees_waiting", waiting_wins(reader, day=day, asleep=asleep)),
        _counted("invitations", invitations),
        _counted("requests", requests),
        _counted("mentees_waiting", offers),
        _counted("mentees_waiting", actions),
    ]


def _asking(reader: int, now: datetime) -> QuerySet:
    return Invitation.objects.asking(User(pk=reader), now).select_related("sender")


_ASKING = CompiledQuery(_asking, reader=int, now=datetime)


def asking(reader: User, *, now: datetime) -> list[Invitation]:
    """Return the open invitations that wait for this person, the newest first, with who sends them."""
    return _ASKING.objects(reader=reader.pk, now=now)


_REQUESTS = CompiledQuery(
    lambda reader: Request.objects.asking(User(pk=reader)).select_related("asker").order_by("sent_at", "pk"), reader=int
)


def requests(reader: User) -> list[Request]:
    """Return the requests that wait for this person's answer, the oldest first, with who asks."""
    return _REQUESTS.objects(reader=reader.pk)


def with_shown(relations: MentorshipQuerySet) -> MentorshipQuerySet:
    """Add how much each relation shows its reader: `goals_shown`, `entries_shown`, `wins_shown`, `handovers_shown`."""
    goals: Any = Goal.shared_with.through.objects.filter(goal__in=Goal.objects.all().for_readers().values("pk"))
    entries: Any = Entry.shared_with.through.objects.filter(entry__in=Entry.objects.all().for_readers().values("pk"))
    wins: Any = Win.shared_with.through.objects.filter(win__in=Win.objects.all().for_readers().values("pk"))
    handovers: Any = Handover.shared_with.through.objects.filter(
        handover__in=Handover.objects.all().for_readers().values("pk")
    )

    def number(rows: Any) -> Coalesce:
        there = rows.filter(mentorship=OuterRef("pk")).order_by().values("mentorship")
        return Coalesce(Subquery(there.annotate(number=Count("pk")).values("number")), 0)

    return relations.annotate(
        goals_shown=number(goals),
        entries_shown=number(entries),
        wins_shown=number(wins),
        handovers_shown=number(handovers),
    )


def number_shown(relation: Any) -> int:
    """Return how many things a relation that `with_shown` read shows its reader."""
    return sum(_numbers(relation).values())


def say_shown(relation: Any) -> str:
    """Say what a relation that `with_shown` read shows its reader: "3 goals, 1 journal entry and 2 wins"; "" for nothing."""
    said = [f"{number} {one if number == 1 else many}" for (one, many), number in _numbers(relation).items() if number]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)


def _numbers(relation: Any) -> dict[tuple[str, str], int]:
    return {
        ("goal", "goals"): relation.goals_shown,
        ("journal entry", "journal entries"): relation.entries_shown,
        ("win", "wins"): relation.wins_shown,
        ("handover", "handovers"): relation.handovers_shown,
    }


def _people(reader: User) -> QuerySet:
    """Count who shows the reader things: "mentees" and "colleagues"."""
    what = Case(When(kind="mentor", then=Value("mentees")), default=Value("colleagues"))
    rows = Mentorship.objects.active().of_mentor(reader).order_by()
    return rows.annotate(what=what).values("what").annotate(number=Count("pk"))


def _counted(name: str, rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(what=Value(name)).values("what").annotate(number=Count("pk"))


def _waiting(
    items: ShareableQuerySet[T],
    comments: type[GoalComment] | type[EntryComment] | type[WinComment],
    name: str,
    reader: User,
    day: date,
    asleep: QuerySet | None,
) -> Any:
    """Keep what waits. `mentors.threads.State.waits` says the same of what was read; a test holds them together."""
    thread = comments._default_manager.filter(item=OuterRef("pk"), removed_at=None, **own(reader))
    newest = thread.order_by("-created_at", "-pk")
    ticks = Seen.objects.filter(**own(reader), **{name: OuterRef("pk")})
    resting = Mentorship.objects.active().of_mentor(reader).filter(paused_until__gte=day)
    written, by_owner, moment = F("created_at"), Q(author=OuterRef("owner")), DateTimeField()
    asked = newest.values(at=Case(When(by_owner, then=written), output_field=moment))
    wrote = newest.values(at=Case(When(by_owner, then=None), default=written, output_field=moment))
    # Each alias is one more subquery wherever it is named, begun anew by every page, so each is named once, or twice.
    # Greatest leaves out what is null, in Postgres; who never looked, looked before anything happened.
    found = (
        items.alias(
            asked_at=Subquery(asked[:1]), wrote_at=Subquery(wrote[:1]), seen_at=Subquery(ticks.values("at")[:1])
        )
        .alias(looked_at=Coalesce(Greatest("seen_at", "nod_at", "wrote_at"), NEVER))
        .filter(Q(asked_at__gt=Coalesce("seen_at", NEVER)) | Q(looked_at__lt=Coalesce("logged_at", AT_FIRST)))
        .exclude(owner__in=resting.values("mentee"))
    )
    if asleep is None:
        return found
    with_news = found.alias(news_at=Greatest(Subquery(newest.values("created_at")[:1]), "logged_at"))
    held = asleep.filter(kind=name, number=OuterRef("pk"), at__gte=Coalesce(OuterRef("news_at"), F("at")))
    return with_news.filter(~Exists(held))


def own(reader: User) -> dict[str, Any]:
    """Return the condition for rows of the reader's own active relations."""
    return {"mentorship__mentor": reader, "mentorship__status": "active"}
