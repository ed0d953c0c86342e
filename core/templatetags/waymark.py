"""Template tags of the whole house; built in, so templates need no load line."""

from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import markdown as core_markdown
from core import timekeeping

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Show what somebody wrote in Markdown; htmx attributes inside it are dead."""
    return format_html('<div class="wm-prose" hx-disable>{}</div>', core_markdown.render(text))


@register.simple_tag(takes_context=True)
def say_day(context: dict[str, Any], day: date | None) -> str:
    """Say a day as seen from the reader's own today, which the view passes as `today`."""
    return timekeeping.say_day(day, context["today"]) if day else ""
