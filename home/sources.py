"""What each app has to tell of a week. A new app adds one function here and one line to SOURCES in home/week.py.

Each function is given a `Look` and yields `Thing`s, with a number of queries that does not depend on how many people
are looked at.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from core import markdown
from core.timekeeping import month_key
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate
from goals.trail import say_number, say_share
from home.look import Asked, Look, Span, Thing, Words
from journal.models import Entry, EntryComment
from mentors.models import (
    END_ASKED_BEFORE,
    Advice,
    AdviceNote,
    Agreement,
    CheckIn,
    Request,
    Review,
)
from mentors.terms import Channel
from sharing.models import Mentorship

NOTE_LENGTH = 120


def _goals(rows: Any, span: Span, limit: int) -> QuerySet:
    is_due = Q(status="active", due_on__range=(span.oldest, span.horizon))
    is_closed = Q(status__in=["achieved", "partly", "dropped"], closed_at__gte=span.start, closed_at__lt=span.end)
    found = rows.filter(is_due | is_closed).order_by("due_on", "pk")
    return found.values_list("pk", "owner_id", "title", "status", "due_on", "closed_at")[:limit]


def _milestones(rows: Any, span: Span, limit: int) -> QuerySet:
    is_due = Q(done_at=None, due_on__range=(span.oldest, span.horizon), goal__status="active")
    is_done = Q(done_at__gte=span.start, done_at__lt=span.end)
    found = rows.filter(is_due | is_done).order_by("due_on", "pk")
    fields = ("pk", "goal_id", "goal__owner_id", "kind", "title", "goal__title", "due_on", "done_at")
    return found.values_list(*fields)[:limit]


def _progress(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.moved_between(span.first, span.last).order_by("happened_on", "pk")
    measure = ("goal__measure", "goal__unit", "goal__start_value", "goal__target_value")
    fields = ("goal_id", "goal__owner_id", "goal__title", *measure, "happened_on", "value", "note")
    return found.values_list(*fields)[:limit]


def _comments(subject: str) -> Callable[[Any, Span, int], QuerySet]:
    def build(rows: Any, span: Span, limit: int) -> QuerySet:
        rows = rows.filter(removed_at=None, created_at__gte=span.lately, author__isnull=False)
        rows = rows.exclude(author=F("item__owner")).order_by("-created_at", "-pk")
        people = ("author__name", "author__email", "mentorship__kind", "mentorship__status")
        return rows.values_list("pk", "item_id", "item__owner_id", "text", "created_at", *people, subject)[:limit]

    return build


def _entries(rows: Any, span: Span, limit: int) -> QuerySet:
    # Moods are tapped daily: they are no news, and nobody else's business.
    found = rows.written_between(span.first, span.last).exclude(kind="mood").order_by("entry_on", "pk")
    return found.values_list("pk", "owner_id", "kind", "entry_on")[:limit]


def _agreements(rows: Any, span: Span, limit: int) -> QuerySet:
    rows = rows.in_force().with_a_day_between(span.oldest, span.horizon)
    said = [
        Exists(Review.objects.filter(agreement=OuterRef("pk"), author=OuterRef(f"mentorship__{side}")))
        for side in ("mentee", "mentor")
    ]
    people = [f"mentorship__{side}__{name}" for side in ("mentee", "mentor") for name in ("pk", "name", "email")]
    fields = ("mentorship_id", "review_on", "ends_on", "mentorship__paused_until", *people)
    found = rows.annotate(mentee_said=said[0], mentor_said=said[1]).order_by("review_on", "pk")
    return found.values_list(*fields, "mentee_said", "mentor_said")[:limit]


def _advice(rows: Any, span: Span, limit: int) -> QuerySet:
    newest = AdviceNote.objects.filter(mentorship=OuterRef("mentorship")).order_by("-month").values("month")[:1]
    people = ("mentorship__mentee_id", "mentorship__mentor__name", "mentorship__mentor__email")
    untold = rows.untold().exclude(comment__removed_at__isnull=False).order_by("mentorship").distinct("mentorship")
    return untold.annotate(last_note=Subquery(newest)).values_list("mentorship_id", "last_note", *people)[:limit]


def _check_ins(rows: Any, span: Span, limit: int) -> QuerySet:
    is_held = Q(state="held", starts_at__gte=span.start, starts_at__lt=span.end)
    found = rows.filter(Q(state__in=["proposed", "planned"]) | is_held).order_by("starts_at", "pk")
    people = [f"mentorship__{side}{name}" for side in ("mentee", "mentor") for name in ("_id", "__name", "__email")]
    what = ("pk", "mentorship_id", "state", "proposer_id", "starts_at", "minutes", "channel")
    return found.annotate(last_offer=Max("times__starts_at")).values_list(*what, "last_offer", *people)[:limit]


def _questions(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.filter(state="question", mentor__isnull=False).order_by("changed_at", "pk")
    return found.values_list("pk", "asker_id", "mentor__name", "mentor__email")[:limit]


GOALS = Asked(Goal, _goals)
MILESTONES = Asked(Milestone, _milestones)
PROGRESS = Asked(ProgressUpdate, _progress)
GOAL_COMMENTS = Asked(GoalComment, _comments("item__title"))
ENTRY_COMMENTS = Asked(EntryComment, _comments("item__entry_on"))
ENTRIES = Asked(Entry, _entries)
ADVICE = Asked(Advice, _advice)
AGREEMENTS = Asked(Agreement, _agreements)
CHECK_INS = Asked(CheckIn, _check_ins)
QUESTIONS = Asked(Request, _questions)


def words(look: Look) -> list[Words]:
    """Return what others wrote about these people's goals and entries lately, newest first: two queries."""
    if "words" not in look.memo:
        found = [_words(look, row[:-1], row[-1], f"/goals/{row[1]}/") for row in GOAL_COMMENTS.rows(look)]
        for row in ENTRY_COMMENTS.rows(look):
            where = f"your entry of {row[-1].day} {row[-1]:%B}"
            found.append(_words(look, row[:-1], where, f"/journal/{row[1]}/", is_private=True))
        look.memo["words"] = sorted(found, key=lambda words: (words.at, words.url), reverse=True)
    said: list[Words] = look.memo["words"]
    return said


