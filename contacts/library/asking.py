"""Ways to ask for twenty minutes of somebody's time. `{name}` is who is asked, `{me}` who asks."""

from typing import NamedTuple


class Asking(NamedTuple):
    """One way to ask: what it is called in a list, and its words."""

    key: str
    name: str
    words: str


ASKINGS = (
    Asking(
        "cold",
        "You do not know each other",
        "Dear {name},\n\nI am trying to understand what the work you do is like from the inside, because I am thinking of"
        " moving towards it. Your way there is close to the one I hope to take.\n\nWould you have twenty minutes for a"
        " few questions, by phone or video, in the next weeks? I will come prepared and keep to the time. If this is not"
        " a good moment, a short no is fine.\n\nKind regards\n{me}",
    ),
    Asking(
        "through",
        "Somebody named them to you",
        "Dear {name},\n\n[Who] suggested that I write to you. I am thinking of moving towards the work you do, and they"
        " said that nobody explains it better.\n\nCould I ask you a few questions, twenty minutes, at a time that suits"
        " you? I will send them before, so that you can see whether it is worth it.\n\nKind regards\n{me}",
    ),
    Asking(
        "known",
        "You know each other a little",
        "Hello {name},\n\nwe met at [where]. What you said about [what] stayed with me, and I would like to understand it"
        " better: I am thinking of moving in that direction.\n\nWould you have twenty minutes for me, or a coffee on"
        " me? Any day that is easy for you.\n\nBest\n{me}",
    ),
    Asking(
        "again",
        "A second, short word",
        "Dear {name},\n\na fortnight ago I asked whether you would have twenty minutes to tell me about your work. I know"
        " that mails drown, so this is one more try and the last one. If it does not fit, no answer is needed.\n\nKind"
        " regards\n{me}",
    ),
)


def words_of(key: str, *, name: str, me: str) -> str:
    """Return one of the ways to ask with the names put in; the first for a key that is none."""
    found = next((asking for asking in ASKINGS if asking.key == key), ASKINGS[0])
    return found.words.replace("{name}", name).replace("{me}", me)
