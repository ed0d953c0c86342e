from datetime import date
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.template.base import TextNode
from django.templatetags.static import static
from django.test import RequestFactory

from core.templatetags.waymark import STATUSES, icon, initials
from core.trail import Mark, Trail
from devstack.vendoring import sources

SPRITE = sources.SPRITE.read_text()


def render(source, **context):
    return Template(source).render(Context(context))


def test_icon_is_hidden_from_screen_readers_and_points_into_the_sprite():
    html = render('{% icon "pencil" %}')

    assert html == '<svg class="ico" aria-hidden="true"><use href="/static/icons.svg#pencil"/></svg>'


def test_icon_with_label_is_an_image():
    assert 'role="img" aria-label="Only &quot;you&quot;"' in render("{% icon 'lock' label=words %}", words='Only "you"')


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amara Osei", "AO"),
        ("Ruth", "R"),
        ("Maria del Carmen Ruiz", "MR"),
        ("李 小龙", "李小"),
        ("amara.osei@example.org", "A"),
        ("  ", ""),
        ("??", ""),
        ("ßeta", "SS"),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters


def test_avatar_of_nobody_is_a_person_not_an_error():
    assert "#person" in render("{% avatar who %}", who=None)


def test_avatar_shows_letters_only():
    html = render("{% avatar who %}", who="<b> Ann <script>")

    assert ">A<" in html
    assert "script" not in html


def test_avatar_keeps_its_colour():
    assert render('{% avatar "Ruth Lindqvist" %}') == render(
        "{% avatar who %}", who=SimpleNamespace(name="Ruth Lindqvist")
    )


def test_every_status_says_itself_in_words_and_has_its_icon():
    for kind, (drawing, _, words) in STATUSES.items():
        assert words in render("{% status kind %}", kind=kind)
        assert f'id="{drawing}"' in SPRITE


def test_trail_says_its_label_and_clamps_what_is_out_of_range():
    html = render(
        "{% trail points %}",
        points={"walked": 250, "plan": -3, "marks": [{"at": 25, "state": "done"}], "label": 'a "b" <c>'},
    )

    assert 'aria-label="a &quot;b&quot; &lt;c&gt;"' in html
    assert 'x2="100%"' in html
    assert 'x1="0%"' in html
    assert "250" not in html
    assert "mk done" in html


def test_trail_writes_no_inline_style_and_labels_only_when_big():
    points = Trail(walked=42, marks=(Mark(at=58, label="7 <interviews>"),), label="x")

    assert "7 &lt;interviews&gt;" in render("{% trail points big=True %}", points=points)
    assert "interviews" not in render("{% trail points %}", points=points)
    assert "style" not in render("{% trail points big=True %}", points=points)


def test_trail_without_here_and_faded():
    html = render("{% trail points %}", points={"walked": 30, "here": False, "faded": True, "label": "Resting"})

    assert 'class="here"' not in html
    assert 'class="trail past"' in html


def test_trail_does_not_write_a_decimal_comma(settings):
    settings.LANGUAGE_CODE = "de"

    assert 'x2="42.5%"' in render("{% trail points %}", points={"walked": 42.5, "label": ""})


def test_markdown_is_wrapped_so_that_htmx_leaves_it_alone():
    html = render("{{ text|markdown }}", text="**yes** <script>alert(1)</script> <b hx-get='/x'>")

    assert html.startswith('<div class="wm-prose" hx-disable>')
    assert "<strong>yes</strong>" in html
    assert "<script" not in html
    assert "<b hx-get" not in html


def test_say_day_takes_the_readers_today():
    assert render("{{ day|say_day:today }}", day=date(2026, 3, 13), today=date(2026, 3, 12)) == "Tomorrow"
    assert render("{% say_day day %}", day=date(2026, 3, 13), today=date(2026, 3, 12)) == "Tomorrow"
    assert render("{{ day|say_day_within:today }}", day=date(2026, 3, 13), today=date(2026, 3, 12)) == "tomorrow"
    assert render("{{ day|say_day_within:today }}", day=None, today=date(2026, 3, 12)) == ""
    assert render("{{ day|say_day }}", day=None) == ""


@pytest.mark.parametrize(
    ("path", "navid", "marked"),
    [
        ("/goals/", None, ' aria-current="page"'),
        ("/goals/5/edit/", None, ' aria-current="true"'),
        ("/journal/", None, ""),
        ("/journal/", "goals", ' aria-current="page"'),
    ],
)
def test_current_follows_the_path_unless_the_view_says_otherwise(path, navid, marked):
    context = {"request": RequestFactory().get(path)} | ({"navid": navid} if navid else {})

    assert render('{% current "goals" %}', **context) == marked


@pytest.mark.parametrize(
    ("tags", "url"),
    [("undo /goals/5/", "/goals/5/"), ("undo //evil.example/", ""), ("undo javascript:x", ""), ("", ""), (None, "")],
)
def test_undo_url_is_a_path_of_this_server(tags, url):
    assert render("{{ tags|undo_url }}", tags=tags) == url


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.5.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_device_says_browser_and_system(user_agent, said):
    assert render("{{ user_agent|device }}", user_agent=user_agent) == said


def test_a_fixed_icon_is_drawn_when_the_template_is_read():
    (node,) = Template('{% icon "lock" label="Only you" %}').nodelist

    assert isinstance(node, TextNode)
    assert node.s == icon("lock", label="Only you")


def test_an_icon_of_the_context_is_drawn_each_time():
    template = Template('{% icon name %}{% icon "sun" css|default:"big" %}{% icon "sun" as kept %}{{ kept }}')

    for name in ("moon", "star"):
        drawn = template.render(Context({"name": name}))
        assert drawn == f"{icon(name)}{icon('sun', 'big')}{icon('sun')}"


def test_asset_is_the_address_of_a_static_file():
    assert Template('{% asset "icons.svg" %}').render(Context()) == static("icons.svg")
