"""A win shared with the mentor and once with the former mentor, a private one with a goal, a deleted one."""

from tests.factories.wins import ADDED_AT, WinCommentFactory, WinFactory


def build(world):
    cast = world.cast
    world.win = WinFactory(
        owner=cast.owner,
        text="SECRETWIN spoke up",
        note="SECRETMORE of it",
        shared_with=[cast.mentorship, cast.former_mentorship],
    )
    world.private_win = WinFactory(owner=cast.owner, text="SECRETPRIVATE win", goal=world.private_goal)
    world.deleted_win = WinFactory(owner=cast.owner, text="SECRETGONEWIN", deleted_at=ADDED_AT)
    world.win_comment = WinCommentFactory(item=world.win, mentorship=cast.mentorship, text="SECRETWINWORDS")
    world.win.comments.create(
        mentorship=cast.former_mentorship, author=cast.former_mentor, text="SECRETFORMER", created_at=ADDED_AT
    )
