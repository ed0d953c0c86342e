"""What the copy holds of goals."""

from collections.abc import Iterator

from django.db.models import Prefetch

from accounts.models import User
from goals.models import FormDraft, Goal, GoalComment, Milestone, ProgressUpdate, Revision
from home.export.document import CHUNK, Row, comment_row, pick, section, shown_to


@section("goals")
def _goals(user: User) -> Iterator[Row]:
    goals = Goal.objects.all_of(user).order_by("pk")
    comments = Prefetch("comments", GoalComment.objects.with_people().select_related("suggestion"))
    milestones = Prefetch("milestones", Milestone.with_removed.all())
    together = (milestones, "updates__seen", "rests", "revisions__suggested_by", "shared_with", "contacts", comments)
    for goal in goals.prefetch_related(*together).iterator(CHUNK):
        fields = ["id", "title", "why", "achievable", "measure", "unit", "start_value", "target_value", "evidence"]
        fields += ["hours_a_week", "importance", "starts_on", "due_on", "status", "paused_on", "rested_days"]
        fields += ["closed_at", *Goal.CLOSING_WORDS, "created_at", "updated_at", "deleted_at"]
        yield pick(goal, *fields) | {
            "shown_to_relations": shown_to(goal),
            "contacts": [contact.pk for contact in goal.contacts.all()],
            "milestones": [
                pick(one, "id", "kind", "title", "due_on", "at_value", "done_at", "removed_at")
                for one in goal.milestones.all()
            ],
            "progress": [_update(one) for one in goal.updates.all()],
            "rests": [pick(one, "starts_on", "ends_on") for one in goal.rests.all()],
            "history": [_revision(one) for one in goal.revisions.all()],
            "comments": [_goal_comment(one) for one in goal.comments.all()],
        }


def _update(update: ProgressUpdate) -> Row:
    fields = pick(update, "value", "happened_on", "note", "confidence", "hours", "created_at")
    return fields | {"seen_by_relations": [each.mentorship_id for each in update.seen.all()]}


def _revision(revision: Revision) -> Row:
    by = revision.suggested_by
    fields = pick(revision, "field", "old", "new", "reason", "changed_at")
    return fields | {"suggested_by": str(by) if by else None}


def _goal_comment(comment: GoalComment) -> Row:
    suggestion = getattr(comment, "suggestion", None)
    proposed = pick(suggestion, "kind", "words", "day", "number", "state", "answered_at") if suggestion else None
    fields = {"milestone": comment.milestone_id, "thanked_at": comment.thanked_at, "suggestion": proposed}
    return comment_row(comment) | fields


@section("unsaved_goal_forms")
def _form_drafts(user: User) -> Iterator[Row]:
    for draft in FormDraft.objects.owned_by(user).order_by("pk"):
        yield {"goal": draft.goal_id, "typed": draft.fields, "kept_at": draft.kept_at}
