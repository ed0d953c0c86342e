"""What is made ready once says what Django says."""

import re

import pytest
from django.conf import settings
from django.template import Context, Engine
from django.utils.safestring import SafeString

from mail.templates import mail_template

FOLDER = settings.BASE_DIR / "templates"
NAMES = sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/emails/**/*") if path.suffix in {".html", ".txt"}
)
WORDS = "Zoë <b>& \"co\"</b> 'n'"


def something_for_each_name(name):
    """Return a context with words for each name in a template, its parent and its pieces."""
    source = "".join((FOLDER / each).read_text() for each in (name, *NAMES) if each == name or "/emails/_" in each)
    source += (FOLDER / "mail/emails/base.html").read_text()
    found = {}
    for path in re.findall(r"{[{%][^}]*?[}%]}", source):
        for first, rest in re.findall(r"\b([a-z_]+)((?:\.[a-z_]+)*)", path):
            keys, inner = rest.split(".")[1:], found
            while keys and isinstance(inner.setdefault(first, {}), dict):
                inner, first, keys = inner[first], keys[0], keys[1:]
            inner.setdefault(first, WORDS)
    for each, many in re.findall(r"{% for (\w+) in (\w+) %}", source):
        found[many] = [found.get(each, WORDS)] * 2
    return found | {
        "percent": 40,
        "moods": [(1, "Low")],
        "outcomes": [("yes", "Yes")],
        "unsubscribe_url": SafeString("https://x/?a=1&amp;b=2"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_is_what_django_renders(name):
    values, autoescape = something_for_each_name(name), name.endswith(".html")

    theirs = Engine.get_default().get_template(name).render(Context(values, autoescape=autoescape))

    for _ in range(2):
        assert mail_template(name).render(Context(values, autoescape=autoescape)) == theirs
    assert "/body." not in name or "Zoë" in theirs


@pytest.mark.parametrize("name", ["mail/emails/test/body.html", "goals/emails/comment_added/body.txt"])
def test_names_without_a_value_are_left_out(name):
    assert mail_template(name).render(Context()) == Engine.get_default().get_template(name).render(Context())


def test_leaves_the_templates_of_pages_alone():
    name = "mail/emails/test/body.html"
    before = Engine.get_default().get_template(name).render(Context({"asked_at": "one"}))

    mail_template(name)

    assert Engine.get_default().get_template(name).render(Context({"asked_at": "one"})) == before


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("<b>", "&lt;b&gt;"),
        (SafeString("<b>"), "<b>"),
        (1200, "1200"),
        (None, "None"),
        ({"a": "&"}, "{&#x27;a&#x27;: &#x27;&amp;&#x27;}"),
    ],
)
def test_variables_of_any_kind(value, said):
    template = mail_template("mail/emails/_code.html")

    assert f">{said}</p>" in template.render(Context({"code": value}))
