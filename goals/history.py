"""A goal's history as sentences people read."""

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from core.timekeeping import local_day, say_day
from goals.logged import say_change
from goals.models import Goal, Revision
from goals.services import BIN_DAYS

_STATES = {
    ("draft", "active"): "Started",
    ("active", "paused"): "Put to rest",
    ("paused", "active"): "Taken up again",
    ("achieved", "active"): "Opened again",
    ("partly", "active"): "Opened again",
    ("dropped", "active"): "Opened again",
}
_LONG_FIELDS = {Revision.Field.WHY, Revision.Field.ACHIEVABLE, Revision.Field.EVIDENCE}
# How services keep a milestone that has a date: "Finish the guide (2026-03-13)".
_MILESTONE_DAY = re.compile(r" \(([0-9]{4}-[0-9]{2}-[0-9]{2})\)$")

_REST_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Line:
    """One change: what happened, when, why, and for longer texts how it read before."""

    said: str
    day: str
    reason: str
    before: str = ""
    # Where a POST puts back what was taken out of the log; empty when nothing can be put back.
    restore_url: str = ""


def lines(
    revisions: list[Revision], *, zone: ZoneInfo, today: date, reader: int | None = None, may_restore: bool = False
) -> list[Line]:
    """Return changes as lines, in the order given; days are those of the reader's zone.

    A suggestion and its reason come from one thread. With `reader`, the key of somebody who reads their own thread only,
    those of other people are told as plain changes. `may_restore` says where a POST puts back what left the log.
    """
    back = {revision.new for revision in revisions if revision.field == Revision.Field.PROGRESS and not revision.old}
    return [
        Line(
            said=_say(revision, today) + ("" if _is_of_other(revision, reader) else _credit(revision)),
            day=say_day(local_day(zone, revision.changed_at), today),
            reason="" if _is_of_other(revision, reader) else revision.reason,
            before=revision.old if revision.field in _LONG_FIELDS else "",
            restore_url=_restore_url(revision, zone, today) if may_restore and revision.old not in back else "",
        )
        for revision in revisions
    ]


def say_days_left(removed_on: date, today: date) -> str:
    """Say how long something that was taken away can still be brought back."""
    days = max(0, BIN_DAYS - (today - removed_on).days)
    return "Erased today" if not days else f"Kept for {days} more day{'' if days == 1 else 's'}"


def _is_of_other(revision: Revision, reader: int | None) -> bool:
    return reader is not None and revision.was_suggested and revision.suggested_by_id != reader


def _credit(revision: Revision) -> str:
    if not revision.was_suggested:
        return ""
    return f", suggested by {revision.suggested_by.given_name if revision.suggested_by else 'a former member'}"


def _restore_url(revision: Revision, zone: ZoneInfo, today: date) -> str:
    is_out = revision.field == Revision.Field.PROGRESS and not revision.new
    is_fresh = (today - local_day(zone, revision.changed_at)).days < BIN_DAYS
    return f"/goals/log/{revision.pk}/restore/" if is_out and is_fresh else ""


def _say(revision: Revision, today: date) -> str:
    old, new = revision.old, revision.new
    if revision.field == Revision.Field.STATUS:
        return _STATES.get((old, new)) or Goal.Status(new).label
    if revision.field == Revision.Field.TITLE:
        return f"Reworded from “{old}”"
    if revision.field in _LONG_FIELDS:
        how = "reworded" if old and new else "written" if new else "removed"
        return f"{Revision.Field(revision.field).label}: {how}"
    if revision.field == Revision.Field.MILESTONE:
        old, new = (_MILESTONE_DAY.sub(lambda found: _milestone_day(found, today), text) for text in (old, new))
        if not old:
            return f"Milestone added: {new}"
        return f"Milestone changed: {old} became {new}" if new else f"Milestone removed: {old}"
    if revision.field == Revision.Field.PROGRESS:
        return say_change(old, new, today=today)
    if revision.field == Revision.Field.REST:
        return _say_rest(old, new, today)
    if revision.field == Revision.Field.MEASURE:
        old, new = (Goal.Measure(value).label.lower() for value in (old, new))
    if revision.field == Revision.Field.IMPORTANCE:
        old, new = (f"“{Goal.Importance(int(value)).label}”" for value in (old, new))
    if revision.field == Revision.Field.HOURS:
        old, new = (f"{value} h" if value else "" for value in (old, new))
    if revision.field in {Revision.Field.DUE_ON, Revision.Field.STARTS_ON}:
        old, new = _day(old, today), _day(new, today)
    label = Revision.Field(revision.field).label
    if old and new:
        return (
            f"{label} moved from {old} to {new}" if "on" in revision.field else f"{label} changed from {old} to {new}"
        )
    return f"{label} set to {new}" if new else f"{label} removed, it was {old}"


def _say_rest(old: str, new: str, today: date) -> str:
    """Say days of rest: "2026-02-02 to 2026-02-08", or "since 2026-03-05" for a rest that began before it was told."""
    said = _REST_DAY.sub(lambda found: _day(found[0], today), new or old)
    if not new:
        return f"No rest after all: {said}"
    return f"Rests {said}" if said.startswith("since") else f"Rested from {said}"


def _milestone_day(found: re.Match[str], today: date) -> str:
    """Say a milestone's day; what only looks like one are words of its title."""
    try:
        return f", {_day(found[1], today)}"
    except ValueError:
        return found[0]


def _day(text: str, today: date) -> str:
    """Say a stored day plainly: in a history "Tomorrow" would mean another day each time it is read."""
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
