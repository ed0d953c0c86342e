"""What the copy holds of being mentored and of mentoring."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import User
from home.export.document import CHUNK, Row, name_of, pick, section, shown_to
from mentors.models import (
    Action,
    Advice,
    AgendaPoint,
    Agreement,
    AgreementDraft,
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
    Review,
    Slot,
    Thanks,
)
from sharing.models import Mentorship


@section("relations")
def _relations(user: User) -> Iterator[Row]:
    farewells: dict[int, list[Row]] = {}
    for last in Farewell.objects.filter(mentorship__in=_own_relations(user)).select_related("author").order_by("pk"):
        farewells.setdefault(last.mentorship_id, []).append({"from": last.author_name, "words": last.words})
    for row in _own_relations(user).with_people().order_by("started_at", "pk"):
        last_words = farewells.get(row.pk, [])
        yield pick(row, "id", "kind", "status", "started_at", "ended_at", "paused_until") | {
            "i_am": "mentee" if row.mentee_id == user.pk else row.kind,
            "with": row.mentor_name if row.mentee_id == user.pk else str(row.mentee),
            "farewell": last_words[0] if last_words else None,
            "further_farewells": last_words[1:],
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
        yield fields | pick(row, *facts, *words, "created_at", "answered_at")


@section("my_agreement_drafts")
def _agreement_drafts(user: User) -> Iterator[Row]:
    for row in AgreementDraft.objects.owned_by(user).order_by("pk"):
        yield pick(row, "kept_at") | {"relation": row.mentorship_id, "typed": row.fields}


@section("my_agreement_reviews")
def _reviews(user: User) -> Iterator[Row]:
    for row in Review.objects.said_by(user).select_related("agreement").order_by("pk"):
        yield pick(row, "answer", "said_at") | {
            "relation": row.agreement.mentorship_id,
            "version": row.agreement.number,
        }


@section("my_private_notes")
def _private_notes(user: User) -> Iterator[Row]:
    for row in PrivateNote.objects.written_by(user).select_related("mentorship__mentee").order_by("pk"):
        yield pick(row, "text", "updated_at") | {"relation": row.mentorship_id, "about": str(row.mentorship.mentee)}


@section("my_offers")
def _offers(user: User) -> Iterator[Row]:
    for row in Offer.objects.made_by(user).order_by("pk"):
        yield pick(row, "words", "changed_at") | {"relation": row.mentorship_id}


@section("thanks_received")
def _thanks_received(user: User) -> Iterator[Row]:
    for row in Thanks.objects.received_by(user).with_people().order_by("pk"):
        yield pick(row, "words", "sent_at") | {"from": row.sender_name}


@section("thanks_sent")
def _thanks_sent(user: User) -> Iterator[Row]:
    for row in Thanks.objects.sent_by(user).with_people().order_by("pk"):
        yield pick(row, "words", "sent_at") | {"to": str(row.recipient)}


@section("introductions_offered")
def _introductions(user: User) -> Iterator[Row]:
    # What this person wrote; how it went is told on its page, and an address chosen by name was never theirs.
    for row in Introduction.objects.offered_by(user).order_by("pk"):
        yield pick(row, "who", "words", "created_at") | {"relation": row.mentorship_id}


@section("check_ins")
def _check_ins(user: User) -> Iterator[Row]:
    # The mentee's, who keeps them; a mentor's own words and promises are below.
    rows = CheckIn.objects.filter(mentorship__mentee=user).order_by("mentorship", "starts_at", "pk")
    notes = Prefetch("notes", Note.objects.visible_to(user).select_related("author"))
    for row in rows.prefetch_related(notes, "points__author", "actions__owner").iterator(CHUNK):
        fields = ("id", "state", "starts_at", "minutes", "channel", "place", "repeats_every", "takeaways")
        yield pick(row, *fields) | {
            "relation": row.mentorship_id,
            "talked_about": [pick(one, "text", "done_at") | {"by": name_of(one.author)} for one in row.points.all()],
            "notes": [pick(one, "text", "is_shared") | {"by": one.author_name} for one in row.notes.all()],
            "agreed": [
                pick(one, "text", "due_on", "done_at") | {"who": name_of(one.owner)} for one in row.actions.all()
            ],
        }


@section("to_talk_about")
def _points(user: User) -> Iterator[Row]:
    # What one put on the list, and, as the mentee, what the mentor did.
    on_list = AgendaPoint.objects.filter(Q(author=user) | Q(mentorship__mentee=user), check_in=None)
    for row in on_list.select_related("author").order_by("pk"):
        yield pick(row, "text", "created_at") | {"relation": row.mentorship_id, "by": name_of(row.author)}


@section("advice")
def _advice(user: User) -> Iterator[Row]:
    advice = Advice.objects.filter(mentorship__mentee=user).with_source().order_by("pk")
    for row in advice:
        fields = pick(row, "words", "state", "created_at", "marked_at", "told_at")
        kept = {"comment": row.comment_id, "entry_comment": row.entry_comment_id, "win_comment": row.win_comment_id}
        yield fields | {"relation": row.mentorship_id, "check_in": row.check_in_id} | kept


@section("my_words_as_a_mentor")
def _as_mentor(user: User) -> Iterator[Row]:
    mine = {"check_in__mentorship__mentor": user}
    for note in Note.objects.written_by(user).filter(**mine).select_related("check_in").order_by("pk"):
        yield pick(note, "text", "is_shared") | {"check_in_at": note.check_in.starts_at, "what": "note"}
    for action in Action.objects.filter(owner=user, **mine).select_related("check_in").order_by("pk"):
        yield pick(action, "text", "due_on", "done_at") | {"check_in_at": action.check_in.starts_at, "what": "promise"}
    for point in AgendaPoint.objects.filter(author=user, **mine).select_related("check_in").order_by("pk"):
        at = point.check_in.starts_at if point.check_in else None
        yield pick(point, "text", "done_at") | {"check_in_at": at, "what": "point"}


@section("look_backs")
def _look_backs(user: User) -> Iterator[Row]:
    for row in LookBack.objects.written_by(user).order_by("pk"):
        yield pick(row, "words", "shows_at_once", "written_at", "changed_at") | {"relation": row.mentorship_id}


@section("handovers")
def _handovers(user: User) -> Iterator[Row]:
    for row in Handover.objects.all_of(user).prefetch_related("shared_with").order_by("pk"):
        fields = pick(row, "id", "worked_on", "helped", "still_open", "created_at", "updated_at", "deleted_at")
        yield fields | {"about_relation": row.mentorship_id, "shown_to_relations": shown_to(row)}


@section("invitations_sent")
def _invitations(user: User) -> Iterator[Row]:
    for row in Invitation.objects.owned_by(user).prefetch_related("goals").order_by("pk"):
        fields = pick(row, "email", "kind", "message", "state", "created_at", "expires_at", "closed_at")
        yield fields | {"decline_note": row.decline_note, "would_show_goals": [goal.pk for goal in row.goals.all()]}


@section("requests_to_mentors")
def _requests(user: User) -> Iterator[Row]:
    rows = Request.objects.owned_by(user).select_related("mentor").prefetch_related("goals", "messages__author")
    for row in rows.order_by("pk").iterator(CHUNK):
        words = ("help_wanted", "why_you", "about_me", "offer", "rhythm", "channel", "term")
        fields = pick(row, *words, "state", "created_at", "sent_at", "closed_at", "decline_note")
        yield fields | {
            "to": row.mentor_name,
            "goals": [goal.pk for goal in row.goals.all()],
            "relation": row.mentorship_id,
            "questions_and_answers": [
                pick(said, "text", "created_at") | {"by": said.author_name} for said in row.messages.all()
            ],
        }


@section("my_answers_to_requests")
def _answers(user: User) -> Iterator[Row]:
    """Own words on what others asked, without what they asked."""
    rows = Request.objects.filter(mentor=user).exclude(state="draft").select_related("asker")
    for row in rows.prefetch_related("messages").order_by("pk").iterator(CHUNK):
        mine = [pick(said, "text", "created_at") for said in row.messages.all() if said.author_id == user.pk]
        yield pick(row, "state", "closed_at", "decline_note") | {"from": str(row.asker), "my_questions": mine}


@section("mentor_profile")
def _mentor_profile(user: User) -> Iterator[Row]:
    for row in Profile.objects.owned_by(user):
        fields = ["is_listed", "headline", "helps_with", "asks_for", "topics", "industry", "company", "languages"]
        fields += ["capacity", "hours_a_month", "answers_within", "paused_until", "created_at", "updated_at"]
        yield pick(row, *fields)


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
        yield pick(row, "kind", "words", "created_at") | {"about": str(row.person)}
