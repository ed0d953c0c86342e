"""What the copy holds of wins."""

from collections.abc import Iterator

from django.db.models import Prefetch

from accounts.models import User
from home.export.document import CHUNK, Row, comment_row, pick, section, shown_to
from wins.models import Win, WinComment


@section("wins")
def _wins(user: User) -> Iterator[Row]:
    comments = Prefetch("comments", WinComment.objects.with_people())
    wins = Win.objects.all_of(user).order_by("happened_on", "pk").prefetch_related("shared_with", comments)
    for win in wins.iterator(CHUNK):
        fields = ("id", "text", "note", "happened_on", "starred_at", "created_at", "deleted_at")
        linked = {"goal": win.goal_id, "milestone": win.milestone_id}
        said = [comment_row(comment) for comment in win.comments.all()]
        yield pick(win, *fields) | linked | {"shown_to_relations": shown_to(win), "comments": said}
