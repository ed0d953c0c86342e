"""What people do with sharing. Each function is one transaction; mails are rows written in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists

from accounts.models import User
from core.compiled import CompiledQuery
from sharing.models import Block, Comment, Mentorship, MentorshipQuerySet, Shareable

# An edit within ten minutes is still the same thought; later ones carry a visible mark.
EDIT_GRACE = timedelta(minutes=10)


def open_mentorship(*, mentor: User, mentee: User, kind: str, at: datetime) -> Mentorship:
    """Start a relation; raise ValidationError where the two already have one, block each other or are one person."""
    if Block.between(mentor, mentee):
        raise ValidationError("This is not possible between you two.", code="blocked")
    mentorship = Mentorship(mentor=mentor, mentee=mentee, kind=kind, started_at=at)
    try:
        with transaction.atomic():
            mentorship.validate_constraints()
            mentorship.save()
    except IntegrityError as error:  # two accepts at the same moment: the constraint lets one through
        raise ValidationError("You two already work together here.", code="pair") from error
    return mentorship


@transaction.atomic
def share(*, item: Shareable, mentorships: Iterable[Mentorship], by: User) -> list[Mentorship]:
    """Show `item` to the readers of these relations and return those it was new to.

    Raises PermissionDenied unless `by` owns the item and is the mentee of every relation, and the relation is active:
    only the mentee's side shares.
    """
    wanted = list(mentorships)
    locked = {m.pk: m for m in Mentorship.objects.select_for_update().filter(pk__in=[m.pk for m in wanted])}
    for mentorship in wanted:
        row = locked.get(mentorship.pk)
        if item.owner_id != by.pk or row is None or row.mentee_id != by.pk or not row.is_active:
            raise PermissionDenied("Only the owner shares, and only with people they chose as readers.")
    before = set(_shares(item).values_list("pk", flat=True))
    _shares(item).add(*wanted)
    return [m for m in wanted if m.pk not in before]


@transaction.atomic
def withdraw(*, item: Shareable, mentorship: Mentorship, by: User) -> None:
    """Stop showing `item` through one relation, at once."""
    if item.owner_id != by.pk:
        raise PermissionDenied("Only the owner withdraws.")
    _shares(item).remove(mentorship)


@transaction.atomic
def set_shares(*, item: Shareable, mentorships: Iterable[Mentorship], by: User) -> list[Mentorship]:
    """Make the readers of `item` exactly these; return those it was new to. Raises like `share`."""
    wanted = list(mentorships)
    new = share(item=item, mentorships=wanted, by=by)
    for gone in _shares(item).exclude(pk__in=[m.pk for m in wanted]):
        _shares(item).remove(gone)
    return new


@transaction.atomic
def end_mentorship(*, mentorship: Mentorship, by: User, at: datetime) -> None:
    """End a relation from either side. All sight ends with the commit; queued mails ask again when they are sent."""
    row = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if by.pk not in {row.mentor_id, row.mentee_id}:
        raise PermissionDenied("Only the two people can end this.")
    if row.is_active:
        row.end(at=at)
    mentorship.status, mentorship.ended_at = row.status, row.ended_at


@transaction.atomic
def end_all_mentorships(*, user: User, at: datetime) -> None:
    """End every relation of a person who closes their account, in both directions."""
    for mentorship in Mentorship.objects.active().involving(user).order_by("pk"):
        end_mentorship(mentorship=mentorship, by=user, at=at)


@transaction.atomic
def block(*, blocker: User, blocked: User, at: datetime) -> Block:
    """Block a person and end whatever the two share; blocking twice is the same as once."""
    row, _ = Block.objects.get_or_create(blocker=blocker, blocked=blocked, defaults={"created_at": at})
    for mentorship in Mentorship.objects.active().involving(blocker).involving(blocked):
        end_mentorship(mentorship=mentorship, by=blocker, at=at)
    return row


def threads_open_to(*, item: Shareable, user: User) -> list[Mentorship]:
    """Return the threads in which `user` may write now: the owner's readers, or a reader's own relation.

    None for a draft or something in the bin: nobody would read it, and no mail would come.
    """
    if item.owner_id == user.pk:
        return _open_threads(type(item)).objects(item=item.pk)
    return _open_threads_of_reader(type(item)).objects(item=item.pk, reader=user.pk)


def _threads(model: Any, item: int) -> MentorshipQuerySet:
    shown = model._default_manager.all()
    readers: MentorshipQuerySet = model(pk=item).readers()
    return readers.filter(Exists(shown.for_readers().filter(pk=item)))


@cache
def _open_threads(model: type[Shareable]) -> CompiledQuery:
    return CompiledQuery(lambda item: _threads(model, item), item=int)


@cache
def _open_threads_of_reader(model: type[Shareable]) -> CompiledQuery:
    return CompiledQuery(lambda item, reader: _threads(model, item).of_mentor(User(pk=reader)), item=int, reader=int)


@transaction.atomic
def add_comment(
    *, model: type[Comment], item: Shareable, mentorship: Mentorship, by: User, text: str, at: datetime, **fields: Any
) -> Comment:
    """Write in one thread of an item; raise PermissionDenied where `by` may not write there now."""
    row = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if row not in threads_open_to(item=item, user=by):
        raise PermissionDenied("This conversation is closed.")
    fields["item"] = item  # the abstract Comment has none; each subclass names its own
    return model._default_manager.create(mentorship=row, author=by, text=text, created_at=at, **fields)


@transaction.atomic
def edit_comment(*, comment: Comment, by: User, text: str, at: datetime) -> None:
    """Change one's own words; an edit later than EDIT_GRACE is marked. Raises PermissionDenied for others' words.

    Also for words that were removed since `comment` was read: they are not stored again.
    """
    _lock(comment)
    if not type(comment).objects.editable_by(by).filter(pk=comment.pk).exists():
        raise PermissionDenied("Only the author edits a comment.")
    comment.text = text
    fields = ["text"]
    if at - comment.created_at > EDIT_GRACE:
        comment.edited_at = at
        fields.append("edited_at")
    comment.save(update_fields=fields)


@transaction.atomic
def remove_comment(*, comment: Comment, by: User, at: datetime) -> None:
    """Take words away and leave "removed by ..."; the author or the owner of the item may."""
    _lock(comment)
    if not type(comment).objects.removable_by(by).filter(pk=comment.pk).exists():
        raise PermissionDenied("Only its author or the owner removes a comment.")
    comment.text, comment.folded, comment.removed_at, comment.removed_by = "", "", at, by
    comment.save(update_fields=["text", "folded", "removed_at", "removed_by"])


def _lock(comment: Comment) -> None:
    """Let whoever else changes these words finish first; what is asked after this is true until the commit."""
    type(comment)._default_manager.select_for_update().filter(pk=comment.pk).values_list("pk").first()


def _shares(item: Shareable) -> Any:
    """Return the many-to-many manager that each subclass declares."""
    return item.shared_with  # type: ignore[attr-defined]
