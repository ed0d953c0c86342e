"""A worker does what was chosen for the rows of an import, a chunk in one transaction, so that each row counts once.

A contact that changed since its owner looked at the row is left as it is, and the row says so.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils import timezone

from accounts.models import User
from contacts.cards.card import Card
from contacts.imports import leases
from contacts.imports.matching import IN_BIN, Known
from contacts.imports.plan import Plan, new_contact, new_way, plan_update
from contacts.imports.storing import store_changes
from contacts.models import Contact, Import, ImportRow, Way
from contacts.models.contact import new_uid
from core.failpoints import failpoint

CHUNK = 200
CHANGED = "Changed since you looked, so it was left as it is."
CAME_IN = "Somebody with {why} came in since you looked, so nobody was added."
GONE = "This person is no longer there."
TWIN_LEFT_OUT = "Line {line} of the file is about the same person and was left out."
NOTHING_TAKEN = "Nothing in it is new, and you took nothing of what differs."
UPDATED_FIELDS = ["name", "name_parts", "organisation", "role", "birthday", "how_met", "why", "hoped_for", "offer",
                  "notes", "circle", "own_every", "own_unit", "tags", "topics", "extra", "deleted_at", "version"]  # fmt: skip


def apply(source: Import, *, until: float) -> bool:
    """Apply the chosen rows; return whether all are dealt with, or only some before `until` (of time.monotonic)."""
    while time.monotonic() < until:
        with transaction.atomic():
            # Two imports of one owner, or an import and its undo, change their contacts one after the other.
            User.objects.select_for_update(no_key=True).get(pk=source.owner_id)
            rows = list(source.rows.to_apply().order_by("number")[:CHUNK])
            if not rows:
                _finish(source)
                return True
            chunk = _Chunk(source, rows, at=timezone.now())
            chunk.apply()
            failpoint("imports.before_commit")
            leases.keep(source, attempts=0, done=source.done + len(rows), added=source.added + chunk.added,
                        updated=source.updated + chunk.updated)  # fmt: skip
        failpoint("imports.after_commit")
    leases.release(source)
    return False


def _finish(source: Import) -> None:
    """Say that it is done, and erase what is not needed to take it back: the file and its cards."""
    leases.release(source, state=Import.State.DONE)
    source.parts.all().delete()
    source.rows.all().update(card={})


class _Chunk:
    """The next chosen rows, the contacts they are about, and what becomes of both."""

    def __init__(self, source: Import, rows: list[ImportRow], *, at: datetime) -> None:
        self.source, self.rows, self.at = source, rows, at
        self.cards = {row.number: Card.from_json(row.card) for row in rows}
        self.known = Known(source.owner_id, [self.cards[row.number] for row in rows if row.decision == "add"])
        self.firsts = self._firsts()
        self.contacts = self._locked({row.contact_id for row in [*rows, *self.firsts.values()]})
        self.applied = self._versions_by_this_import()
        self.of_new: dict[int, Contact] = {}  # by the number of the row that adds them
        self.uids: set[str] = set()
        self.set_aside: list[Contact] = []
        self.changed: dict[int, Contact] = {}
        self.ways: list[tuple[ImportRow, Way]] = []
        self.added = self.updated = 0

    def apply(self) -> None:
        for row in self.rows:
            row.settled_at = self.at
            if row.decision == ImportRow.Decision.ADD:
                self._add(row)
            else:
                self._update(row)
        self._store()

    def _firsts(self) -> dict[int, ImportRow]:
        """Return the earlier rows of this file, as they are stored, that these rows follow."""
        numbers = {row.twin for row in self.rows if row.twin and row.contact_id is None}
        return {row.number: row for row in self.source.rows.filter(number__in=numbers)} if numbers else {}

    def _locked(self, ids: Iterable[int | None]) -> dict[int, Contact]:
        own = Contact.objects.filter(owner_id=self.source.owner_id, pk__in=[pk for pk in ids if pk])
        ways = Prefetch("ways", to_attr="known_ways")
        return {each.pk: each for each in own.select_for_update().order_by("pk").prefetch_related(ways)}

    def _versions_by_this_import(self) -> dict[int, int]:
        """Return the versions that earlier rows of this import gave to these contacts."""
        rows = self.source.rows.filter(contact__in=list(self.contacts), applied_version__isnull=False)
        return dict(rows.order_by().values_list("contact").annotate(Max("applied_version")))

    def _add(self, row: ImportRow) -> None:
        card = self.cards[row.number]
        # Where a match was shown and "add" chosen nevertheless, that is meant.
        came_in = self.known.certain(card) if row.finding == ImportRow.Finding.NEW else None
        if came_in and not self._brought(came_in[1]):
            row.problem = CAME_IN.format(why=ImportRow.Why(came_in[0]).label)
            return
        is_taken = card.uid in self.uids or bool(self.known.with_key(("uid", card.uid)))
        if set_aside := self.known.taken_back.pop(card.uid, None):
            set_aside.uid = new_uid()  # theirs is for whoever comes in again
            self.set_aside.append(set_aside)
        contact = new_contact(
            card, owner_id=self.source.owner_id, uid=new_uid() if is_taken or not card.uid else card.uid, at=self.at
        )
        self.uids.add(contact.uid)
        self.of_new[row.number] = contact
        new = [new_way(way, contact, position) for position, way in enumerate(card.ways)]
        contact.known_ways = new  # type: ignore[attr-defined]
        self.ways += [(row, way) for way in new]
        row.contact, row.applied_version, row.change, row.problem = contact, contact.version, {"added": True}, ""
        self.added += 1

    def _brought(self, contact: Contact) -> bool:
        """Tell whether this import added the contact: two of one file may share a number, where they have a UID each."""
        return self.source.rows.filter(contact=contact, change__added=True).exists()

    def _update(self, row: ImportRow) -> None:
        contact = self._target(row)
        if contact is None:
            first = None if row.contact_id else self.firsts.get(row.twin or 0)
            row.problem = TWIN_LEFT_OUT.format(line=first.line) if first else GONE
            return
        compared = row if row.contact_id else self.firsts[row.twin or 0]
        if contact.pk and contact.version != self.applied.get(contact.pk, compared.contact_version):
            row.problem = CHANGED
            return
        is_restored = contact.deleted_at is not None
        if is_restored and row.problem != IN_BIN:
            row.problem = CHANGED
            return
        row.problem = ""
        plan = plan_update(contact, contact.known_ways, self.cards[row.number])  # type: ignore[attr-defined]
        change = self._carry_out(plan, row, contact)
        if is_restored:
            contact.deleted_at, change["restored"] = None, True
        if not change:
            row.problem = NOTHING_TAKEN if plan.differs else ""
            return
        row.contact, row.change = contact, change
        if contact.pk:
            self.updated += contact.pk not in self.applied
            contact.version += 1
            self.changed[contact.pk] = contact
            self.applied[contact.pk] = contact.version
        row.applied_version = contact.version

    def _target(self, row: ImportRow) -> Contact | None:
        if row.contact_id:
            return self.contacts.get(row.contact_id)
        if row.twin in self.of_new:
            return self.of_new[row.twin]
        first = self.firsts.get(row.twin or 0)
        if first is None or first.decision == ImportRow.Decision.SKIP:
            return None
        return self.contacts.get(first.contact_id or 0)

    def _carry_out(self, plan: Plan, row: ImportRow, contact: Contact) -> dict[str, Any]:
        """Change the contact in memory and return what was changed, for the undo."""
        chosen = {name: plan.differs[name][1] for name in row.theirs if name in plan.differs}
        fields: dict[str, Any] = plan.fill | chosen
        if "name" in chosen:  # the parts of another name would be those of somebody else
            fields["name_parts"] = list(self.cards[row.number].name_parts)
        change: dict[str, Any] = {}
        if fields:
            change["set"] = {name: [getattr(contact, name), value] for name, value in fields.items()}
            for name, value in fields.items():
                setattr(contact, name, value)
        for name in ("tags", "topics", "extra"):
            if more := getattr(plan, name):
                setattr(contact, name, [*getattr(contact, name), *more])
                change[name] = list(more)
        if plan.ways:
            known: list[Way] = contact.known_ways  # type: ignore[attr-defined]
            start = max((way.position for way in known), default=-1) + 1
            new = [new_way(way, contact, start + place) for place, way in enumerate(plan.ways)]
            known += new
            self.ways += [(row, way) for way in new]
            change["ways"] = []
        return change

    def _store(self) -> None:
        store_changes(self.set_aside, ["uid"])
        Contact.objects.bulk_create(self.of_new.values())
        store_changes(self.changed.values(), UPDATED_FIELDS)
        for _, way in self.ways:
            way.contact = way.contact  # it has its id now
        Way.objects.bulk_create(way for _, way in self.ways)
        for row, way in self.ways:
            if "ways" in row.change:
                row.change["ways"].append([way.pk, way.value])
        for row in self.rows:
            row.contact = row.contact
        store_changes(self.rows, ["contact", "applied_version", "change", "problem", "settled_at"])
