"""A reflection shared with the mentor and once with the former mentor, a private note, a deleted one."""

from tests.factories.journal import WRITTEN_AT, EntryCommentFactory, EntryFactory, IntentionFactory, ReflectionFactory


def build(world):
    cast = world.cast
    world.entry = ReflectionFactory(
        owner=cast.owner,
        title="The quiet canteen",
        answers={"What gave you energy?": "Standing up in the canteen."},
        shared_with=[cast.mentorship, cast.former_mentorship],
    )
    world.intention = IntentionFactory(entry=world.entry, text="Ask the heron.")
    world.note = EntryFactory(owner=cast.owner, title="A note of mine", text="Kept to myself on the train.")
    world.deleted_entry = EntryFactory(owner=cast.owner, title="A thing thrown away", deleted_at=WRITTEN_AT)
    world.entry_comment = EntryCommentFactory(
        item=world.entry, mentorship=cast.mentorship, text="What did the canteen say back?"
    )
