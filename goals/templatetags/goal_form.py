"""How the goal form is drawn: labels, hints, controls and errors as plain strings.

Twenty fields and up to sixty lines, each through Django's widget templates, cost four times the page around them. The
look is that of templates/components/_field.html. Each place of advice (`<id>_advice`) is filled by goals.views.check.
"""

from typing import Any

from django import template
from django.forms import BoundField, Textarea
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.waymark import icon
from goals.forms.milestones import MilestoneRow
from sharing.models import Mentorship

register = template.Library()

ICONS = {"number": "123", "milestones": "diamond", "yes_no": "check-lg"}


@register.simple_tag
def field(bound: BoundField, *, css: str = "", after: str = "", advice: bool = True) -> SafeString:
    """Draw a whole field; `after` stands behind its input ("hours a week"), `css` is for its input."""
    control = _control(bound, css=css, advice=advice)
    if after:
        control = f'<div class="line gap-3x">{control}<span class="soft">{escape(after)}</span></div>'
    return _safe(
        f'<div class="f{_bad(bound)}" id="div_{bound.auto_id}"><label for="{bound.auto_id}">{_label(bound)}</label>'
        f"{_hint(bound)}{control}{_advice(bound.auto_id) if advice else ''}{_error(bound)}</div>"
    )


@register.simple_tag
def small_field(bound: BoundField, css: str = "") -> SafeString:
    """Draw one of several fields that stand in a line; its error stands below the line."""
    return _safe(
        f'<div class="f mb-0 {css}{_bad(bound)}"><label class="sm b" for="{bound.auto_id}">{escape(bound.label)}</label>'
        f"{_control(bound)}</div>"
    )


@register.simple_tag
def control(bound: BoundField, css: str = "") -> SafeString:
    """Draw only the input."""
    return _safe(_control(bound, css=css))


@register.simple_tag
def error(bound: BoundField, *, named: bool = False) -> SafeString:
    """Draw what is wrong with a field, with its name where several stand in a line."""
    return _safe(_error(bound, named=named))


@register.simple_tag
def advice(name: str) -> SafeString:
    """Draw the empty place for a hint about a field, or about several in a line."""
    return _safe(_advice(name))


@register.simple_tag
def choices(bound: BoundField, css: str = "") -> SafeString:
    """Draw radios side by side."""
    value, radios = str(bound.value() or ""), []
    for number, (key, label) in enumerate(bound.field.choices):  # type: ignore[attr-defined]
        checked = " checked" if str(key) == value else ""
        drawing = icon(ICONS[key]) if key in ICONS else ""
        radios.append(
            f'<label><input type="radio" name="{bound.html_name}" value="{key}" id="{bound.auto_id}_{number}"{checked}>'
            f"<span>{drawing}{escape(label)}</span></label>"
        )
    described = f' aria-describedby="{bound.auto_id}_helptext"' if bound.help_text else ""
    return _safe(
        f'<fieldset class="f {css}{_bad(bound)}" id="div_{bound.auto_id}"{described}><legend class="lab">'
        f'{escape(bound.label)}</legend>{_hint(bound)}<div class="seg">{"".join(radios)}</div>{_error(bound)}</fieldset>'
    )


@register.simple_tag
def readers(bound: BoundField, people: list[Mentorship]) -> SafeString:
    """Draw who can be shown a goal, as cards with a box each."""
    chosen = {str(pk) for pk in bound.value() or ()}
    cards = []
    for number, person in enumerate(people):
        checked = " checked" if str(person.pk) in chosen else ""
        role = "Your mentor" if person.is_mentor else "Your colleague"
        cards.append(
            f'<label class="opt-card"><input class="form-check-input" type="checkbox" name="share" value="{person.pk}"'
            f' id="{bound.auto_id}_{number}"{checked}><span><b>{escape(person.mentor_name)}</b>'
            f"<small>{role}. Can read it and comment, not change it.</small></span></label>"
        )
    return _safe(
        f'<fieldset class="f{_bad(bound)}" id="div_{bound.auto_id}" aria-describedby="{bound.auto_id}_helptext"><legend'
        f' class="lab">{escape(bound.label)}</legend>{_hint(bound)}<div class="stack-2">{"".join(cards)}</div>'
        f"{_error(bound)}</fieldset>"
    )


