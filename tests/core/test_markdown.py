import pytest

from core.markdown import plain, render


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


def test_plain_cuts_at_a_word():
    assert plain("**Five** in is when it clicks, and <b>then</b> & so on", 20) == "Five in is when it…"
