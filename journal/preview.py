"""How Markdown will look, while it is being written. Nothing is stored."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from accounts.models import User
from core.markdown import MAX_LENGTH
from core.text import clean_text
from journal.mentions import places_of


def as_stored(typed: str) -> str:
    """Return a text as a form would store it, as far as it can be shown."""
    return clean_text(typed[:MAX_LENGTH]).strip()


def previews_of(user: User, sent: QueryDict, fields: Iterable[str]) -> dict[str, Any]:
    """Return what a page shows below these fields when it was sent to preview them without script; else nothing."""
    if sent.get("action") != "preview":
        return {}
    return {"previews": {name: as_stored(sent.get(name, "")) for name in fields}, "names": places_of(user)}
