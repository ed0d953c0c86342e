"""What people do with their wins. Each function is one transaction; mails are rows written in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from sharing import services as sharing
from sharing.models import Mentorship
from sharing.notices import announce, write_in_threads
from wins.models import Win, WinComment

BIN_DAYS = 30
# The same words sent again within a minute are a second click, or a reload after an answer that got lost.
REPEAT_WINDOW = timedelta(minutes=1)


@transaction.atomic
def add_win(*, win: Win, by: User, at: datetime) -> Win:
    """Store a new win. Sent twice within a minute it is one: the one there is already is returned."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    same = {name: getattr(win, name) for name in ("text", "note", "happened_on", "goal", "milestone")}
    lately = Win.objects.owned_by(by).filter(**same, created_at__gt=at - REPEAT_WINDOW)
    if found := lately.order_by("pk").first():
        return found
    win.owner, win.created_at = by, at
    win.save(force_insert=True)
    return win


@transaction.atomic
def share_win(
    *, win: Win, mentorships: Iterable[Mentorship], by: User, threads_open: bool | None = None
) -> list[Mentorship]:
    """Make exactly these the readers of a win and return those who will get an email about it.

    `threads_open` None leaves as it is whether they read each other's comments. Raises PermissionDenied unless `by` owns the win and shows things to every one of them now.
    """
    new = sharing.set_shares(item=win, mentorships=mentorships, by=by)
    if threads_open is not None and threads_open != win.threads_open:
        win.threads_open = threads_open
        win.save(update_fields=["threads_open"])
    return announce("win_shared", "win", win, new)


def comment_on_win(
    *, win: Win, mentorships: Iterable[Mentorship], by: User, text: str, at: datetime
) -> list[WinComment]:
    """Write the same words into one or several threads of a win, as sharing.notices.write_in_threads says."""
    return write_in_threads("win_comment", model=WinComment, item=win, mentorships=mentorships, by=by, text=text, at=at)


@transaction.atomic
def delete_win(*, win: Win, at: datetime) -> None:
    """Put a win into the bin for 30 days: gone for every reader at once."""
    win.put_in_bin(at=at)


def erase_deleted(*, now: datetime) -> int:
    """Erase what has lain in a bin for 30 days; return how many wins."""
    return Win.objects.deleted_before(now - timedelta(days=BIN_DAYS)).delete()[1].get(Win._meta.label, 0)
