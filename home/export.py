"""A plain copy of everything a person wrote or set, as JSON that a program or a patient reader can use.

It holds what is theirs: own things, the bin included, with what others wrote on them, and their own words elsewhere.
It never holds what others share with them. docs/export.md describes the format for people.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch, Q

from accounts.models import User
from goals.models import FormDraft, Goal, GoalComment, Milestone, ProgressUpdate, Revision
from home.models import CalendarFeed, Snooze
from journal.models import Entry, EntryComment, Intention, Period
from mail.models import Message, Preference
from mentors.models import (
    Action,
    Advice,
    AgendaPoint,
    Agreement,
    CheckIn,
    Farewell,
    Handover,
    Introduction,
    Invitation,
    LookBack,
    Mark,
    Note,
    Offer,
    PrivateNote,
    Profile,
    Report,
    Request,
    Slot,
    Thanks,
)
from sharing.models import Block, Comment, Mentorship

FORMAT, VERSION = "waymark-export", 1
CHUNK = 100  # rows held in memory at once

Row = dict[str, Any]
Section = Callable[[User], Iterable[Row]]
_sections: dict[str, Section] = {}


def section(name: str) -> Callable[[Section], Section]:
    """Register what `name` holds in the copy. Apps above call it too, in their `ready()`."""

    def register(function: Section) -> Section:
        _sections[name] = function
        return function

    return register


def copy_of(user: User, *, now: datetime) -> Iterator[str]:
    """Yield the copy as pieces of one JSON document, so that ten years of entries never stand in memory at once."""
    head = {"format": FORMAT, "version": VERSION, "made_at": now, "profile": _profile(user)}
    yield _json(head)[:-1]
    for name, rows in _sections.items():
        yield f",\n{_json(name)}: ["
        for number, row in enumerate(rows(user)):
            yield (",\n" if number else "\n") + _json(row)
        yield "]"
    yield "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _pick(row: Any, *names: str) -> Row:
    """Return these attributes of a row under their own names."""
    return {name: getattr(row, name) for name in names}


def _profile(user: User) -> Row:
    return _pick(user, "email", "name", "language", "theme", "mails_hide_text", "date_joined") | {
        "time_zone": str(user.time_zone)
    }


@section("email_addresses")
def _addresses(user: User) -> Iterator[Row]:
    for address in EmailAddress.objects.filter(user=user).order_by("pk"):
        yield _pick(address, "email", "primary", "verified")


@section("devices")
def _devices(user: User) -> Iterator[Row]:
    for device in UserSession.objects.filter(user=user).order_by("pk"):
        yield _pick(device, "created_at", "last_seen_at", "ip", "user_agent")


@section("breaks")
def _breaks(user: User) -> Iterator[Row]:
    for row in user.breaks.order_by("from_on", "pk"):
        yield _pick(row, "from_on", "until_on")


@section("mail_switches")
def _switches(user: User) -> Iterator[Row]:
    for kind, is_on in Preference.objects.for_user(user).items():
        yield {"kind": kind, "is_on": is_on}


@section("calendar_feed")
def _calendar_feed(user: User) -> Iterator[Row]:
    # Its address is not known here either: the database holds a hash of it.
    for feed in CalendarFeed.objects.owned_by(user):
        yield _pick(feed, "created_at", "shows_titles", "read_at", "read_by")


@section("mails_to_me")
def _mails(user: User) -> Iterator[Row]:
    for message in Message.objects.filter(user=user).order_by("pk").iterator(CHUNK):
        yield _pick(message, "kind", "state", "reason", "queued_at", "finished_at")


@section("relations")
def _relations(user: User) -> Iterator[Row]:
    farewells: dict[int, list[Row]] = {}
    for last in Farewell.objects.filter(mentorship__in=_own_relations(user)).select_related("author").order_by("pk"):
        farewells.setdefault(last.mentorship_id, []).append({"from": last.author_name, "words": last.words})
    for row in _own_relations(user).with_people().order_by("started_at", "pk"):
        last_words = farewells.get(row.pk, [])
        yield _pick(row, "id", "kind", "status", "started_at", "ended_at", "paused_until") | {
            "i_am": "mentee" if row.mentee_id == user.pk else row.kind,
            "with": row.mentor_name if row.mentee_id == user.pk else str(row.mentee),
            "farewell": last_words[0] if last_words else None,
            "thanks": last_words[1:],
        }


def _own_relations(user: User) -> Any:
    return Mentorship.objects.involving(user)


@section("agreements")
def _agreements(user: User) -> Iterator[Row]:
    # The mentee keeps what was agreed; of what a mentor read there, only their own words are theirs.
    versions = Agreement.objects.kept_by(user).prefetch_related("goals").select_related("author")
    for row in versions.order_by("mentorship", "number"):
        words = ("purpose", "confidentiality", "mentor_gets", "stopping", "reason", "decline_note")
        facts = ("number", "state", "rhythm", "channel", "minutes", "answers_within", "review_on", "ends_on")
        own_goals = [goal.pk for goal in row.goals.all() if goal.owner_id == user.pk]
        fields = {"relation": row.mentorship_id, "proposed_by": row.author_name, "about_goals": own_goals}
        yield fields | _pick(row, *facts, *words, "created_at", "answered_at")


@section("my_private_notes")
def _private_notes(user: User) -> Iterator[Row]:
    for row in PrivateNote.objects.written_by(user).select_related("mentorship__mentee").order_by("pk"):
        yield _pick(row, "text", "updated_at") | {"relation": row.mentorship_id, "about": str(row.mentorship.mentee)}


@section("my_offers")
def _offers(user: User) -> Iterator[Row]:
    for row in Offer.objects.made_by(user).order_by("pk"):
        yield _pick(row, "words", "changed_at") | {"relation": row.mentorship_id}


@section("thanks_received")
def _thanks_received(user: User) -> Iterator[Row]:
    for row in Thanks.objects.received_by(user).with_people().order_by("pk"):
        yield _pick(row, "words", "sent_at") | {"from": row.sender_name}


@section("thanks_sent")
def _thanks_sent(user: User) -> Iterator[Row]:
    for row in Thanks.objects.sent_by(user).with_people().order_by("pk"):
        yield _pick(row, "words", "sent_at") | {"to": str(row.recipient)}


@section("introductions_offered")
def _introductions(user: User) -> Iterator[Row]:
    # What this person wrote; how it went is told on its page, and an address chosen by name was never theirs.
    for row in Introduction.objects.offered_by(user).order_by("pk"):
        yield _pick(row, "who", "words", "created_at") | {"relation": row.mentorship_id}


@section("set_aside")
def _snoozes(user: User) -> Iterator[Row]:
    for row in Snooze.objects.filter(owner=user).order_by("pk"):
        yield _pick(row, "kind", "number", "until_on", "at")


@section("check_ins")
def _check_ins(user: User) -> Iterator[Row]:
    # The mentee's, who keeps them; a mentor's own words and promises are below.
    rows = CheckIn.objects.filter(mentorship__mentee=user).order_by("mentorship", "starts_at", "pk")
    notes = Prefetch("notes", Note.objects.visible_to(user).select_related("author"))
    for row in rows.prefetch_related(notes, "points__author", "actions__owner").iterator(CHUNK):
        fields = ("id", "state", "starts_at", "minutes", "channel", "place", "repeats_every", "takeaways")
        yield _pick(row, *fields) | {
            "relation": row.mentorship_id,
            "talked_about": [_pick(one, "text", "done_at") | {"by": _name(one.author)} for one in row.points.all()],
            "notes": [_pick(one, "text", "is_shared") | {"by": one.author_name} for one in row.notes.all()],
            "agreed": [
                _pick(one, "text", "due_on", "done_at") | {"who": _name(one.owner)} for one in row.actions.all()
            ],
        }


@section("to_talk_about")
def _points(user: User) -> Iterator[Row]:
    # What one put on the list, and, as the mentee, what the mentor did.
    on_list = AgendaPoint.objects.filter(Q(author=user) | Q(mentorship__mentee=user), check_in=None)
    for row in on_list.select_related("author").order_by("pk"):
        yield _pick(row, "text", "created_at") | {"relation": row.mentorship_id, "by": _name(row.author)}


@section("advice")
def _advice(user: User) -> Iterator[Row]:
    advice = Advice.objects.filter(mentorship__mentee=user).with_source().order_by("pk")
    for row in advice:
        fields = _pick(row, "words", "state", "created_at", "marked_at", "told_at")
        yield fields | {"relation": row.mentorship_id, "check_in": row.check_in_id, "comment": row.comment_id}


@section("my_words_as_a_mentor")
def _as_mentor(user: User) -> Iterator[Row]:
    mine = {"check_in__mentorship__mentor": user}
    for note in Note.objects.written_by(user).filter(**mine).select_related("check_in").order_by("pk"):
        yield _pick(note, "text", "is_shared") | {"check_in_at": note.check_in.starts_at, "what": "note"}
    for action in Action.objects.filter(owner=user, **mine).select_related("check_in").order_by("pk"):
        yield _pick(action, "text", "due_on", "done_at") | {"check_in_at": action.check_in.starts_at, "what": "promise"}
    for point in AgendaPoint.objects.filter(author=user, **mine).select_related("check_in").order_by("pk"):
        at = point.check_in.starts_at if point.check_in else None
        yield _pick(point, "text", "done_at") | {"check_in_at": at, "what": "point"}


def _name(person: User | None) -> str:
    return str(person) if person else "former member"


@section("look_backs")
def _look_backs(user: User) -> Iterator[Row]:
    for row in LookBack.objects.written_by(user).order_by("pk"):
        yield _pick(row, "words", "shows_at_once", "written_at", "changed_at") | {"relation": row.mentorship_id}


@section("handovers")
def _handovers(user: User) -> Iterator[Row]:
    for row in Handover.objects.all_of(user).prefetch_related("shared_with").order_by("pk"):
        fields = _pick(row, "id", "worked_on", "helped", "still_open", "created_at", "updated_at", "deleted_at")
        yield fields | {"about_relation": row.mentorship_id, "shown_to_relations": _shown_to(row)}


@section("invitations_sent")
def _invitations(user: User) -> Iterator[Row]:
    for row in Invitation.objects.owned_by(user).prefetch_related("goals").order_by("pk"):
        fields = _pick(row, "email", "kind", "message", "state", "created_at", "expires_at", "closed_at")
        yield fields | {"decline_note": row.decline_note, "would_show_goals": [goal.pk for goal in row.goals.all()]}


@section("requests_to_mentors")
def _requests(user: User) -> Iterator[Row]:
    rows = Request.objects.owned_by(user).select_related("mentor").prefetch_related("goals", "messages__author")
    for row in rows.order_by("pk").iterator(CHUNK):
        words = ("help_wanted", "why_you", "about_me", "offer", "rhythm", "channel", "term")
        fields = _pick(row, *words, "state", "created_at", "sent_at", "closed_at", "decline_note")
        yield fields | {
            "to": row.mentor_name,
            "goals": [goal.pk for goal in row.goals.all()],
            "relation": row.mentorship_id,
            "questions_and_answers": [
                _pick(said, "text", "created_at") | {"by": said.author_name} for said in row.messages.all()
            ],
        }


@section("my_answers_to_requests")
def _answers(user: User) -> Iterator[Row]:
    """Own words on what others asked, without what they asked."""
    rows = Request.objects.filter(mentor=user).exclude(state="draft").select_related("asker")
    for row in rows.prefetch_related("messages").order_by("pk").iterator(CHUNK):
        mine = [_pick(said, "text", "created_at") for said in row.messages.all() if said.author_id == user.pk]
        yield _pick(row, "state", "closed_at", "decline_note") | {"from": str(row.asker), "my_questions": mine}


@section("mentor_profile")
def _mentor_profile(user: User) -> Iterator[Row]:
    for row in Profile.objects.owned_by(user):
        fields = ["is_listed", "headline", "helps_with", "asks_for", "topics", "industry", "company", "languages"]
        fields += ["capacity", "hours_a_month", "answers_within", "paused_until", "created_at", "updated_at"]
        yield _pick(row, *fields)


@section("weekly_hours")
def _weekly_hours(user: User) -> Iterator[Row]:
    for row in Slot.objects.owned_by(user):
        yield {"weekday": row.get_weekday_display(), "from": row.starts_at, "to": row.ends_at}


@section("notes_on_mentors")
def _notes_on_mentors(user: User) -> Iterator[Row]:
    for row in Mark.objects.owned_by(user).select_related("profile").order_by("pk"):
        yield {"name": row.profile.name, "note": row.get_kind_display(), "since": row.created_at}


@section("reports_sent")
def _reports(user: User) -> Iterator[Row]:
    for row in Report.objects.owned_by(user).select_related("person").order_by("pk"):
        yield _pick(row, "kind", "words", "created_at") | {"about": str(row.person)}


@section("blocked_people")
def _blocks(user: User) -> Iterator[Row]:
    for row in Block.objects.owned_by(user).select_related("blocked"):
        yield {"name": str(row.blocked), "since": row.created_at}


@section("goals")
def _goals(user: User) -> Iterator[Row]:
    goals = Goal.objects.all_of(user).order_by("pk")
    comments = Prefetch("comments", GoalComment.objects.with_people().select_related("suggestion"))
    milestones = Prefetch("milestones", Milestone.with_removed.all())
    together = (milestones, "updates__seen", "rests", "revisions__suggested_by", "shared_with", comments)
    for goal in goals.prefetch_related(*together).iterator(CHUNK):
        fields = ["id", "title", "why", "achievable", "measure", "unit", "start_value", "target_value", "evidence"]
        fields += ["hours_a_week", "importance", "starts_on", "due_on", "status", "paused_on", "rested_days"]
        fields += ["closed_at", *Goal.CLOSING_WORDS, "created_at", "updated_at", "deleted_at"]
        yield _pick(goal, *fields) | {
            "shown_to_relations": _shown_to(goal),
            "milestones": [
                _pick(one, "id", "kind", "title", "due_on", "at_value", "done_at", "removed_at")
                for one in goal.milestones.all()
            ],
            "progress": [_update(one) for one in goal.updates.all()],
            "rests": [_pick(one, "starts_on", "ends_on") for one in goal.rests.all()],
            "history": [_revision(one) for one in goal.revisions.all()],
            "comments": [_goal_comment(one) for one in goal.comments.all()],
        }


def _update(update: ProgressUpdate) -> Row:
    fields = _pick(update, "value", "happened_on", "note", "confidence", "hours", "created_at")
    return fields | {"seen_by_relations": [each.mentorship_id for each in update.seen.all()]}


def _revision(revision: Revision) -> Row:
    by = revision.suggested_by
    fields = _pick(revision, "field", "old", "new", "reason", "changed_at")
    return fields | {"suggested_by": str(by) if by else None}


def _goal_comment(comment: GoalComment) -> Row:
    suggestion = getattr(comment, "suggestion", None)
    proposed = _pick(suggestion, "kind", "words", "day", "number", "state", "answered_at") if suggestion else None
    fields = {"milestone": comment.milestone_id, "thanked_at": comment.thanked_at, "suggestion": proposed}
    return _comment(comment) | fields


@section("unsaved_goal_forms")
def _form_drafts(user: User) -> Iterator[Row]:
    for draft in FormDraft.objects.owned_by(user).order_by("pk"):
        yield {"goal": draft.goal_id, "typed": draft.fields, "kept_at": draft.kept_at}


@section("weeks")
def _weeks(user: User) -> Iterator[Row]:
    for period in Period.objects.owned_by(user).order_by("key", "pk").iterator(CHUNK):
        yield _pick(period, "kind", "key", "state", "questions")


@section("focus_of_weeks")
def _focus(user: User) -> Iterator[Row]:
    for row in Intention.objects.filter(owner=user, entry=None).order_by("key", "pk"):
        yield _pick(row, "key", "text", "came_true")


@section("journal")
def _journal(user: User) -> Iterator[Row]:
    intentions = {row.entry_id: row for row in Intention.objects.filter(owner=user)}
    entries = Entry.objects.all_of(user).select_related("period").order_by("entry_on", "pk")
    comments = Prefetch("comments", EntryComment.objects.with_people())
    for entry in entries.prefetch_related("shared_with", comments).iterator(CHUNK):
        meant = intentions.get(entry.pk)
        fields = ["id", "kind", "entry_on", "title", "text", "answers", "mood", "energy", "created_at", "updated_at"]
        yield _pick(entry, *fields, "finished_at", "deleted_at") | {
            "week": entry.period.key if entry.period else None,
            "intention": _pick(meant, "key", "text", "came_true") if meant else None,
            "shown_to_relations": _shown_to(entry),
            "comments": [_comment(one) for one in entry.comments.all()],
        }


@section("my_words_to_others")
def _words_to_others(user: User) -> Iterator[Row]:
    models: tuple[type[Comment], ...] = (GoalComment, EntryComment)
    for model in models:
        comments: Any = model._default_manager  # the two models share `item` and the QuerySet, not a typed manager
        written = comments.written_to_others(user)
        for row in written.select_related("item__owner").order_by("pk").iterator(CHUNK):
            about = "goal" if model is GoalComment else "journal entry"
            yield _pick(row, "text", "created_at", "edited_at") | {"about": f"a {about} of {row.item.owner}"}


def _comment(row: Comment) -> Row:
    return _pick(row, "text", "created_at", "edited_at", "removed_at") | {"by": row.author_name}


def _shown_to(item: Goal | Entry | Handover) -> list[int]:
    """Ids of the relations that can see it now."""
    return [relation.pk for relation in item.shared_with.all() if relation.is_active]
