"""Which goals an entry is about."""

from collections.abc import Collection, Iterable

from goals.models import Goal
from journal.mentions import names_in
from journal.models import Entry, EntryGoal


def link_goals(entry: Entry, chosen: Collection[int] | None, *, also: Iterable[str] = ()) -> None:
    """Keep which of its owner's goals a saved entry is about: those its words name by `#`, and those that were chosen.

    `chosen` None leaves the choice as it was; `also` are words that stand elsewhere: the intention of a reflection. A
    goal stays named by words it was called when they were written, also after it was renamed or erased.
    """
    texts = [entry.title, entry.text, *entry.answers.values(), *also]
    links = list(entry.goal_links.all())
    if not links and not chosen and not any("#" in text for text in texts):
        return
    titles = dict(Goal.objects.owned_by(entry.owner).values_list("pk", "title"))
    known = [*titles.values(), *(name for link in links for name in link.names)]
    named = {name.lower() for name in names_in(texts, known)}

    def words_for(names: Collection[str]) -> str:
        return "\n".join(dict.fromkeys(name for name in names if name.lower() in named))

    for link in links:
        title = titles.pop(link.goal_id, "") if link.goal_id else ""
        words = words_for([*link.names, title])
        is_chosen = link.is_chosen if chosen is None else link.goal_id in chosen
        _keep(link, words, is_chosen=is_chosen and link.goal_id is not None)
    for pk, title in titles.items():
        words, is_chosen = words_for([title]), pk in (chosen or ())
        if words or is_chosen:
            EntryGoal.objects.create(entry=entry, goal_id=pk, words=words, is_chosen=is_chosen)


def _keep(link: EntryGoal, words: str, *, is_chosen: bool) -> None:
    if not words and not is_chosen:
        link.delete()
    elif (link.words, link.is_chosen) != (words, is_chosen):
        link.words, link.is_chosen = words, is_chosen
        link.save(update_fields=["words", "is_chosen"])
