"""What the copy holds of the journal, and own words on what others showed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from accounts.models import User
from goals.models import GoalComment
from home.export.document import CHUNK, Row, comment_row, pick, section, shown_to
from journal.models import (
    Entry,
    EntryComment,
    EntryGoal,
    Intention,
    Outcome,
    OwnQuestion,
    Period,
    QuestionWish,
    WeeklyAim,
)
from sharing.models import Comment
from wins.models import WinComment


@section("weeks")
def _weeks(user: User) -> Iterator[Row]:
    for period in Period.objects.owned_by(user).order_by("key", "pk").iterator(CHUNK):
        asked = [{"text": str(one), "id": one.id, "why": one.why} for one in period.questions]
        yield pick(period, "kind", "key", "state", "aside") | {"questions": asked}


@section("own_questions")
def _own_questions(user: User) -> Iterator[Row]:
    for question in OwnQuestion.objects.filter(owner=user).order_by("pk"):
        yield pick(question, "id", "text", "kind", "fits", "created_at", "updated_at", "deleted_at")


@section("question_wishes")
def _question_wishes(user: User) -> Iterator[Row]:
    for row in QuestionWish.objects.owned_by(user):
        yield pick(row, "question", "wish", "at")


@section("focus_of_weeks")
def _focus(user: User) -> Iterator[Row]:
    for row in Intention.objects.filter(owner=user, entry=None).order_by("key", "pk"):
        yield pick(row, "key", "text", "came_true")


@section("weekly_aim")
def _aim(user: User) -> Iterator[Row]:
    for aim in WeeklyAim.objects.owned_by(user):
        yield pick(aim, "days")


@section("journal")
def _journal(user: User) -> Iterator[Row]:
    intentions = {row.entry_id: row for row in Intention.objects.filter(owner=user)}
    entries = Entry.objects.all_of(user).select_related("period").order_by("entry_on", "pk")
    comments = Prefetch("comments", EntryComment.objects.with_people())
    about = Prefetch("goal_links", EntryGoal.objects.select_related("goal").order_by("pk"))
    together = ("shared_with", "mailed_answers", "proposals", "outcomes", comments, about)
    for entry in entries.prefetch_related(*together).iterator(CHUNK):
        meant = intentions.get(entry.pk)
        fields = ["id", "kind", "entry_on", "title", "text", "answers", "mood", "energy", "created_at", "updated_at"]
        yield pick(entry, *fields, "tags", "starred_at", "finished_at", "deleted_at") | {
            "week": entry.period.key if entry.period else None,
            "intention": pick(meant, "key", "text", "came_true") if meant else None,
            "about_goals": [
                {"goal": link.goal_id, "title": link.goal.title} for link in entry.goal_links.all() if link.goal
            ],
            "shown_to_relations": shown_to(entry),
            "proposed": [pick(one, "kind", "text", "answer", "answered_at") for one in entry.proposals.all()],
            "came_of_it": [_outcome(one) for one in entry.outcomes.all()],
            "comments": [comment_row(one) for one in entry.comments.all()],
            "answers_by_email": [pick(one, "received_at", "folded") for one in entry.mailed_answers.all()],
        }


def _outcome(row: Outcome) -> Row:
    things = {"win": row.win_id, "task": row.milestone_id, "goal": row.goal_id}
    return pick(row, "kind", "how", "answer", "answered_at", "created_at") | things


@section("my_words_to_others")
def _words_to_others(user: User) -> Iterator[Row]:
    models: dict[type[Comment], str] = {GoalComment: "goal", EntryComment: "journal entry", WinComment: "win"}
    for model, about in models.items():
        comments: Any = model._default_manager  # the models share `item` and the QuerySet, not a typed manager
        written = comments.written_to_others(user)
        for row in written.select_related("item__owner").order_by("pk").iterator(CHUNK):
            yield pick(row, "text", "created_at", "edited_at", "mailed_at", "folded") | {
                "about": f"a {about} of {row.item.owner}"
            }
