"""What the access tests find of goals: one shared, one private, one shared with somebody who no longer reads."""

from datetime import UTC, datetime

from django.utils import timezone

from goals.models import FormDraft
from tests.factories.goals import (
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    RestFactory,
    RevisionFactory,
    SuggestionFactory,
)

WORDS = "TITLE WHY NOTE STEP REASON WORDS SUGGESTION TYPED"
SECRETS = tuple(f"SECRET{word}" for word in WORDS.split())


def build(world):
    cast = world.cast
    world.goal = GoalFactory(
        owner=cast.owner,
        title="SECRETTITLE",
        why="SECRETWHY",
        shared_with=[cast.mentorship, cast.former_mentorship],
    )
    world.goal.contacts.add(world.contact)
    world.milestone = MilestoneFactory(goal=world.goal, title="SECRETSTEP")
    world.update = ProgressUpdateFactory(goal=world.goal, note="SECRETNOTE")
    RevisionFactory(goal=world.goal, reason="SECRETREASON")
    world.removed = MilestoneFactory(goal=world.goal, title="SECRETGONE", removed_at=timezone.now())
    world.taken_out = RevisionFactory(goal=world.goal, field="progress", old="3 on 2026-03-01: SECRETNOTE", new="")
    world.rest = RestFactory(goal=world.goal)
    world.comment = GoalCommentFactory(item=world.goal, mentorship=cast.mentorship, text="SECRETWORDS")
    world.suggestion = SuggestionFactory(comment=world.comment, words="SECRETSUGGESTION")
    world.private_goal = GoalFactory(owner=cast.owner, title="SECRETTITLE")
    world.deleted_goal = GoalFactory(owner=cast.owner, title="SECRETTITLE", deleted_at=datetime(2026, 3, 1, tzinfo=UTC))
    typed = {"title": "SECRETTYPED", "measure": "number", "rows": "1", "new0-title": "SECRETTYPED"}
    draft = {"owner": cast.owner, "fields": typed, "kept_at": datetime(2026, 3, 12, tzinfo=UTC)}
    FormDraft.objects.create(goal=world.goal, **draft)
    world.form_draft = FormDraft.objects.create(goal=None, **draft)
