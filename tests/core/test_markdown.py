import random

import pytest

from core.markdown import _unmarked, parsed, plain, render


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        '<a href="x" onclick="y" hx-post="/goals/1/delete/">x</a>',
        "<svg/onload=alert(1)>",
        '<form action="/"><input></form><base href="//evil.example"><style>*{}</style>',
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_render_leaves_nothing_active(hostile):
    html = str(render(hostile)).replace("&lt;", "").replace("&gt;", "")

    for active in (
        "<script",
        'href="javascript',
        "<img",
        '<a href="x"',
        "<svg",
        "<form",
        "<base",
        "<style",
        'href="data',
    ):
        assert active not in html


def test_render_keeps_what_people_write():
    html = str(
        render("# Plan\n\n- **one**\n- two & three\n\n> said\n\nhttps://example.org [here](https://example.org)")
    )

    assert "<p><strong>Plan</strong></p>" in html
    assert "<li><strong>one</strong></li>" in html
    assert "two &amp; three" in html
    assert 'rel="nofollow noopener noreferrer"' in html


def test_render_survives_deep_nesting_and_length():
    assert render(">" * 30_000 + "x")
    assert render("*" * 60_000)
    assert render("[" * 40_000)


@pytest.mark.parametrize(
    "text",
    [
        "One line",
        "Two\nlines",
        'Two\n\nparagraphs, she said: "it\'s fine!" (100 %).',
        "Élan\n\n\nvital; http://example.org/a?b=c#d",
        "A week\n---",
        "A week\n===",
        "A week\n- one",
        "A week\n1. one",
        "1. one",
        "A blank \nat an end",
        "A\n    far in",
        "A space\xa0kept",
        "A\r\nbreak",
        "Cups & <b>plates</b> &amp; a\\*",
        "",
    ],
)
def test_render_gives_what_the_parser_gives(text):
    assert render(text) == parsed(text)


def test_render_gives_what_the_parser_gives_for_any_text():
    single = "aßЖ漢 .,:;!?'\"()-+=#|1%$@/^{}*_`~<>&[]\\\t\r\n\x00\xa0\u2028\u200b😀"
    pieces = [*single, "ab ", "\n\n", "\n   ", "1. ", "- "]
    chance = random.Random(20261121)
    for _ in range(5000):
        text = "A" + "".join(chance.choices(pieces, k=chance.randint(0, 6))) + "z"

        assert render(text) == parsed(text), repr(text)
        assert plain(text) == " ".join(_unmarked(text).split()), repr(text)


def test_plain_cuts_at_a_word():
    assert plain("**Five** in is when it clicks, and <b>then</b> & so on", 20) == "Five in is when it…"
