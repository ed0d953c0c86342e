"""What somebody looks for among mentors, as it stands in an address."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from core.text import clean_line
from goals.vocabulary import listed
from mentors.vocabulary import BY_SLUG, INDUSTRIES, LANGUAGES

MAX_WORDS, MAX_QUERY_LENGTH, MAX_TOPICS = 8, 100, 5
SORTS = {"match": "Best match first", "soonest": "Soonest free", "newest": "Last changed first"}
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"(-?[0-9]{1,17})\.([0-9]{1,6})\.([0-9]{1,18})")
# English words that say nothing in a search; the text index leaves them out as well.
_STOP = listed("a an and are as at be by for from i in is it my of on or the to with you your")


@dataclass(frozen=True)
class Search:
    """The words, what a mentor must have, and the order. What an address says wrongly is left out."""

    q: str = ""
    is_free: bool = False
    topics: tuple[str, ...] = ()  # slugs of mentors.vocabulary.TOPICS
    industry: str = ""
    language: str = ""
    is_same_zone: bool = False
    has_hours: bool = False
    is_kept: bool = False
    sort: str = "match"
    after: tuple[int, int, int] | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "Search":
        """Read an address; nothing in it can be an error."""
        token = _TOKEN.fullmatch(query.get("after", ""))
        topics = dict.fromkeys(slug for slug in query.getlist("topic")[:20] if slug in BY_SLUG)
        return cls(
            q=clean_line(query.get("q", "")[: 4 * MAX_QUERY_LENGTH])[:MAX_QUERY_LENGTH],
            is_free=query.get("free") == "1",
            topics=tuple(topics)[:MAX_TOPICS],
            industry=query.get("industry", "") if query.get("industry") in INDUSTRIES else "",
            language=query.get("language", "") if query.get("language") in LANGUAGES else "",
            is_same_zone=query.get("zone") == "mine",
            has_hours=query.get("hours") == "mine",
            is_kept=query.get("kept") == "1",
            sort=query.get("sort", "") if query.get("sort") in SORTS else "match",
            after=(int(token[1]), int(token[2]), int(token[3])) if token else None,
        )

    @property
    def words(self) -> list[str]:
        """The words to look for, in lower case; those that say nothing only where there are no others."""
        found = list(dict.fromkeys(_WORD.findall(self.q.lower())))
        return ([word for word in found if word not in _STOP] or found)[:MAX_WORDS]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Everything but the page, as an address names it."""
        pairs = [("q", self.q), ("free", "1" if self.is_free else "")]
        pairs += [("topic", slug) for slug in self.topics]
        pairs += [("industry", self.industry), ("language", self.language)]
        pairs += [("zone", "mine" if self.is_same_zone else ""), ("hours", "mine" if self.has_hours else "")]
        pairs += [("kept", "1" if self.is_kept else ""), ("sort", "" if self.sort == "match" else self.sort)]
        return [(name, value) for name, value in pairs if value]

    @property
    def url(self) -> str:
        """The address of its first page."""
        return f"/mentors/?{urlencode(self.pairs)}" if self.pairs else "/mentors/"

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for anything at all."""
        return bool(replace(self, sort="match", after=None) != Search())

    def toggled(self, slug: str) -> "Search":
        """Return the search with a topic more, or one less."""
        topics = tuple(each for each in self.topics if each != slug)
        return replace(self, topics=topics if slug in self.topics else (*topics, slug), after=None)

    def relaxed(self) -> "list[tuple[str, Search]]":
        """Return every search that asks for one thing less, with the name of that thing."""
        less: list[tuple[str, Search]] = []
        if self.words:
            less.append((f"“{self.q}”", replace(self, q="")))
        less += [(BY_SLUG[slug].label, self.toggled(slug)) for slug in self.topics]
        if self.industry:
            less.append((self.industry, replace(self, industry="")))
        if self.language:
            less.append((LANGUAGES[self.language], replace(self, language="")))
        if self.is_free:
            less.append(("Has a free place", replace(self, is_free=False)))
        if self.is_same_zone:
            less.append(("My time zone", replace(self, is_same_zone=False)))
        if self.has_hours:
            less.append(("Hours in common", replace(self, has_hours=False)))
        if self.is_kept:
            less.append(("Kept for later", replace(self, is_kept=False)))
        return [(name, replace(search, after=None)) for name, search in less]
