"""Mails about what is shared: that it is, once for each reader; and comments, gathered to one mail in ten minutes."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import BigIntegerField, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import User
from mail.models import Message
from mail.services import Draft, queue, queue_many
from sharing.models import Comment, Mentorship, Shareable
from sharing.services import add_comment

C = TypeVar("C", bound=Comment)

GATHER = timedelta(minutes=10)
# The same words sent again within a minute are a second click, or a reload after an answer that got lost.
REPEAT_WINDOW = timedelta(minutes=1)
# A mail is read at a glance; somebody who wrote more in ten minutes is read on the page.
MAX_IN_ONE_MAIL = 20


def announce(kind: str, name: str, item: Shareable, new: Iterable[Mentorship]) -> list[Mentorship]:
    """Queue a mail of `kind` to each reader an item is new to, and return those who will get one.

    Whom a mail told at an earlier time, before it was taken back, is not told again. The mail's ids are `name`, the item,
    and `mentorship`. Call it in the transaction of sharing.services.set_shares, which locks the relations: nobody else
    shares with them at this moment.
    """
    told, drafts = [], []
    for mentorship in new:
        thread = f"{kind}:{item.pk}:{mentorship.pk}:"
        # Locked, so that a worker cannot drop a waiting mail, as no longer visible, between our look and our commit.
        before = list(Message.objects.select_for_update().filter(dedupe__startswith=thread).values_list("state"))
        states = {state for (state,) in before}
        if states & {Message.State.SENDING, Message.State.SENT}:
            continue
        told.append(mentorship)
        if Message.State.QUEUED not in states:  # never told: the earlier mails, if any, came to nothing
            ids = {name: item.pk, "mentorship": mentorship.pk}
            drafts.append(Draft(dedupe=f"{thread}{len(before) + 1}", user=mentorship.mentor, ids=ids))
    queue_many(kind, drafts)
    return told


@transaction.atomic
def write_in_threads(
    kind: str, *, model: type[C], item: Shareable, mentorships: Iterable[Mentorship], by: User, text: str, at: datetime
) -> list[C]:
    """Write the same words into one or several threads of a thing; each thread's other person gets a mail of `kind`.

    Sent twice within a minute they are one comment and one mail. Raises PermissionDenied where `by` may not write now.
    """
    comments: list[Any] = []
    for mentorship in sorted(mentorships, key=lambda each: each.pk):  # one order of locks for all
        Mentorship.objects.select_for_update().get(pk=mentorship.pk)
        rows: Any = model._default_manager
        same = rows.in_thread(mentorship.pk).filter(item=item, author=by, text=text, created_at__gt=at - REPEAT_WINDOW)
        comment = same.first()
        if comment is None:
            comment = add_comment(model=model, item=item, mentorship=mentorship, by=by, text=text, at=at)
            notify_thread(kind, comment=comment, at=at)
        comments.append(comment)
    return comments


def notify_thread(kind: str, *, comment: Comment, at: datetime) -> Message | None:
    """Queue the mail that tells the other person of a thread about a new comment, and return it.

    The first comment is told at once. Those that follow within ten minutes of the last mail share one mail at their
    end; a mail that still waits will hold this comment too, so None is returned for it. Call it in the transaction
    that wrote the comment: services.add_comment holds the lock of the relation, which puts two writers in a row.
    `kind` is a mail kind whose ids are `comment` (the first one to show), `item` and `mentorship`; see `gathered`.
    """
    recipient = other_side(comment)
    if recipient is None:
        return None
    thread = f"{kind}:{comment.item.pk}:{comment.mentorship_id}:{recipient.pk}:"  # type: ignore[attr-defined]
    # Locked, so that a worker cannot start on a waiting mail between our look and our commit and miss this comment.
    last = Message.objects.select_for_update().filter(dedupe__startswith=thread).order_by("-not_before", "-pk").first()
    if last and last.state == Message.State.QUEUED:
        return None
    due = max(at, last.not_before + GATHER) if last else at
    ids = {"comment": comment.pk, "item": comment.item.pk, "mentorship": comment.mentorship_id}  # type: ignore[attr-defined]
    return queue(kind, user=recipient, ids=ids, dedupe=f"{thread}{due:%Y%m%dT%H%M%S}", not_before=due)


def other_side(comment: Comment) -> User | None:
    """Return who should hear of a comment: the owner of the thing, or the reader of its thread."""
    mentorship = comment.mentorship
    if not mentorship.is_active:
        return None
    return mentorship.other(comment.author) if comment.author else None


def gathered(
    model: type[C], message: Message, *, bring: Callable[[QuerySet[C]], QuerySet[C]] = lambda rows: rows
) -> list[C]:
    """Return the comments a mail of `notify_thread` shows, oldest first, as its reader may see them at this moment.

    Those that the next mail of the thread tells are left to it. Empty when they may see none any more: the mail is then
    not sent. `bring` adds what the mail says beside the words; it is all one query.
    """
    assert message.user is not None  # noqa: S101 - notify_thread writes to people with an account only
    ids = message.ids
    comments: Any = model.objects  # the base has no `item`; each subclass adds its own
    visible = comments.visible_to(message.user).in_thread(ids["mentorship"])
    rows = visible.filter(item=ids["item"], pk__gte=ids["comment"], removed_at=None).exclude(author=message.user)
    # Asked together with the comments: a comment comes with its mail in one transaction, so none is seen without it. A
    # next mail exists while this one still waits if this one was already being sent when the comment came.
    thread = message.dedupe.rpartition(":")[0] + ":"
    later = Message.objects.filter(
        dedupe__startswith=thread, pk__gt=message.pk, state__in=["queued", "sending", "sent"]
    )
    first = Cast(KeyTextTransform("comment", "ids"), BigIntegerField())
    told_next = Subquery(later.annotate(first=first).order_by("first").values("first")[:1])
    rows = bring(rows.with_people().annotate(told_next=told_next))
    found: list[Any] = list(rows.order_by("created_at", "pk")[:MAX_IN_ONE_MAIL])
    return [comment for comment in found if comment.told_next is None or comment.pk < comment.told_next]
