"""What templates draw with: icons, avatars, statuses, trails, Markdown and days.

Plain strings built in Python rather than included templates: a list page draws hundreds of them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from zlib import adler32

from django import template
from django.forms import BaseForm, BoundField
from django.forms.boundfield import BoundWidget
from django.template import Context
from django.template.base import Node, Parser, TextNode, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from core import markdown as md
from core import timekeeping
from core.markup import fill
from core.trail import Trail

register = template.Library()

AVATAR_HUES = 5
NUMBER_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")

# Status kind: icon, class of the colour, words. The words hold where the caller has none that say more.
STATUSES = {
    "ahead": ("chevron-double-right", "ok", "Ahead of plan"),
    "ok": ("check-circle-fill", "ok", "On pace"),
    "slow": ("hourglass-split", "slow", "A little behind"),
    "late": ("exclamation-diamond-fill", "late", "Past its date"),
    "done": ("diamond-fill", "done", "Reached"),
    "rest": ("pause-circle", "rest", "Resting"),
    "dropped": ("slash-circle", "rest", "Let go"),
    "new": ("diamond", "rest", "Not started"),
    "draft": ("pencil", "rest", "Draft"),
}

# The first path part is the app's word for people; some words share an entry of the menu.
SECTIONS = {
    "": "home",
    "goals": "goals",
    "journal": "journal",
    "wins": "wins",
    "mentors": "mentors",
    "contacts": "contacts",
    "mentorships": "mentors",
    "mentees": "mentees",
    "settings": "settings",
    "account": "settings",
    "add": "add",
    "more": "more",
}

# Each says it is the ones after it too, so the order decides.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def _drawn_once(tag: Callable[..., SafeString]) -> Callable[..., SafeString]:
    """Register a tag whose result is worked out when the template is read, wherever its arguments are written there.

    A page has some thirty icons, and calling a tag takes longer than drawing one.
    """
    register.simple_tag(tag)
    read = register.tags[tag.__name__]

    def compile_tag(parser: Parser, token: Token) -> Node:
        node = read(parser, token)
        values = (*node.args, *node.kwargs.values())
        is_fixed = node.target_var is None and not any(value.is_var or value.filters for value in values)
        return TextNode(node.render(Context())) if is_fixed else node

    register.tag(tag.__name__, compile_tag)
    return tag


@_drawn_once
def asset(path: str) -> SafeString:
    """Return the address of a static file, with the hash of its content: {% asset "js/waymark.js" %}."""
    return SafeString(escape(static(path)))


@_drawn_once
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw one icon of the sprite: {% icon "pencil" %}, {% icon "sun" "big-i" %}, {% icon "lock" label="Private" %}.

    Hidden from screen readers unless it has a label, so it stands next to a word or in a control with an aria-label.
    """
    return _icon(name, css, label)


@lru_cache(maxsize=1024)
def _icon(name: str, css: str, label: str) -> SafeString:
    naming = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="ico{}{}" {}><use href="{}#{}"/></svg>', " " if css else "", css, naming, static("icons.svg"), name
    )


@register.simple_tag
def avatar(who: Any, size: str = "") -> SafeString:
    """Draw initials in a circle for a user, a name, or nobody: {% avatar goal.owner "s" %}; sizes s, l and xl.

    Always stands beside the name, so it is hidden from screen readers.
    """
    name = who if isinstance(who, str) else (getattr(who, "name", "") or getattr(who, "email", "") or "")
    return _avatar(name, size)


@lru_cache(maxsize=4096)
def _avatar(name: str, size: str) -> SafeString:
    css = f"av {size}".strip()
    letters = initials(name)
    if not letters:
        return format_html('<span class="{}" aria-hidden="true">{}</span>', css, _icon("person", "", ""))
    hue = adler32(name.encode()) % AVATAR_HUES
    return format_html('<span class="{} hue{}" aria-hidden="true">{}</span>', css, hue, letters)


def initials(name: str) -> str:
    """Return one or two letters for a name of any script; an e-mail address gives its first letter."""
    words = [word for word in re.split(r"[\s.]+", name.split("@", maxsplit=1)[0]) if word[:1].isalnum()]
    if not words:
        return ""
    if "@" in name or len(words) == 1:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


@register.simple_tag
def status(kind: str, words: str = "", css: str = "") -> SafeString:
    """Say a status by icon and words: {% status "slow" %}, {% status "late" "6 days past its date" "pill" %}.

    Kinds: ahead, ok, slow, late, done, rest, dropped, new, draft.
    """
    drawing, colour, default = STATUSES[kind]
    return format_html('<span class="st {} {}">{}{}</span>', colour, css, _icon(drawing, "", ""), words or default)


