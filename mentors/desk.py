"""The mentor's desk: what others show a reader, what of it waits, how each of them gets on.

Every query starts from what is shared with the reader now, and their number does not depend on how many people show
the reader something. What "waits" means stands in mentors/threads.py and, in SQL, in mentors/counts.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User
from core.compiled import CompiledQuery
from core.markdown import plain
from core.timekeeping import say_day_within
from goals.models import Goal, Suggestion
from goals.proposals import say_what
from goals.trail import standing_of
from journal.models import Entry
from mentors import contact
from mentors.counts import promised, proposals_to, waits_for
from mentors.models import Action, AgendaPoint, Invitation, PrivateNote, Request
from mentors.needs import (
    Need,
    invitation_row,
    promise_row,
    proposal_row,
    quiet_row,
    request_row,
    thread_row,
)
from mentors.panels import GoalLine, Panel, PointLine, SharedGoal, SharedWords, SuggestedLine
from mentors.threads import EXCERPT_LENGTH, NOTHING_YET, State, conversation
from mentors.times import say_time
from sharing.models import Mentorship
from wins.models import Win

GOALS_IN_A_PANEL = 4
ENTRIES_IN_A_PANEL = 2
WINS_IN_A_PANEL = 2
# Rows under "Needs you", and of those that were set aside; the panels below lead to everything else.
MOST_NEEDS = 25
MOST_ASLEEP = 10
SUGGESTED_IN_A_PANEL = 3
POINTS_IN_A_PANEL = 5
# What was answered longer ago is no news; more open ones than this nobody keeps in mind.
FATE_SHOWN_DAYS = 14
MOST_SUGGESTED = 50


@dataclass(frozen=True)
class Desk:
    """Everything /mentees/ shows: who shows what, and what needs the reader, the oldest first."""

    panels: list[Panel]
    needs: list[Need]
    more: int  # needs beyond those
    asleep: list[Need]  # set aside until a day
    next_after: int | None


def lay_desk(
    reader: User,
    *,
    now: datetime,
    after: str = "",
    size: int = 10,
    asking: Iterable[Invitation] = (),
    requests: Iterable[Request] = (),
    asleep: Mapping[str, datetime] | None = None,
) -> Desk:
    """Return the panels after the relation `after`, and all that waits from anybody; twelve queries.

    `asking` and `requests` are the invitations and requests that wait; `asleep` says by `Need.key` what the reader set aside, and when.
    """
    today, asleep = reader.today(now), asleep or {}
    relations: list[Any] = _RELATIONS.objects(reader=reader.pk, day=today, now=now)
    everybody = {
        row.mentee_id: Panel(row, row.started_at, row.paused_until is not None and row.paused_until >= today)
        for row in relations
    }
    goals = [SharedGoal(*row) for row in _SHARED_GOALS.rows(reader=reader.pk)]
    written = [SharedWords(*row) for row in _SHARED_WORDS.rows(reader=reader.pk)]
    entries, wins = ([row for row in written if row.what == what] for what in ("entry", "win"))
    keys = [[row.pk for row in rows] for rows in (goals, entries, wins)]
    states = conversation(reader, goals=keys[0], entries=keys[1], wins=keys[2])
    found: list[_Found] = []
    for name, rows in (("goal", goals), ("entry", entries), ("win", wins)):
        for row in rows:
            if row.owner not in everybody:  # shared between two of these queries
                continue
            panel, state = everybody[row.owner], states.get((name, row.pk), NOTHING_YET)
            panel.note(state, row.moved_at)
            if state.waits(row.owner) and not panel.is_resting:
                since = state.waits_since(panel.mentorship, row.moved_at)
                found.append(_Found(since, name, row, state))
    for panel in everybody.values():
        panel.write_path = _write_path(panel.mentorship.mentee_id, goals, written)
        panel.quiet = contact.standing_of(panel.mentorship, reader, now=now)
    rows_of = [invitation_row(invitation, reader, today) for invitation in asking]
    rows_of += [request_row(request, reader, today) for request in requests]
    rows_of += [
        quiet_row(panel.mentorship, panel.quiet, panel.write_path, reader)
        for panel in everybody.values()
        if panel.quiet.level
    ]
    awake: list[Any] = [panel.mentorship for panel in everybody.values() if not panel.is_resting]
    rows_of += [proposal_row(mentorship, reader, today) for mentorship in awake if mentorship.offer]
    by_relation = {mentorship.pk: mentorship for mentorship in awake}
    rows_of += [
        promise_row(by_relation[action.check_in.mentorship_id], action, reader, today)
        for action in (_PROMISED.objects(reader=reader.pk, day=today) if any(row.promises for row in awake) else ())
        if action.check_in.mentorship_id in by_relation
    ]

    # More are never drawn, whatever of them sleeps.
    most = MOST_NEEDS + len(asleep)
    left_out, found = max(0, len(found) - most), sorted(found, key=lambda each: each.since)[:most]
    start = next((number + 1 for number, row in enumerate(relations) if str(row.pk) == after), 0)
    shown = [everybody[row.mentee_id] for row in relations[start : start + size]]
    also = {each.row.pk for each in found if each.name == "entry"}
    read = _fill_panels(shown, goals, written, also=also, reader=reader, today=today)
    for panel in shown:
        panel.moved_on = reader.today(panel.moved_at)
        panel.wrote_on = reader.today(panel.wrote_at) if panel.wrote_at else None
    _add_suggested(shown, reader, now=now)
    _add_meetings(shown, reader, today=today)
    for each in found:
        item = read.get(each.row.pk) if each.name == "entry" else each.row
        if item is not None:  # deleted between two of these queries
            mentorship = everybody[each.row.owner].mentorship
            rows_of.append(thread_row(mentorship, item, each.state, each.since, reader, today))
    rows_of.sort(key=lambda row: (row.since, row.key))
    needs = [row for row in rows_of if not row.sleeps(asleep)]
    return Desk(
        panels=shown,
        needs=needs[:MOST_NEEDS],
        more=len(needs) + left_out - len(needs[:MOST_NEEDS]),
        asleep=[row for row in rows_of if row.sleeps(asleep)][:MOST_ASLEEP],
        next_after=shown[-1].mentorship.pk if shown and start + size < len(relations) else None,
    )


def waits(reader: User, key: str, *, now: datetime) -> bool:
    """Tell whether the row with this `Need.key` waits for the reader, also beyond what the desk draws."""
    kind, _, digits = key.partition("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return False
    today = reader.today(now)
    if kind != "quiet":
        return waits_for(reader, kind, int(digits), day=today, now=now)
    pair = contact.with_contact(Mentorship.objects.active().of_mentor(reader), today).filter(pk=int(digits)).first()
    return pair is not None and bool(contact.standing_of(pair, reader, now=now).level)


def _write_path(owner: int, goals: Iterable[SharedGoal], written: Iterable[SharedWords]) -> str:
    """Return the conversation about the newest thing a person shares: goals on the way, other goals, entries, wins."""
    own = [row for row in goals if row.owner == owner]
    if own:
        newest = max(own, key=lambda row: (row.status in {"active", "paused"}, row.moved_at, row.pk))
        return f"/goals/{newest.pk}/#conversation"
    words = [row for row in written if row.owner == owner]
    last = max(words, key=lambda row: (row.what == "entry", row.moved_at, row.pk), default=None)
    return f"{last.get_absolute_url()}#conversation" if last else ""


class _Found(NamedTuple):
    """Something that waits, before it is read."""

    since: datetime
    name: str
    row: Any
    state: State


def relations_of(reader: int, day: date, now: datetime) -> QuerySet[Mentorship]:
    """Return whom a person reads for, with what mentors.contact asks, their own private notes, and their check-ins."""
    active = Mentorship.objects.active().of_mentor(User(pk=reader)).select_related("mentee")
    notes = PrivateNote.objects.filter(mentorship=OuterRef("pk"), author=F("mentorship__mentor"))
    noted = contact.with_contact(active, day).annotate(note=Subquery(notes.values("text")[:1]))
    noted = noted.annotate(note_version=Subquery(notes.values("version")[:1]))
    offers = proposals_to(User(pk=reader), now=now).order_by("pk")
    promises = Action.objects.open().filter(check_in__mentorship=OuterRef("pk"), owner=OuterRef("mentor"))
    return (
        contact.with_meetings(noted, now)
        .annotate(
            promises=Exists(promises),
            offer=Subquery(offers.values("pk")[:1]),
            offered_at=Subquery(offers.values("created_at")[:1]),
        )
        .order_by("started_at", "pk")
    )


def _shared_goals(reader: int) -> QuerySet[Any]:
    goals = Goal.objects.all().shared_with_reader(User(pk=reader)).order_by("due_on", "pk")
    return goals.values("pk", "owner", "title", "status", "updated_at")


def _shared_words(reader: int) -> QuerySet[Any]:
    def of(rows: Any, what: str, moved_at: str, day: str, text: Any) -> QuerySet[Any]:
        columns = {"what": Value(what), "moved": F(moved_at), "day": F(day), "words": Cast(text, TextField())}
        columns = {f"a_{name}": value for name, value in columns.items()}
        named = rows.shared_with_reader(User(pk=reader)).order_by().annotate(**columns)
        return named.values_list("a_what", "pk", "owner", "a_moved", "a_day", "a_words")

    entries = of(Entry.objects.all(), "entry", "finished_at", "entry_on", Value(""))
    wins = of(Win.objects.all(), "win", "created_at", "happened_on", F("text"))
    return entries.union(wins, all=True).order_by("-a_day", "-pk")


_RELATIONS = CompiledQuery(relations_of, reader=int, day=date, now=datetime)
_SHARED_GOALS = CompiledQuery(_shared_goals, reader=int)
_SHARED_WORDS = CompiledQuery(_shared_words, reader=int)


def goal_line(goal: Goal, state: State, reader: User, *, today: date) -> GoalLine:
    """Return the line for a goal with its progress."""
    said_on = reader.today(state.at) if state.at else None
    return GoalLine(goal, standing_of(goal, today=today), plain(state.words, EXCERPT_LENGTH), said_on, state.author)


def _fill_panels(
    panels: list[Panel],
    goals: Iterable[Any],
    written: Iterable[SharedWords],
    *,
    also: set[int],
    reader: User,
    today: date,
) -> dict[int, Entry]:
    """Give each panel its counts and its first things; return the entries that were read, those in `also` too."""
    by_owner = {panel.mentorship.mentee_id: panel for panel in panels}
    first_goals: dict[int, list[int]] = {owner: [] for owner in by_owner}
    first_entries: dict[int, list[int]] = {owner: [] for owner in by_owner}
    for row in goals:
        if row.owner in by_owner:
            by_owner[row.owner].goal_count += 1
            if row.status in {"active", "paused"} and len(first_goals[row.owner]) < GOALS_IN_A_PANEL:
                first_goals[row.owner].append(row.pk)
    for row in written:
        if row.owner in by_owner and row.what == "win":
            by_owner[row.owner].win_count += 1
            if len(by_owner[row.owner].wins) < WINS_IN_A_PANEL:
                by_owner[row.owner].wins.append(row)
        elif row.owner in by_owner:
            by_owner[row.owner].entry_count += 1
            if len(first_entries[row.owner]) < ENTRIES_IN_A_PANEL:
                first_entries[row.owner].append(row.pk)
    drawn = [pk for pks in first_goals.values() for pk in pks]
    for goal in _GOALS.objects(pks=drawn) if drawn else ():
        by_owner[goal.owner_id].goals.append(GoalLine(goal, standing_of(goal, today=today)))
    listed = {pk for pks in first_entries.values() for pk in pks}
    read = {}
    for entry in _ENTRIES.objects(pks=list(listed | also), reader=reader.pk) if listed or also else ():
        read[entry.pk] = entry
        if entry.pk in listed:
            by_owner[entry.owner_id].entries.append(entry)
    return read


_GOALS = CompiledQuery(lambda pks: Goal.objects.filter(pk__in=pks).with_progress().order_by("due_on", "pk"), pks=list)


def _read_entries(pks: list[int], reader: int) -> QuerySet[Any]:
    entries = Entry.objects.filter(pk__in=pks).as_read_by(User(pk=reader))
    return entries.select_related("period").order_by("-entry_on", "-pk")


_ENTRIES = CompiledQuery(_read_entries, pks=list, reader=int)


def _suggested(reader: int, since: datetime) -> QuerySet[Suggestion]:
    waits = Q(state="open", comment__item__status__in=["active", "paused"])
    mine = Suggestion.objects.visible_to(User(pk=reader)).filter(comment__author=reader, comment__removed_at=None)
    told = mine.filter(waits | Q(answered_at__gte=since)).select_related("comment__item__owner")
    return told.order_by("-comment__created_at", "-pk")[:MOST_SUGGESTED]


_SUGGESTED = CompiledQuery(_suggested, reader=int, since=datetime)


def _add_suggested(panels: Sequence[Panel], reader: User, *, now: datetime) -> None:
    """Give each panel what the reader suggested there lately, the newest first."""
    by_owner, today = {panel.mentorship.mentee_id: panel for panel in panels}, reader.today(now)
    for suggestion in _SUGGESTED.objects(reader=reader.pk, since=now - timedelta(days=FATE_SHOWN_DAYS)):
        comment = suggestion.comment
        panel = by_owner.get(comment.item.owner_id)
        if panel is None or len(panel.suggested) == SUGGESTED_IN_A_PANEL:
            continue
        at = suggestion.answered_at or comment.created_at
        day = say_day_within(reader.today(at), today)
        fates = {"open": f"Waiting since {day}", "accepted": f"Taken up {day}", "declined": "Left as it is for now"}
        says = say_what(suggestion, comment.item, today)
        panel.suggested.append(
            SuggestedLine(comment.get_absolute_url(), comment.item.title, says, fates[suggestion.state])
        )


_PROMISED = CompiledQuery(
    lambda reader, day: promised(User(pk=reader), day=day).select_related("check_in").order_by("pk")[:MOST_NEEDS],
    reader=int,
    day=date,
)
_POINTS = CompiledQuery(
    lambda relations: (
        AgendaPoint.objects.open()
        .filter(mentorship__in=relations)
        .order_by("pk")
        .values_list("mentorship", "author", "text")
    ),
    relations=list,
)


def _add_meetings(panels: Sequence[Panel], reader: User, *, today: date) -> None:
    """Give each panel when the two met and meet, and the first points of their list for next time."""
    by_relation = {panel.mentorship.pk: panel for panel in panels if panel.mentorship.is_mentor}
    for panel in by_relation.values():
        row: Any = panel.mentorship
        panel.met_on = reader.today(row.met_at) if row.met_at else None
        if row.next_at:
            panel.next_said = say_time(row.next_at, reader, today, is_short=True)
            panel.next_path = f"{row.get_absolute_url()}check-ins/{row.next_id}/"
    for relation, author, text in _POINTS.rows(relations=list(by_relation)) if by_relation else ():
        panel = by_relation[relation]
        if len(panel.points) < POINTS_IN_A_PANEL:
            panel.points.append(PointLine(text, "you" if author == reader.pk else panel.mentorship.mentee.given_name))
