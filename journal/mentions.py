"""Goals named in what somebody writes: `#` and the title, as in "#Run 12 user interviews". The text stays as typed."""

from collections.abc import Iterable

from accounts.models import User
from core.markdown import naming
from goals.models import Goal

# What a reader finds in the place of a goal they may not see.
HIDDEN = "a goal"


def names_in(texts: Iterable[str], names: Iterable[str]) -> set[str]:
    """Return which of these names stand behind a `#` in the texts, whatever their capitals; the longest one counts."""
    spelled = {name.lower(): name for name in names if name}
    pattern = naming(spelled)
    found = [name.lower() for text in texts if "#" in text for name in (pattern.findall(text) if pattern else [])]
    return {spelled[name] for name in found if name in spelled}


def without_names(text: str, names: Iterable[str]) -> str:
    """Return the text with "a goal" in the place of each `#` and one of these names."""
    pattern = naming(names) if "#" in text else None
    return pattern.sub(HIDDEN, text) if pattern else text


def places_of(user: User) -> dict[str, str]:
    """Return the addresses of a person's goals by what they are called now, for `core.markdown.render`."""
    titles = Goal.objects.owned_by(user).order_by("pk").values_list("pk", "title")
    return {title.lower(): f"/goals/{pk}/" for pk, title in titles}