@register.simple_tag
def milestone_line(row: MilestoneRow, number: int | str) -> SafeString:
    """Draw one milestone of the form: a ring that says whether it is a task, its words, its day, a box to remove it."""
    name, who = row.prefix, f"milestone {number}"
    done = f'<input type="hidden" name="{name}-done" value="1">' if row.is_done else ""
    return _safe(
        f'<div class="ms-edit"><label class="ms-kind"><input type="checkbox" name="{name}-task" value="1"'
        f'{" checked" if row.is_task else ""} aria-label="{who.capitalize()} is a task"><svg viewBox="-8 -8 16 16"'
        ' class="ms-d" aria-hidden="true"><path d="M0-6 6 0 0 6-6 0z"/><circle r="5.5"/></svg></label>'
        f'<input class="form-control" type="text" maxlength="200" name="{name}-title" id="id_{name}-title"'
        f' value="{escape(row.title)}" aria-label="{who.capitalize()}"{_wrong(row, "title")}>'
        f'<input class="form-control w-date-s" type="date" name="{name}-due_on" id="id_{name}-due_on"'
        f' value="{escape(row.due_on)}" aria-label="Date for {who}"{_wrong(row, "due_on")}>'
        f'<label class="ms-x"><input type="checkbox" name="{name}-remove" value="1"'
        f'{" checked" if row.is_removed else ""} aria-label="Remove {who}">{icon("x-lg")}</label>{done}'
        + "".join(
            f'<div class="err" id="id_{name}-{part}_error">{icon("exclamation-circle-fill")}<span>{escape(texts[0])}</span></div>'
            for part, texts in row.errors.items()
        )
        + "</div>"
    )


def _wrong(row: MilestoneRow, part: str) -> str:
    return f' aria-invalid="true" aria-describedby="id_{row.prefix}-{part}_error"' if part in row.errors else ""


def _control(bound: BoundField, *, css: str = "", advice: bool = False) -> str:
    widget, name, value = bound.field.widget, bound.auto_id, _text(bound.value())
    given = {key: text for key, text in widget.attrs.items() if key not in {"data-look", "class"}}
    attributes = "".join(f' {key}="{escape(str(text))}"' for key, text in given.items())
    about = [f"{name}_helptext"] if bound.help_text else []
    about += [f"{name}_advice"] if advice else []
    if bound.errors:
        about.append(f"{name}_error")
        attributes += ' aria-invalid="true"'
    if about:
        attributes += f' aria-describedby="{" ".join(about)}"'
    classes = f"form-control {widget.attrs.get('class', '')} {css}".strip()
    shared = f'name="{bound.html_name}" id="{name}" class="{classes}"{attributes}'
    if isinstance(widget, Textarea):
        # A browser drops the first line break of a textarea.
        return f"<textarea {shared}>\n{escape(value)}</textarea>"
    return f'<input type="{widget.input_type}" {shared} value="{escape(value)}">'


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _label(bound: BoundField) -> str:
    is_plain = bound.field.required or "plain" in bound.field.widget.attrs.get("data-look", "")
    optional = "" if is_plain else ' <span class="opt">optional</span>'
    return f"{escape(bound.label)}{optional}"


def _hint(bound: BoundField) -> str:
    return f'<div class="hint" id="{bound.auto_id}_helptext">{escape(bound.help_text)}</div>' if bound.help_text else ""


def _advice(name: str) -> str:
    return f'<div class="hint advice" id="{name}_advice"></div>'


def _bad(bound: BoundField) -> str:
    return " bad" if bound.errors else ""


def _error(bound: BoundField, *, named: bool = False) -> str:
    if not bound.errors:
        return ""
    words = escape(" ".join(str(text) for text in bound.errors))
    name = f"{escape(bound.label)}: " if named else ""
    return (
        f'<div class="err" id="{bound.auto_id}_error">{icon("exclamation-circle-fill")}<span>{name}{words}</span></div>'
    )


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 -- what people typed, and every label, went through escape
