"""A reflection shared with the mentor and once with the former mentor, a private note, a deleted one."""

from tests.factories.goals import GoalFactory
from tests.factories.journal import (
    WRITTEN_AT,
    EntryCommentFactory,
    EntryFactory,
    IntentionFactory,
    OutcomeFactory,
    OwnQuestionFactory,
    ProposalFactory,
    ReflectionFactory,
)


def build(world):
    cast = world.cast
    world.entry = ReflectionFactory(
        owner=cast.owner,
        title="The quiet canteen",
        answers={
            "What gave you energy?": "Standing up in the canteen.",
            "What was hard?": "An hour for #Learn the tuba, and no more.",
        },
        tags=["quietude"],
        starred_at=WRITTEN_AT,
        shared_with=[cast.mentorship, cast.former_mentorship],
    )
    world.quiet_goal = GoalFactory(owner=cast.owner, title="Learn the tuba")
    world.entry.goal_links.create(goal=world.quiet_goal, words="Learn the tuba", is_chosen=True)
    world.draft_note = EntryFactory(
        owner=cast.owner,
        text="Half a thought on pelicans.",
        draft=True,
        shared_with=[cast.mentorship],
        tags=["quietude"],
    )
    world.intention = IntentionFactory(entry=world.entry, text="Ask the heron.")
    world.note = EntryFactory(owner=cast.owner, title="A note of mine", text="Kept to myself on the train.")
    world.deleted_entry = EntryFactory(owner=cast.owner, title="A thing thrown away", deleted_at=WRITTEN_AT)
    world.own_question = OwnQuestionFactory(owner=cast.owner, text="Which marmot did I miss?")
    world.removed_question = OwnQuestionFactory(owner=cast.owner, text="Gone, said the stoat?", deleted_at=WRITTEN_AT)
    world.entry_comment = EntryCommentFactory(
        item=world.entry, mentorship=cast.mentorship, text="What did the canteen say back?"
    )
    world.proposal = ProposalFactory(entry=world.entry, text="Spoke to the ostrich.")
    world.outcome = OutcomeFactory(
        entry=world.entry, milestone__goal=world.private_goal, milestone__title="Feed the ostrich"
    )
