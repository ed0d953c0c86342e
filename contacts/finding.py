"""Whom somebody looks for among those they know, as it stands in an address, and the people who fit."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, Subquery, Window
from django.db.models.functions import Coalesce
from django.http import QueryDict

from accounts.models import User
from contacts.cards.compare import email_key
from contacts.due import sunday_of
from contacts.models import Contact, ContactQuerySet
from contacts.models.contact import LINE_LENGTH, TAG_LENGTH
from contacts.rows import for_rows
from core.paging import Page, Pages, page
from core.text import clean_line

MOST_WORDS, WORD_LENGTH, QUERY_LENGTH = 8, 60, 100
SHOWN = {
    "": "Everyone",
    "close": "Close circle",
    "regular": "Regular circle",
    "wide": "Wide circle",
    "own": "A rhythm of its own",
    "none": "No rhythm",
    "archived": "Archived",
}
DUE = {
    "": "Any time",
    "overdue": "Overdue",
    "week": "Due this week",
    "later": "Due later",
    "notyet": "Not talked yet",
}
ORDERS = {"": "By name", "talked": "Last talked first", "added": "Last added first"}
KEYS = {"": ("sort_name", "pk"), "talked": ("-talked_on", "-pk"), "added": ("-created_at", "-pk")}
MOST_RELAXED = 3


class Part(NamedTuple):
    """One thing that is asked for: its name in the address, and in words."""

    name: str
    words: str


class Less(NamedTuple):
    """A search without one of its parts, and how many people fit it."""

    words: str
    number: int
    url: str


@dataclass(frozen=True)
class Search:
    """The words, what must be true, the order, and the page. What an address says wrongly is left out.

    `org` is how an organisation begins, as it is typed; `at` is one of them by its whole name, as it is chosen.
    """

    q: str = ""
    show: str = ""
    due: str = ""
    org: str = ""
    at: str = ""
    topic: str = ""
    tag: str = ""
    order: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Search":
        """Read an address; nothing in it can be an error."""
        return cls(
            q=_line(query, "q", QUERY_LENGTH),
            show=_one_of(SHOWN, query.get("show")),
            due=_one_of(DUE, query.get("due")),
            org=_line(query, "org", LINE_LENGTH),
            at=_line(query, "at", LINE_LENGTH),
            topic=_line(query, "topic", TAG_LENGTH),
            tag=_line(query, "tag", TAG_LENGTH),
            order=_one_of(ORDERS, query.get("order")),
            after=query.get("after", ""),
        )

    @property
    def words(self) -> list[str]:
        """What is looked for; signs alone look for nothing."""
        found = (word[:WORD_LENGTH] for word in self.q.split() if any(sign.isalnum() for sign in word))
        return list(dict.fromkeys(found))[:MOST_WORDS]

    @property
    def parts(self) -> list[Part]:
        """What must be true beside the words, as chips say it."""
        said = {
            "show": SHOWN[self.show],
            "due": DUE[self.due],
            "org": f"Organisation begins with: {self.org}",
            "at": f"Organisation: {self.at}",
            "topic": f"Topic: {self.topic}",
            "tag": f"Tag: {self.tag}",
        }
        return [Part(name, words) for name, words in said.items() if getattr(self, name)]

    @property
    def chips(self) -> list[dict[str, str]]:
        """The parts, each with the address of the search without it."""
        return [{"words": part.words, "url": self.with_(**{part.name: ""}).url()} for part in self.parts]

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.parts)

    @property
    def has_more(self) -> bool:
        """Whether it asks for what stands among the further filters."""
        return bool(self.due or self.org or self.order)

    def with_(self, **changed: str) -> "Search":
        """Return the first page of the search with these parts instead."""
        return replace(self, **({"after": ""} | changed))

    def url(self, after: str = "", *, path: str = "/contacts/") -> str:
        """Return the address of a page of it."""
        pairs = {name: value for name, value in vars(self).items() if name != "after"} | {"after": after}
        asked = urlencode({name: value for name, value in pairs.items() if value})
        return f"{path}?{asked}" if asked else path


def _line(query: QueryDict, name: str, length: int) -> str:
    """Return what was typed; no organisation begins with signs alone, so those ask for nothing."""
    typed = clean_line(query.get(name, "")[: 4 * length])[:length]
    return typed if name != "org" or any(sign.isalnum() for sign in typed) else ""


def _one_of(choices: dict[str, str], value: str | None) -> str:
    return value if value and value in choices else ""


def _everyone(owner: int) -> ContactQuerySet:
    """Return everybody but the archived, and beside each how many they are."""
    people = Contact.objects.owned_by(User(pk=owner)).current()
    number = people.order_by().values("owner").annotate(number=Count("pk")).values("number")
    return for_rows(people).annotate(total=Subquery(number, output_field=IntegerField()))


_EVERYONE = {order: Pages(_everyone, keys=keys, owner=int) for order, keys in KEYS.items()}


def people_of(search: Search, owner: User, *, today: date) -> Page[Contact]:
    """Return a page of the people who fit, each with `total` of all; one statement, also for eight words."""
    if not search.is_narrow:
        return _EVERYONE[search.order].page(search.after, owner=owner.pk)
    people = for_rows(fitting(search, owner, today=today)).annotate(total=Window(Count("*")))
    return page(people, keys=KEYS[search.order], after=search.after)


def less_of(search: Search, owner: User, *, today: date) -> list[Less]:
    """Return which one thing to ask for less, and how many people that gives, most first; one statement."""
    parts = [*([Part("q", f"“{search.q}”")] if search.words else []), *search.parts]
    if len(parts) < 2:
        return []
    searches = [search.with_(**{part.name: ""}) for part in parts]
    numbers = User.objects.filter(pk=owner.pk).values_list(
        *(_number(fitting(each, owner, today=today)) for each in searches)
    )
    found = [
        Less(part.words, number, each.url()) for part, each, number in zip(parts, searches, numbers.get(), strict=True)
    ]
    return sorted((less for less in found if less.number), key=lambda less: -less.number)[:MOST_RELAXED]


def _number(people: ContactQuerySet) -> Any:
    number = people.order_by().values("owner").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def fitting(search: Search, owner: User, *, today: date) -> ContactQuerySet:
    """Return whom a search finds, in no order."""
    facets = [f"@{search.show}"] * bool(search.show) + ["@notyet"] * (search.due == "notyet")
    marked = (("=", search.org), ("=", search.at), ("*", search.topic), ("#", search.tag))
    facets += [f"{mark}{value}" for mark, value in marked if value]
    people = Contact.objects.owned_by(owner)
    if search.words or facets:
        address = email_key(search.q) if not search.parts else ""
        people = people.fitting(words=search.words, facets=facets, owner=owner.pk, address=address)
    if search.due in {"overdue", "week", "later"}:
        sunday = sunday_of(today)
        spans: dict[str, dict[str, Any]] = {
            "overdue": {"due_on__lt": today},
            "week": {"due_on__range": (today, sunday)},
            "later": {"due_on__gt": sunday},
        }
        people = people.filter(**spans[search.due]).current()
    if search.at:  # the index knows how it begins
        people = people.at(search.at)
    return people.archived() if search.show == "archived" else people.current()