@register.simple_tag
def trail(points: Trail | Mapping[str, Any], *, big: bool = False) -> SafeString:
    """Draw a progress line as inline SVG: walked is solid, ahead is dotted, diamonds are waymarks.

    `big` makes it taller and writes the labels of the marks beneath.
    """
    way = Trail.of(points) if isinstance(points, Mapping) else points
    middle, size, here_size = (14, 7, 10) if big else (11, 5.5, 7.5)
    labelled = big and any(mark.label for mark in way.marks)
    height = middle * 2 + (22 if labelled else 0)
    walked = _percent(way.walked)
    parts = [f'<line class="rest" x1="{walked}%" x2="100%" y1="{middle}" y2="{middle}"/>']
    if walked != "0":
        parts.append(f'<line class="walk" x1="0" x2="{walked}%" y1="{middle}" y2="{middle}"/>')
    if way.plan is not None:
        at = _percent(way.plan)
        parts.append(f'<line class="plan" x1="{at}%" x2="{at}%" y1="{middle - 9}" y2="{middle + 9}"/>')
    diamond = _diamond(size)
    for mark in way.marks:
        at = _percent(mark.at)
        css = f"mk {mark.state}" if mark.state in {"done", "late"} else "mk"
        words = _label(mark.label, float(at), middle) if labelled and mark.label else ""
        parts.append(f'<svg class="ov" x="{at}%" y="{middle}"><path class="{css}" d="{diamond}"/>{words}</svg>')
    if way.here:
        parts.append(
            f'<svg class="ov" x="{walked}%" y="{middle}"><path class="halo" d="{_diamond(here_size + 2.5)}"/>'
            f'<path class="here" d="{_diamond(here_size)}"/></svg>'
        )
    css = "trail past" if way.faded else "trail"
    drawn = SafeString("".join(parts))  # numbers are formatted here, words are escaped
    return fill(f'<svg class="{css}" height="{height}" role="img" aria-label="{{}}">{{}}</svg>', way.label, drawn)


def _label(words: str, position: float, middle: float) -> str:
    anchor = "start" if position < 8 else "end" if position > 92 else "middle"
    edge = ' class="edge"' if anchor != "middle" else ""
    return f'<text y="{middle + 13}"{edge} text-anchor="{anchor}">{escape(words)}</text>'


@lru_cache(maxsize=16)
def _diamond(size: float) -> str:
    return f"M0-{size:g} {size:g} 0 0 {size:g}-{size:g} 0z"


def _percent(value: float) -> str:
    """Return a number between 0 and 100 for an SVG attribute, whatever the reader's locale writes as decimal point."""
    return f"{min(100.0, max(0.0, value)):.2f}".rstrip("0").rstrip(".")


@register.simple_tag(takes_context=True)
def current(context: Context, *sections: str) -> SafeString:
    """Mark a menu entry as current when the page belongs to one of its sections.

    The section follows from the path; a view that knows better puts `navid` into the context.
    """
    request = context.get("request")
    path = request.path if request else ""
    section = context.get("navid") or SECTIONS.get(path.split("/")[1] if path else "", "")
    if section not in sections:
        return SafeString("")
    return SafeString(' aria-current="page"' if path.count("/") < 3 else ' aria-current="true"')


@register.simple_tag(takes_context=True)
def at(context: Context, prefix: str) -> SafeString:
    """Mark a link of a page's own navigation as current when the path begins with its prefix."""
    request = context.get("request")
    return SafeString(' aria-current="page"' if request and request.path.startswith(prefix) else "")


@register.filter
def undo_url(extra_tags: str | None) -> str:
    """Return the path behind "undo " in a message's extra tags: messages.success(..., extra_tags="undo /goals/5/")."""
    word, _, path = (extra_tags or "").partition(" ")
    return path if word == "undo" and path.startswith("/") and not path.startswith("//") else ""


@register.filter
def markdown(text: str, names: Mapping[str, str] | None = None) -> SafeString:
    """Show what a person wrote, as sanitised HTML that htmx leaves alone; `names` are those of core.markdown.render."""
    if not text:
        return SafeString("")
    return format_html('<div class="wm-prose" hx-disable>{}</div>', md.render(text, names))


@register.filter
def say_day(day: date | None, today: date | None = None) -> str:
    """Say a day as people do: Today, Tomorrow, Friday, 15 May, 15 May 2025. `today` defaults to the active zone's."""
    if day is None:
        return ""
    return timekeeping.say_day(day, today or timezone.localdate())


@register.filter
def say_day_within(day: date | None, today: date) -> str:
    """Say a day inside a sentence: today, tomorrow, Friday, 15 May."""
    return timekeeping.say_day_within(day, today) if day else ""


@register.simple_tag(takes_context=True, name="say_day")
def say_day_tag(context: Context, day: date | None) -> str:
    """Say a day as seen from the reader's own today, which the view passes as `today`."""
    return say_day(day, context["today"])


@register.filter
def error_fields(form: BaseForm) -> list[BoundField]:
    """Return the visible fields of a form that have errors, in the order of the page, for the error summary."""
    return [field for field in form.visible_fields() if field.errors]


@register.simple_tag
def things_to_fix(form: BaseForm) -> str:
    """Return the heading of an error summary: "Two things to fix before we can save this"."""
    number = len(error_fields(form)) + len(form.non_field_errors())
    word = NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)
    return f"{word} {'thing' if number == 1 else 'things'} to fix before we can save this"


@register.filter
def look(field: BoundField) -> str:
    """Return how a field's widget asks to be drawn, from its `data-look` attribute (components/_field.html)."""
    return field.field.widget.attrs.get("data-look", "")


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """Return the form without placeholders: the label says what a field is (WCAG 3.3.2), also once it is filled."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.filter
def zone_name(zone: object) -> str:
    """Write an IANA zone as people read it: America/New York."""
    return str(zone).replace("_", " ")


@register.filter
def device(user_agent: str) -> str:
    """Say a browser's user agent as people know it: "Firefox on Linux"; "Unknown device" where it says nothing."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if browser and system else browser or system or "Unknown device"


@register.simple_tag
def with_class(widget: BoundWidget, css: str) -> SafeString:
    """Draw one radio or checkbox of a choice field with a class."""
    attrs = widget.data["attrs"]
    attrs["class"] = f"{attrs.get('class', '')} {css}".strip()
    return widget.tag(wrap_label=False)
