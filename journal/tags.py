"""How tags are spelled: one way for all who write them, so that a tag is one tag."""

from collections.abc import Iterable

from core.text import clean_line

MOST_TAGS = 12
TAG_LENGTH = 40


def spelled(tag: str) -> str:
    """Return a tag as it is kept: one line, small letters, without the sign some put in front of it."""
    return clean_line(tag).lstrip("#").strip().lower()


def split(typed: str) -> list[str]:
    """Return the tags in a line of them, parted by commas: each once, in the order they stand."""
    return unique(typed.replace(";", ",").split(","))


def unique(tags: Iterable[str]) -> list[str]:
    """Return these tags as they are kept, each once and none empty."""
    return list(dict.fromkeys(filter(None, map(spelled, tags))))
