"""A person's tags across their entries. They are text of the journal: found by decrypting, never named in an address."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import User
from journal.models import Entry
from journal.tags import unique

_SALT = "journal.tags"
KEY_LENGTH = 24


def key_of(user: User, tag: str) -> str:
    """Return what stands for a tag in an address: it says nothing to whoever reads the address, and fits one person."""
    return salted_hmac(_SALT, f"{user.pk}:{tag}", algorithm="sha256").hexdigest()[:KEY_LENGTH]


def filter_path(user: User, tag: str) -> str:
    """Return the address of the entries with a tag."""
    return f"/journal/?tag={key_of(user, tag)}"


def tags_of(user: User) -> Counter[str]:
    """Return all tags of a person with the number of entries that have them."""
    return Counter(tag for _, tags in _rows(user) for tag in tags)


def tagged_with(user: User, key: str) -> tuple[str, list[int]]:
    """Return the tag a key stands for, and the keys of the entries that have it; ("", []) for a key of no tag."""
    counted: dict[str, list[int]] = {}
    for pk, tags in _rows(user):
        for tag in tags:
            counted.setdefault(tag, []).append(pk)
    return next(((tag, pks) for tag, pks in counted.items() if key_of(user, tag) == key), ("", []))


def _rows(user: User) -> Iterator[tuple[int, list[str]]]:
    return Entry.objects.owned_by(user).tagged().order_by("pk").values_list("pk", "tags").iterator()


@transaction.atomic
def rename_tag(*, owner: User, tag: str, to: str) -> int:
    """Call a tag something else in every entry, those in the bin too, and return in how many; empty takes it away.

    An entry that has the other tag already keeps one of them.
    """
    User.objects.select_for_update().get(pk=owner.pk)  # no note is saved meanwhile
    changed = 0
    for entry in Entry.objects.all_of(owner).tagged().select_for_update(of=("self",)).only("pk", "tags"):
        if tag in entry.tags:
            _retag(entry, [to if each == tag else each for each in entry.tags])
            changed += 1
    return changed


def _retag(entry: Any, tags: list[str]) -> None:
    entry.tags = unique(tags)
    entry.save(update_fields=["tags"])
