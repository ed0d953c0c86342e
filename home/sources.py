"""What each app has to tell of a week. A new app adds one function here and one line to SOURCES in home/week.py.

Each function is given a `Look` and yields `Thing`s, with a number of queries that does not depend on how many people
are looked at.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from contacts.conversations import WAS, name_people
from contacts.models import Interaction
from core import markdown
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate
from goals.trail import say_number, say_share
from home.look import Asked, AskedTogether, Look, Span, Thing, Words
from home.told import BETWEEN_NAMES, names_of_talk
from journal.models import Entry, EntryComment
from sharing.models import Mentorship
from wins.models import Win, WinComment

NOTE_LENGTH, TITLE_LENGTH = 120, 60


def _goals(rows: Any, span: Span, limit: int) -> QuerySet:
    is_due = Q(status="active", due_on__range=(span.oldest, span.horizon))
    is_closed = Q(status__in=["achieved", "partly", "dropped"], closed_at__gte=span.start, closed_at__lt=span.end)
    return _dated(rows.filter(is_due | is_closed), "goal", state="status", ended_at="closed_at")[:limit]


def _milestones(rows: Any, span: Span, limit: int) -> QuerySet:
    is_due = Q(done_at=None, due_on__range=(span.oldest, span.horizon), goal__status="active")
    is_done = Q(done_at__gte=span.start, done_at__lt=span.end)
    return _dated(rows.filter(is_due | is_done), "milestone", goal="goal__", state="kind", ended_at="done_at")[:limit]


def _dated(rows: Any, what: str, *, goal: str = "", state: str, ended_at: str) -> QuerySet:
    """Return rows of one kind in the columns that both have: what, key, goal, owner, state, title, title of the goal,
    date, when it ended.
    """
    columns = {
        "a_what": Value(what, output_field=CharField()),
        "a_key": F("pk"),
        "a_goal": F(f"{goal}pk"),
        "an_owner": F(f"{goal}owner_id"),
        "a_state": F(state),
        "a_title": F("title"),
        "goal_title": F(f"{goal}title"),
        "a_day": F("due_on"),
        "a_moment": F(ended_at),
    }
    return rows.order_by("due_on", "pk").annotate(**columns).values_list(*columns)


def _progress(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.moved_between(span.first, span.last).order_by("happened_on", "pk")
    measure = ("goal__measure", "goal__unit", "goal__start_value", "goal__target_value")
    fields = ("goal_id", "goal__owner_id", "goal__title", *measure, "happened_on", "value", "note")
    return found.values_list(*fields)[:limit]


def _comments(what: str, subject: str) -> Callable[[Any, Span, int], QuerySet]:
    def build(rows: Any, span: Span, limit: int) -> QuerySet:
        rows = rows.filter(removed_at=None, created_at__gte=span.lately, author__isnull=False)
        rows = rows.exclude(author=F("item__owner")).order_by("-created_at", "-pk")
        people = ("author__name", "author__email", "mentorship__kind", "mentorship__status")
        columns = {"a_what": Value(what, output_field=CharField()), "a_subject": Cast(subject, CharField())}
        found = rows.annotate(**columns)
        return found.values_list("pk", "item_id", "item__owner_id", "text", "created_at", *people, *columns)[:limit]

    return build


def _entries(rows: Any, span: Span, limit: int) -> QuerySet:
    # Moods are tapped daily: they are no news, and nobody else's business.
    found = rows.written_between(span.first, span.last).exclude(kind="mood").order_by("entry_on", "pk")
    return _written(found, "entry", "kind", "entry_on")[:limit]


def _wins(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.moved_between(span.first, span.last).order_by("happened_on", "pk")
    return _written(found, "win", "text", "happened_on")[:limit]


def _talks(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.moved_between(span.first, span.last).order_by("happened_on", "pk")
    names = Concat("kind", Value(BETWEEN_NAMES), names_of_talk(), output_field=CharField())
    return _written(found, "talk", names, "happened_on")[:limit]


def _written(rows: Any, what: str, words: Any, day: str) -> QuerySet:
    """Return rows of one kind in the columns that both have: what, key, owner, words, day."""
    columns = {"a_what": Value(what, output_field=CharField()), "a_key": F("pk"), "an_owner": F("owner_id")}
    return rows.annotate(**columns, some_words=Cast(words, CharField()), a_day=F(day)).values_list(
        *columns, "some_words", "a_day"
    )


# Short questions stand together in one statement: a page has no room for one more.
DATED = AskedTogether((Goal, _goals), (Milestone, _milestones))
PROGRESS = Asked(ProgressUpdate, _progress)
COMMENTS = AskedTogether(
    (GoalComment, _comments("goal", "item__title")),
    (EntryComment, _comments("entry", "item__entry_on")),
    (WinComment, _comments("win", "item__text")),
)
WRITTEN = AskedTogether((Entry, _entries), (Win, _wins), (Interaction, _talks))


def words(look: Look) -> list[Words]:
    """Return what others wrote about these people's goals, entries and wins lately, newest first: one query."""
    if "words" not in look.memo:
        found = []
        for *row, what, subject in COMMENTS.rows(look):
            if what == "goal":
                found.append(_words(look, tuple(row), subject, f"/goals/{row[1]}/"))
            elif what == "win":
                where = f"“{markdown.plain(subject, TITLE_LENGTH)}”"
                found.append(_words(look, tuple(row), where, f"/wins/{row[1]}/"))
            else:
                day = date.fromisoformat(subject)
                where = f"your entry of {day.day} {day:%B}"
                found.append(_words(look, tuple(row), where, f"/journal/{row[1]}/", is_private=True))
        look.memo["words"] = sorted(found, key=lambda words: (words.at, words.url), reverse=True)
    said: list[Words] = look.memo["words"]
    return said