def _words(look: Look, row: tuple[Any, ...], where: str, page: str, *, is_private: bool = False) -> Words:
    pk, _, owner_id, text, at, name, email, kind, status = row
    url, on = f"{page}#comment-{pk}", look.day_of(owner_id, at)
    is_mentor, is_active = kind == Mentorship.Kind.MENTOR, status == Mentorship.Status.ACTIVE
    said = markdown.plain(text, 400)
    return Words(owner_id, name or email, said, where, url, at, on, is_mentor, is_active, is_private)


def goals(look: Look) -> Iterator[Thing]:
    """Goals whose date comes near or has passed, and goals that were reached or let go."""
    for pk, owner_id, title, status, due_on, closed_at in GOALS.rows(look):
        url = f"/goals/{pk}/"
        if closed_at is None:
            if look.is_near(owner_id, due_on):
                sentence = f"{title}: the date you set for it"
                about = "The date you set for this goal"
                yield Thing(
                    owner_id, due_on, title, sentence, "A goal comes to its date", url,
                    is_due=True, about=about, label="Goal due", hint="due",
                    move_url=f"{url}move/?next=/", close_url=f"{url}close/?outcome=achieved&next=/",
                )  # fmt: skip
            continue
        day = look.day_of(owner_id, closed_at)
        if look.holds(owner_id, day):
            state = Goal.Status(status).label
            said = f"{state[:1].lower()}{state[1:]}"
            yield Thing(
                owner_id, day, title, f"{title}: {said}", f"A goal: {said}", url,
                about=state, label=state, icon="diamond-fill", hint="milestone",
            )  # fmt: skip


def milestone_due(step: Milestone) -> Thing:
    """Return an open milestone as a thing to do; without a date of its own it is due with its goal."""
    goal, day = step.goal, step.due_on or step.goal.due_on or step.goal.starts_on
    return _milestone(step.pk, goal.owner_id, day, step.kind, step.title, goal.title, step.get_absolute_url())


