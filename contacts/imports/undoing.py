"""A worker takes an import back: whom it added goes to the bin, what it changed goes back to what it was.

What was edited since, and whoever one talked with since, stays as it is and is named.
"""

import time
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from contacts.imports import leases
from contacts.imports.plan import LABELS
from contacts.imports.storing import store_changes
from contacts.models import Contact, Import, ImportRow, Way
from core.failpoints import failpoint

CHUNK = 200
KEPT_EDITED = "Kept, because you edited them since."
KEPT_USED = "Kept, because there is more about them since."
KEPT_FIELDS = "Kept as you changed it since: {fields}."
NAMES = LABELS | {"name_parts": "Name", "circle": "Circle", "own_every": "Rhythm", "own_unit": "Rhythm"}
RESTORED_FIELDS = ["name", "name_parts", "organisation", "role", "birthday", "how_met", "why", "hoped_for", "offer",
                   "notes", "circle", "own_every", "own_unit", "tags", "topics", "extra", "deleted_at", "version"]  # fmt: skip


def undo(source: Import, *, until: float) -> bool:
    """Take the import back; return whether all is done, or only a part before `until` (of time.monotonic)."""
    while time.monotonic() < until:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=source.owner_id)
            rows = _next_rows(source)
            if not rows:
                leases.release(source, state=Import.State.UNDONE)
                return True
            _take_back(source, rows, at=timezone.now())
            failpoint("imports.before_undone")
            leases.keep(source, attempts=0, done=source.done + len(rows))
    leases.release(source)
    return False


def _next_rows(source: Import) -> list[ImportRow]:
    """Return the last rows that still stand, and all others about the same contacts, the last first."""
    applied = source.rows.filter(applied_version__isnull=False, contact__isnull=False)
    ids = set(applied.order_by("-number").values_list("contact", flat=True)[:CHUNK])
    return list(applied.filter(contact__in=ids).order_by("-number")) if ids else []


def _take_back(source: Import, rows: list[ImportRow], *, at: datetime) -> None:
    ids = {row.contact_id or 0 for row in rows}
    own = Contact.objects.filter(owner_id=source.owner_id, pk__in=ids)
    contacts = {contact.pk: contact for contact in own.select_for_update().order_by("pk")}
    used = set(own.filter(_is_used()).values_list("pk", flat=True))
    versions = {pk: max(row.applied_version or 0 for row in rows if row.contact_id == pk) for pk in ids}
    added = {row.contact_id for row in rows if row.change.get("added")}
    doubtful: list[tuple[int, str]] = []
    for row in rows:
        contact = contacts[row.contact_id or 0]
        is_untouched = contact.version == versions[contact.pk]
        if contact.pk in added:
            row.problem = _reason_to_keep(contact, is_untouched=is_untouched, is_used=contact.pk in used)
            if not row.problem and contact.deleted_at is None:
                contact.deleted_at = at
        else:
            row.problem = _restore(contact, row.change)
            contact.version += 1
            doubtful += [tuple(way) for way in row.change.get("ways", [])]
            if row.change.get("restored") and is_untouched and contact.pk not in used:
                contact.deleted_at = at
        row.applied_version = None
    store_changes(contacts.values(), RESTORED_FIELDS)
    values = dict(doubtful)
    ways = Way.objects.filter(pk__in=values, contact__in=ids)
    Way.objects.filter(pk__in=[way.pk for way in ways if way.value == values[way.pk]]).delete()
    store_changes(rows, ["problem", "applied_version"])


def _reason_to_keep(contact: Contact, *, is_untouched: bool, is_used: bool) -> str:
    if contact.deleted_at:
        return ""
    if is_used or contact.last_contact_on or contact.dealt_with_on:
        return KEPT_USED
    return "" if is_untouched else KEPT_EDITED


def _restore(contact: Contact, change: dict[str, Any]) -> str:
    """Put fields back that are as the import left them; return which are not."""
    kept = []
    for name, (before, after) in change.get("set", {}).items():
        if getattr(contact, name) == after:
            setattr(contact, name, before)
        else:
            kept.append(NAMES[name])
    for name in ("tags", "topics", "extra"):
        gone = change.get(name, [])
        setattr(contact, name, [each for each in getattr(contact, name) if each not in gone])
    return KEPT_FIELDS.format(fields=", ".join(dict.fromkeys(kept))) if kept else ""


def _is_used() -> Q:
    """Whether anything points to a contact: a conversation, a promise, a goal, whichever app it is of."""
    used = Q()
    for relation in Contact._meta.related_objects:
        if relation.related_model is not Way:
            used |= Q(Exists(Contact._base_manager.filter(pk=OuterRef("pk"), **{f"{relation.name}__isnull": False})))
    return used
