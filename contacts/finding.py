"""Whom somebody looks for among those they know, as it stands in an address, and the people who fit."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, Subquery, Window
from django.http import QueryDict

from accounts.models import User
from contacts.models import Contact, ContactQuerySet
from contacts.models.contact import TAG_LENGTH
from contacts.rows import for_rows
from core.paging import Page, Pages, page
from core.text import clean_line

MOST_WORDS, WORD_LENGTH, QUERY_LENGTH = 8, 60, 100
ORDER = ("sort_name", "pk")
SHOWN = {
    "": "Everyone",
    "close": "Close circle",
    "regular": "Regular circle",
    "wide": "Wide circle",
    "own": "A rhythm of its own",
    "none": "No rhythm",
    "archived": "Archived",
}


@dataclass(frozen=True)
class Search:
    """The words, the circle or the archive, the tag, and the page. What an address says wrongly is left out."""

    q: str = ""
    show: str = ""
    tag: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Search":
        """Read an address; nothing in it can be an error."""
        return cls(
            q=clean_line(query.get("q", "")[: 4 * QUERY_LENGTH])[:QUERY_LENGTH],
            show=query.get("show", "") if query.get("show") in SHOWN else "",
            tag=clean_line(query.get("tag", "")[:TAG_LENGTH]),
            after=query.get("after", ""),
        )

    @property
    def words(self) -> list[str]:
        """What is looked for; signs alone look for nothing."""
        found = (word[:WORD_LENGTH] for word in self.q.split() if any(sign.isalnum() for sign in word))
        return list(dict.fromkeys(found))[:MOST_WORDS]

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.show or self.tag)

    def url(self, after: str = "") -> str:
        """Return the address of a page of it."""
        pairs = {"q": self.q, "show": self.show, "tag": self.tag, "after": after}
        asked = urlencode({name: value for name, value in pairs.items() if value})
        return f"/contacts/?{asked}" if asked else "/contacts/"

    def without_tag(self) -> str:
        """Return the address of the same search in all tags."""
        return replace(self, tag="").url()


def _everyone(owner: int) -> ContactQuerySet:
    """Return everybody but the archived by name, and beside each how many they are."""
    people = Contact.objects.owned_by(User(pk=owner)).current()
    number = people.order_by().values("owner").annotate(number=Count("pk")).values("number")
    return for_rows(people).annotate(total=Subquery(number, output_field=IntegerField()))


_EVERYONE = Pages(_everyone, keys=ORDER, owner=int)


def people_of(search: Search, owner: User) -> Page[Contact]:
    """Return a page of the people who fit, each with `total` of all; one statement, also for eight words."""
    if not search.is_narrow:
        return _EVERYONE.page(search.after, owner=owner.pk)
    is_archive = search.show == "archived"
    facets = [f"@{search.show}"] * bool(search.show) + [f"#{search.tag}"] * bool(search.tag)
    people = Contact.objects.owned_by(owner).fitting(words=search.words, facets=facets, owner=owner.pk)
    people = people.archived() if is_archive else people.current()
    return page(for_rows(people).annotate(total=Window(Count("*"))), keys=ORDER, after=search.after)