def _milestone(pk: int, owner_id: int, day: date, kind: str, title: str, goal_title: str, url: str) -> Thing:
    sentence, about = f"{title} ({goal_title})", f"{kind.capitalize()} in {goal_title}"
    return Thing(
        owner_id, day, title, sentence, f"A {kind}", url,
        is_due=True, about=about, label=title, hint="due", icon="check2" if kind == Milestone.Kind.TASK else "diamond",
        tick_url=f"/week/milestones/{pk}/tick/", move_url=f"/goals/milestones/{pk}/move/?next=/",
    )  # fmt: skip


def milestones(look: Look) -> Iterator[Thing]:
    """Milestones and tasks that are due or late, and those that were reached or done."""
    for pk, goal_id, owner_id, kind, title, goal_title, due_on, done_at in MILESTONES.rows(look):
        url, about = f"/goals/{goal_id}/#milestone-{pk}", f"{kind.capitalize()} in {goal_title}"
        if done_at is None:
            if look.is_near(owner_id, due_on):
                yield _milestone(pk, owner_id, due_on, kind, title, goal_title, url)
            continue
        day = look.day_of(owner_id, done_at)
        if look.holds(owner_id, day):
            verb = "Done" if kind == Milestone.Kind.TASK else "Reached"
            yield Thing(
                owner_id, day, title, f"{verb}: {title}", f"A {kind} {verb.lower()}", url,
                about=about, label=title, icon="diamond-fill", hint="milestone",
            )  # fmt: skip


def progress(look: Look) -> Iterator[Thing]:
    """What was logged."""
    for goal_id, owner_id, title, measure, unit, start, target, day, value, note in PROGRESS.rows(look):
        if not look.holds(owner_id, day):
            continue
        is_count = value is not None and measure == Goal.Measure.NUMBER and target is not None
        count = say_share(value, start, target, unit) if is_count else markdown.plain(note, NOTE_LENGTH)
        label = f"{say_number(value)} {unit}".strip() if is_count else title
        yield Thing(
            owner_id, day, title, f"{title}: {count}", "Progress on a goal", f"/goals/{goal_id}/",
            about=count, label=label, note=note, hint="progress",
        )  # fmt: skip


def comments(look: Look) -> Iterator[Thing]:
    """What others wrote about it."""
    for said in words(look):
        if look.holds(said.owner_id, said.on):
            sentence = f"{said.author} wrote about {said.where}"
            yield Thing(
                said.owner_id, said.on, f"{said.author} wrote", sentence, f"{said.author} wrote to you", said.url,
                about=f"About {said.where}", label=f"{said.author.split(' ')[0]} wrote", icon="chat-left",
                hint="comment",
            )  # fmt: skip


def entries(look: Look) -> Iterator[Thing]:
    """That something was written, never what."""
    for pk, owner_id, kind, day in ENTRIES.rows(look):
        if look.holds(owner_id, day):
            word = Entry.Kind(kind).label
            said = f"{word} in your journal"
            yield Thing(
                owner_id, day, word, said, said, f"/journal/{pk}/",
                about="In your journal", label=word, icon="journal-text",
            )  # fmt: skip


def agreements(look: Look) -> Iterator[Thing]:
    """Days on which two people look at their agreement, and its end; each is told of the other. No reader is."""
    if look.viewer is not None:
        return
    for pk, review_on, ends_on, paused_until, *people, mentee_said, mentor_said in AGREEMENTS.rows(look):
        mentee, mentor = tuple(people[:3]), tuple(people[3:])
        for (owner_id, _, _), (_, name, email), has_said in (
            (mentee, mentor, mentee_said),
            (mentor, mentee, mentor_said),
        ):
            if owner_id not in look.people or (paused_until and paused_until >= look.today[owner_id]):
                continue
            url, other = f"/mentorships/{pk}/agreement/review/", name or email
            is_near_its_end = ends_on is not None and ends_on - END_ASKED_BEFORE <= review_on
            if not has_said and not is_near_its_end and look.is_near(owner_id, review_on):
                title = f"Is it a good fit with {other}?"
                yield Thing(
                    owner_id, review_on, title, title, "A look at an agreement", url,
                    is_due=True, about="The day you two chose to look at your agreement", label="Agreement",
                    icon="people", hint="due",
                )  # fmt: skip
            if ends_on is not None and look.is_near(owner_id, ends_on):
                title = f"Your agreement with {other} ends"
                yield Thing(
                    owner_id, ends_on, title, title, "An agreement ends", f"{url}#end",
                    is_due=True, about="Extend it, or part with a kind word", label="Agreement", icon="people",
                    hint="due",
                )  # fmt: skip