def _words(look: Look, row: tuple[Any, ...], where: str, page: str, *, is_private: bool = False) -> Words:
    pk, _, owner_id, text, at, name, email, kind, status = row
    url, on = f"{page}#comment-{pk}", look.day_of(owner_id, at)
    is_mentor, is_active = kind == Mentorship.Kind.MENTOR, status == Mentorship.Status.ACTIVE
    said = markdown.plain(text, 400)
    return Words(owner_id, name or email, said, where, url, at, on, is_mentor, is_active, is_private)


def _dated_once(look: Look, kind: str) -> Iterator[tuple[Any, ...]]:
    """Yield the goals or the milestones of these weeks, by their dates; one query for both."""
    if "dated" not in look.memo:
        look.memo["dated"] = sorted(DATED.rows(look), key=lambda row: (row[7] or date.max, row[1]))
    return (row[1:] for row in look.memo["dated"] if row[0] == kind)


def goals(look: Look) -> Iterator[Thing]:
    """Goals whose date comes near or has passed, and goals that were reached or let go."""
    for pk, _, owner_id, status, title, _, due_on, closed_at in _dated_once(look, "goal"):
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
    for pk, goal_id, owner_id, kind, title, goal_title, due_on, done_at in _dated_once(look, "milestone"):
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


def _asked_once(look: Look) -> list[tuple[Any, ...]]:
    """Return the entries, wins and conversations of these weeks, in one order for every page."""
    if "written" not in look.memo:
        look.memo["written"] = sorted(WRITTEN.rows(look), key=lambda row: (row[4], row[0], row[1]))
    rows: list[tuple[Any, ...]] = look.memo["written"]
    return rows


def entries(look: Look) -> Iterator[Thing]:
    """That something was written, never what."""
    for what, pk, owner_id, kind, day in _asked_once(look):
        if what == "entry" and look.holds(owner_id, day):
            word = Entry.Kind(kind).label
            said = f"{word} in your journal"
            yield Thing(
                owner_id, day, word, said, said, f"/journal/{pk}/",
                about="In your journal", label=word, icon="journal-text", hint="entry",
            )  # fmt: skip


def wins(look: Look) -> Iterator[Thing]:
    """What went well."""
    for what, pk, owner_id, text, day in _asked_once(look):
        if what == "win" and look.holds(owner_id, day):
            yield Thing(
                owner_id, day, text, f"A win: {text}", "A win", f"/wins/{pk}/",
                about="A win", label="Small win", icon="trophy", hint="win",
            )  # fmt: skip


def talks(look: Look) -> Iterator[Thing]:
    """Conversations that took place; whom one knows is nobody else's business."""
    if look.viewer is not None:
        return
    for what, pk, owner_id, words, day in _asked_once(look):
        if what == "talk" and look.holds(owner_id, day):
            kind, *names = filter(None, words.split(BETWEEN_NAMES))
            if names:
                said = WAS[Interaction.Kind(kind)].format(name_people(names))
                yield Thing(
                    owner_id, day, said, said, "A conversation", f"/contacts/conversations/{pk}/",
                    about="A conversation", label=said, icon="chat-left", hint="talk",
                )  # fmt: skip
