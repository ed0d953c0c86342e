"""What the page of mentors says of the directory."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.http import AuthenticatedHttpRequest
from mentors import directory
from mentors.directory.search import SORTS
from mentors.directory.statement import Viewer
from mentors.vocabulary import BY_SLUG, FIRST_OFFERED, INDUSTRIES, LANGUAGES

TOPICS_OFFERED = 6


def directory_context(request: AuthenticatedHttpRequest, now: datetime) -> dict[str, Any]:
    """Return what the directory is drawn from: two statements, more where nobody fits."""
    search = directory.Search.read(request.GET)
    viewer = directory.viewer_of(request.user, now=now)
    found = directory.find(search, viewer)
    return {
        "search": search,
        "found": found,
        "said": _say_found(search, found, viewer),
        "chips": _chips(search, viewer),
        "sorts": SORTS.items(),
        "industries": INDUSTRIES,
        "languages": LANGUAGES.items(),
        "has_slots": bool(viewer.asker.slots),
    }


def _chips(search: directory.Search, viewer: Viewer) -> list[dict[str, Any]]:
    """Return what can be asked for with one click: the topics of one's own goals, filled up with frequent ones."""
    offered = list(dict.fromkeys((*search.topics, *viewer.asker.topics, *FIRST_OFFERED)))
    topics = [slug for slug in BY_SLUG if slug in offered[: max(TOPICS_OFFERED, len(search.topics))]]
    chips = [_chip("free", "Has a free place", search.is_free, replace(search, is_free=not search.is_free, after=None))]
    chips += [_chip(slug, BY_SLUG[slug].label, slug in search.topics, search.toggled(slug)) for slug in topics]
    chips.append(
        _chip(
            "zone",
            "My time zone",
            search.is_same_zone,
            replace(search, is_same_zone=not search.is_same_zone, after=None),
        )
    )
    if viewer.asker.slots or search.has_hours:
        chips.append(
            _chip(
                "hours",
                "Hours in common",
                search.has_hours,
                replace(search, has_hours=not search.has_hours, after=None),
            )
        )
    chips.append(
        _chip("kept", "Kept for later", search.is_kept, replace(search, is_kept=not search.is_kept, after=None))
    )
    return chips


def _chip(name: str, label: str, is_on: bool, to: directory.Search) -> dict[str, Any]:  # noqa: FBT001 - a row of a table
    return {"name": name, "label": label, "is_on": is_on, "url": to.url}


def _say_found(search: directory.Search, found: directory.Found, viewer: Viewer) -> str:
    """Say how many fit, and by what they are ordered."""
    if not found.total:
        return ""
    if found.is_capped:
        return _say_more(search)
    if search.is_narrow:
        said = "1 person matches" if found.total == 1 else f"{found.total} people match"
    else:
        said = "1 person offers time" if found.total == 1 else f"{found.total} people offer their time"
    return f"{said}, ordered by what your goals mention" if search.sort == "match" and viewer.asker.keys else said


def _say_more(search: directory.Search) -> str:
    """Say that more people fit than are compared, and how to find the right one all the same."""
    said = f"More than {directory.CANDIDATES} people match"
    if search.sort == "newest":
        return f"{said}; who changed their offer last stands first"
    return (
        f"{said}. Here are {directory.CANDIDATES}: a free place, your topics and hours in common come first. "
        f"Ask for more, or choose “{SORTS['newest']}” to see everybody"
    )
