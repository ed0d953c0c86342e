"""Markdown that people write, as HTML that is safe to show to others."""

import re
from collections.abc import Iterable, Mapping

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# Longer text is cut before any parser sees it; forms refuse it earlier with a message.
MAX_LENGTH = 50_000
MAX_NESTING = 20

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": MAX_NESTING})
_parser.enable("strikethrough")


def naming(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds `#` and one of these names, the name as its group; None for no names.

    Not in the middle of a word or an address, whatever the capitals, and the longest name that fits.
    """
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    if not longest_first:
        return None
    return re.compile(rf"(?<![\w&/#])#({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _name(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - how the parser calls a rule
    """Turn `#` and a name the caller of `render` knows into a link."""
    pattern, places = state.env.get("named", (None, {}))
    found = pattern.match(state.src, state.pos) if pattern else None
    href = places.get(found.group(1).lower()) if found else None
    if found is None or href is None or state.linkLevel:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = found.group(1)
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


_parser.inline.ruler.push("name", _name)
# Headings of a text must not stand beside the headings of the page (WCAG 1.3.1), so they become bold lines.
_TAGS = {"p", "br", "strong", "em", "s", "del", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr"}
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
    strip_comments=True,
)

# Most of what people write has no marks: lines that begin with a letter, end with no blank, and hold nothing that could
# begin a mark, an entity or a tag. Parsing and cleaning such a text only wraps its paragraphs, at six times the cost; a
# test compares both ways.
_NO_MARK = r"[^*_`~<>&\[\]\\\x00-\x1f\x7f\xa0]"
_BARE_LINE = rf"[^\W\d_](?:{_NO_MARK}*(?!\s){_NO_MARK})?"
_is_bare = re.compile(rf"{_BARE_LINE}(?:\n+{_BARE_LINE})*").fullmatch


def render(text: str, names: Mapping[str, str] | None = None) -> SafeString:
    """Return CommonMark as sanitised HTML: raw HTML is shown as text, images and headings are not passed on.

    `names` are addresses by names in small letters: `#` and such a name becomes a link.
    """
    if names and "#" in text:
        return parsed(text, names)
    if len(text) <= MAX_LENGTH and _is_bare(text):
        paragraphs = (part.replace("\n", "<br>\n") for part in re.split(r"\n{2,}", text))
        return mark_safe("".join(f"<p>{part}</p>\n" for part in paragraphs))  # noqa: S308 - holds no < and no &
    return parsed(text)


def render_for_mail(text: str) -> SafeString:
    """Return what `render` does, with the margins of its paragraphs inline, as mail programs want them."""
    html = render(text).replace("<p>", '<p style="margin:0 0 10px;">')
    return mark_safe(html)  # noqa: S308 - render() sanitised it, and only our own attribute was added


def parsed(text: str, names: Mapping[str, str] | None = None) -> SafeString:
    """Return what `render` does, by way of the parser whatever the text."""
    html = _parser.render(text[:MAX_LENGTH], {"named": (naming(names), names)} if names else {})
    html = re.sub(r"<h[1-6]>(.*?)</h[1-6]>", r"<p><strong>\1</strong></p>", html, flags=re.DOTALL)
    return mark_safe(_cleaner.clean(html))  # noqa: S308 - nh3's allow-list is what makes it safe


def plain(text: str, limit: int = 200) -> str:
    """Return the text as one line without its marks, cut at a word to at most `limit` characters."""
    begin = text[: limit * 4]
    words = " ".join((begin if _is_bare(begin) else _unmarked(begin)).split())
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"


def _unmarked(text: str) -> str:
    bare = nh3.clean(_parser.render(text), tags=set(), strip_comments=True)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return bare
