"""Which entries the journal shows: all, or those of one kind, with one tag, about one goal."""

from dataclasses import dataclass

from django.http import Http404, QueryDict

from accounts.models import User
from core.paging import Page, Pages, page
from goals.models import Goal
from journal.models import Entry, EntryQuerySet
from journal.tagging import KEY_LENGTH, tagged_with

ORDER = ("-entry_on", "-pk")


def _listed(owner: int) -> EntryQuerySet:
    return Entry.objects.owned_by(User(pk=owner)).with_list_columns()


_PAGES: dict[str, Pages[Entry]] = {
    "": Pages(_listed, keys=ORDER, owner=int),
    "reflections": Pages(lambda owner: _listed(owner).reflections(), keys=ORDER, owner=int),
    "notes": Pages(lambda owner: _listed(owner).notes(), keys=ORDER, owner=int),
    "starred": Pages(lambda owner: _listed(owner).starred(), keys=ORDER, owner=int),
    "shared": Pages(lambda owner: _listed(owner).shared(), keys=ORDER, owner=int),
}
_ABOUT = Pages(lambda owner, goal: _listed(owner).about_goal(goal), keys=ORDER, owner=int, goal=int)


@dataclass(frozen=True)
class Chosen:
    """What a list is narrowed to. `show` is one of the filters; else a tag, or a goal, with the words for it."""

    show: str = ""
    tag: str = ""
    goal: Goal | None = None
    pks: tuple[int, ...] = ()  # of the entries with the tag
    query: str = ""  # the same as part of an address
    tag_path: str = ""  # where the tag is renamed

    @classmethod
    def by(cls, user: User, asked: QueryDict) -> "Chosen":
        """Read it from an address; a filter nobody knows is none. Raises Http404 for a tag or goal that is not theirs."""
        if key := asked.get("tag", ""):
            tag, pks = tagged_with(user, key) if len(key) == KEY_LENGTH else ("", [])
            if not tag:
                raise Http404
            return cls(tag=tag, pks=tuple(pks), query=f"tag={key}", tag_path=f"/journal/tags/{key}/")
        if pk := asked.get("goal", ""):
            is_number = pk.isascii() and pk.isdigit() and len(pk) <= 18
            goal = Goal.objects.owned_by(user).filter(pk=int(pk)).first() if is_number else None
            if goal is None:
                raise Http404
            return cls(goal=goal, query=f"goal={pk}")
        show = asked.get("show", "")
        return cls(show=show, query=f"show={show}") if show in _PAGES and show else cls()

    def page(self, user: User, after: str | None) -> Page[Entry]:
        """Return a page of these entries, newest first."""
        if self.tag:
            return page(_listed(user.pk).filter(pk__in=self.pks), keys=ORDER, after=after)
        if self.goal:
            return _ABOUT.page(after, owner=user.pk, goal=self.goal.pk)
        return _PAGES[self.show].page(after, owner=user.pk)