def check_ins(look: Look) -> Iterator[Thing]:
    """Check-ins that are planned or were held, and times that somebody proposed and that wait for an answer."""
    for row in CHECK_INS.rows(look):
        mentee, mentor = row[-6:-3], row[-3:]
        for (owner_id, *_), (_, name, email) in ((mentee, mentor), (mentor, mentee)):
            if owner_id in look.people:
                yield from _check_in(look, owner_id, (name or email.partition("@")[0]).split(" ")[0], row[:-6])


def _check_in(look: Look, owner_id: int, other: str, row: tuple[Any, ...]) -> Iterator[Thing]:
    pk, relation, state, proposer, starts_at, minutes, channel, last_offer = row
    url, title = f"/mentorships/{relation}/check-ins/{pk}/", f"Check-in with {other}"
    today = look.today[owner_id]
    # Due today and never late, however far ahead the times are: the other waits for an answer.
    if last_offer is not None and proposer != owner_id and look.day_of(owner_id, last_offer) >= today:
        said = f"{other} proposes times for a check-in"
        yield Thing(
            owner_id, today, said, said, "A check-in waits for your answer", f"{url}#times",
            is_due=True, about="Pick one, or propose others", label="Check-in?", icon="chat-left",
        )  # fmt: skip
    if starts_at is None:
        return
    day = look.day_of(owner_id, starts_at)
    if state == CheckIn.State.PLANNED and look.is_near(owner_id, day):
        hour = f"{starts_at.astimezone(look.people[owner_id].time_zone):%H:%M}"
        about = f"{hour}, {Channel(channel).label.lower()}"
        yield Thing(
            owner_id, day, title, f"{title}, {hour}", "Check-in", url,
            is_due=True, about=about, label=title, icon="chat-left", at=starts_at, minutes=minutes,
        )  # fmt: skip
    elif state == CheckIn.State.HELD and look.holds(owner_id, day):
        yield Thing(
            owner_id, day, title, f"{title}: you two met", "A check-in", url,
            about="You two met", label=title, icon="chat-left",
        )  # fmt: skip


def questions(look: Look) -> Iterator[Thing]:
    """What a mentor asks before answering a request: due today, and never late, since the mentor's time stands still."""
    if look.viewer is not None:  # between those two
        return
    for pk, owner_id, name, email in QUESTIONS.rows(look):
        said = f"Answer {(name or email.partition('@')[0]).split(' ')[0]}’s question"
        yield Thing(
            owner_id, look.today[owner_id], said, f"{said} about your request", "A question about your request",
            f"/mentors/requests/{pk}/", is_due=True, about="Before they answer your request", label=said,
            icon="chat-left",
        )  # fmt: skip


def advice(look: Look) -> Iterator[Thing]:
    """In the last week of a month, the offer to tell a mentor what came of their advice; readers learn nothing of it."""
    if look.viewer is not None:
        return
    for relation, last_note, owner_id, name, email in ADVICE.rows(look):
        today = look.today[owner_id]
        ends_on = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        if (last_note or "") < month_key(today) and look.is_near(owner_id, ends_on):
            mentor = (name or email.partition("@")[0]).split(" ")[0]
            title = f"Tell {mentor} what came of their advice"
            yield Thing(
                owner_id, ends_on, title, title, "A note to your mentor", f"/mentorships/{relation}/advice/note/",
                is_due=True, about="Once a month, if you like", label="Advice", icon="chat-left",
            )  # fmt: skip
