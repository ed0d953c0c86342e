"""Whom the rows of a file are about: by UID, else by email address, else by phone number; by name only as a question.

Asked for a chunk of rows at a time, with a number of statements that does not grow with it. An address or number that
is the same settles it only where the names have a word in common: a switchboard, a family's address and the doubled
UIDs of some exports would otherwise make one person of several.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from contacts.cards.card import BadRow, Card
from contacts.imports.plan import Plan, plan_merge, plan_update, words_of
from contacts.models import Contact, Import, ImportRow, Merge, Way

Finding, Decision, Why = ImportRow.Finding, ImportRow.Decision, ImportRow.Why
Key = tuple[str, str]
IN_BIN = "This person is in your bin."


@dataclass
class Match:
    """What a card was found to be about."""

    finding: str
    decision: str
    why: str = ""
    contact: Contact | None = None
    twin: int | None = None
    problem: str = ""
    brings_nothing: bool = False


class Known:
    """The contacts of one owner that a chunk of cards may be about, by what they can be known by.

    Whoever was made one with somebody else is that one. Whom a file brought that was taken back is nobody: the file may
    come in again, with its columns put right.
    """

    def __init__(self, owner_id: int, cards: Sequence[Card]) -> None:
        keys = {key for card in cards for key in keys_of(card)}
        names = {card.name.lower() for card in cards}
        own = Contact.objects.filter(owner_id=owner_id)
        merged = {gone: (kept, name) for gone, kept, name in _merges(owner_id)}
        known: list[tuple[str, str, int]] = list(
            Way.objects.filter(owner_id=owner_id, compared__in={value for kind, value in keys if kind != "uid"})
            .exclude(compared="")
            .values_list("kind", "compared", "contact_id")
        )
        uids = own.filter(uid__in={value for kind, value in keys if kind == "uid"})
        known += [("uid", uid, pk) for uid, pk in uids.values_list("uid", "pk")]
        by_name = set(own.alive().filter(sort_name__in=names).values_list("pk", flat=True))
        by_name |= {gone for gone, (_, name) in merged.items() if name.lower() in names}
        ids = by_name | {pk for _, _, pk in known}
        found = own.filter(pk__in=ids | {_stands_for(pk, merged) for pk in ids}).order_by("pk")
        people = {contact.pk: contact for contact in found.prefetch_related(Prefetch("ways", to_attr="known_ways"))}
        taken_back = _taken_back([pk for pk, contact in people.items() if contact.deleted_at])
        self.taken_back = {people[pk].uid: people[pk] for pk in taken_back}
        self.contacts = {pk: people[pk] for pk in people if pk not in taken_back and pk not in merged}
        self._names: dict[int, set[str]] = {pk: {contact.name} for pk, contact in self.contacts.items()}
        self._by_key: dict[Key, list[Contact]] = defaultdict(list)
        for gone, (_, name) in merged.items():
            self._names.get(_stands_for(gone, merged), set()).add(name)
        for kind, compared, pk in known:
            contact = self.contacts.get(_stands_for(pk, merged))
            if contact and contact not in self._by_key[kind, compared]:
                self._by_key[kind, compared].append(contact)
        self._by_name: dict[str, list[Contact]] = defaultdict(list)
        for pk, contact in self.contacts.items():
            for name in {name.lower() for name in self._names[pk]}:
                self._by_name[name].append(contact)

    def with_key(self, key: Key) -> list[Contact]:
        return self._by_key.get(key, [])

    def with_name(self, name: str) -> list[Contact]:
        return [each for each in self._by_name.get(name.lower(), []) if each.deleted_at is None]

    def certain(self, card: Card) -> tuple[str, Contact] | None:
        """Return why and whom this card is certainly about, if it is about somebody."""
        for key in keys_of(card):
            alive = [each for each in self.with_key(key) if each.deleted_at is None and self._is_alike(each, card)]
            if alive:
                return key[0], _nearest(alive, card)
        return None

    def _is_alike(self, contact: Contact, card: Card) -> bool:
        return any(alike(name, card.name) for name in self._names[contact.pk])

    def perhaps(self, card: Card) -> tuple[str, Contact] | None:
        """Return whom this card may be about: named otherwise, in the bin, or of the same name."""
        for key in keys_of(card):
            if found := self.with_key(key):
                return key[0], min(found, key=lambda each: (each.deleted_at is not None, each.pk))
        if found := self.with_name(card.name):
            return Why.NAME, found[0]
        return None


def _merges(owner_id: int) -> QuerySet[Merge, tuple[int, int, str]]:
    """Return who became part of whom, and what they were called, for as long as the two can be taken apart."""
    merges = Merge.objects.filter(owner_id=owner_id, gone__deleted_at__isnull=False)
    return merges.values_list("gone_id", "kept_id", "gone__name")


def _stands_for(pk: int, merged: Mapping[int, tuple[int, str]]) -> int:
    """Return who somebody is by now; whoever stayed may have become part of a third."""
    while pk in merged:
        pk, _ = merged[pk]
    return pk


def _taken_back(ids: Collection[int]) -> set[int]:
    """Return which of these, who lie in the bin, an import brought that was taken back."""
    if not ids:
        return set()
    rows = ImportRow.objects.filter(contact__in=ids, change__added=True, source__state=Import.State.UNDONE)
    return {pk for pk in rows.values_list("contact_id", flat=True) if pk}


def keys_of(card: Card) -> list[Key]:
    """Return what a card can be known by, the surest first."""
    keys: dict[Key, None] = {}
    if card.uid:
        keys["uid", card.uid] = None
    for kind in (Why.EMAIL, Why.PHONE):
        for way in card.ways:
            if way.kind == kind and way.compared:
                keys[kind.value, way.compared] = None
    return list(keys)


def alike(one: str, other: str) -> bool:
    """Tell whether two names have a word in common."""
    return bool(words_of(one) & words_of(other))


def plan_for(contact: Contact, card: Card) -> Plan:
    """Return what a card would do to a contact of `Known`."""
    return plan_update(contact, contact.known_ways, card)  # type: ignore[attr-defined] # Known puts them there


class Matcher:
    """Makes rows of the cards of one file, chunk by chunk, and remembers which were there before."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self.number = 0
        self._first: dict[Key, int] = {}  # the first row with this key
        self._of_contact: dict[int, int] = {}  # the first row about this contact
        self._names: dict[int, str] = {}
        self._ours: set[int] = set()  # rows that Waymark wrote, each about somebody of its own

    def rows_of(self, found: Iterable[Card | BadRow]) -> list[ImportRow]:
        """Return the rows of the next chunk, not stored."""
        chunk = list(found)
        cards = [each for each in chunk if isinstance(each, Card)]
        known = Known(self.source.owner_id, cards)
        firsts = {self._first[key] for card in cards for key in keys_of(card) if key in self._first}
        earlier = dict(self.source.rows.filter(number__in=firsts).values_list("number", "card"))
        self._earlier = {number: Card.from_json(card) for number, card in earlier.items()}
        return [self._row(each, known) for each in chunk]

    def _row(self, each: Card | BadRow, known: Known) -> ImportRow:
        self.number += 1
        if isinstance(each, BadRow):
            return ImportRow(source=self.source, number=self.number, line=each.line, raw=each.raw,
                             finding=Finding.BAD, decision=Decision.SKIP, problem=each.reason)  # fmt: skip
        match = self._match(each, known)
        self._earlier[self.number] = each
        self._names[self.number] = each.name
        if each.is_ours and each.uid:
            self._ours.add(self.number)
        first = match.twin or self.number
        for key in keys_of(each):
            self._first.setdefault(key, first)
        if match.contact:
            self._of_contact.setdefault(match.contact.pk, first)
        return ImportRow(
            source=self.source, number=self.number, line=each.line, name=each.name, card=each.to_json(),
            finding=match.finding, decision=match.decision, why=match.why, twin=match.twin, problem=match.problem,
            brings_nothing=match.brings_nothing,
            contact=match.contact, contact_version=match.contact.version if match.contact else None,
        )  # fmt: skip

    def _match(self, card: Card, known: Known) -> Match:
        if certain := known.certain(card):
            why, contact = certain
            return self._about(card, contact, why)
        if twin := self._twin(card):
            why, number = twin
            plan = plan_merge(self._earlier[number], card, at=self.source.created_at)
            is_same = plan.is_empty and not plan.differs
            finding, decision = (Finding.SAME, Decision.SKIP) if is_same else (Finding.AGAIN, Decision.UPDATE)
            return Match(finding, decision, why, twin=number, brings_nothing=plan.is_empty)
        for contact in known.with_name(card.name):
            plan = plan_for(contact, card)
            if plan.is_empty and not plan.differs:
                earlier = self._of_contact.get(contact.pk)
                return Match(Finding.SAME, Decision.SKIP, Why.NAME, contact, earlier, brings_nothing=True)
        if perhaps := known.perhaps(card):
            why, contact = perhaps
            problem = IN_BIN if contact.deleted_at else ""
            is_empty = not problem and plan_for(contact, card).is_empty
            return Match(Finding.LOOK, Decision.SKIP, why, contact, problem=problem, brings_nothing=is_empty)
        return Match(Finding.NEW, Decision.ADD)

    def _about(self, card: Card, contact: Contact, why: str) -> Match:
        plan = plan_for(contact, card)
        twin = self._of_contact.get(contact.pk)
        if not plan.is_empty:
            return Match(Finding.CHANGE, Decision.UPDATE, why, contact, twin)
        finding = Finding.LOOK if plan.differs else Finding.SAME
        return Match(finding, Decision.SKIP, why, contact, twin, brings_nothing=True)

    def _twin(self, card: Card) -> tuple[str, int] | None:
        for key in keys_of(card):
            number = self._first.get(key)
            if card.is_ours and number in self._ours and key[0] != Why.UID:
                continue
            if number is not None and alike(self._names[number], card.name):
                return key[0], number
        return None


def _nearest(contacts: list[Contact], card: Card) -> Contact:
    words = words_of(card.name)
    return max(contacts, key=lambda each: (len(words & words_of(each.name)), -each.pk))
