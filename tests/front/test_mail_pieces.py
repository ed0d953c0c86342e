import pytest
from django.template.loader import render_to_string

PIECES = {
    "_h1": {"over": "Ruth <wrote>", "words": "Run 12 & more"},
    "_h2": {"words": "Your week"},
    "_rule": {},
    "_button": {"href": "https://waymark.test/goals/5/", "words": "Reply to Ruth"},
    "_rows": {"rows": [{"when": "Mon", "words": "SQL <40>"}, {"when": "Tue", "words": "x", "href": "https://a.test/"}]},
    "_quote": {"words": "One.\n\nTwo <b>", "about": "On the guide"},
    "_words": {"over": "Last Sunday", "words": "Finish & rest"},
    "_moods": {"href": "https://waymark.test/?mood=", "moods": [(1, "Rough"), (5, "Great")]},
    "_progress": {"words": "5 of 12", "percent": 42, "hint": "One every 9 days"},
    "_code": {"code": "ABC-123"},
}
SHARED = {"instance": {"name": "Waymark", "operator": "The <operator>"}, "subject": "A <subject>", "why": "Because."}


@pytest.mark.parametrize("piece", PIECES)
def test_piece_has_no_image_and_escapes_what_people_wrote(piece):
    html = render_to_string(f"mail/emails/{piece}.html", PIECES[piece])

    assert "<img" not in html
    assert "<b>" not in html
    assert "<40>" not in html
    for value in PIECES[piece].values():
        if isinstance(value, str) and value.isalnum():
            assert value in html


@pytest.mark.parametrize("percent", [0, 100])
def test_progress_at_the_ends_draws_one_bar(percent):
    html = render_to_string("mail/emails/_progress.html", {"words": "x", "percent": percent})

    assert html.count("<td") == 1


def test_frame_says_why_and_how_to_stop_and_stays_small():
    context = SHARED | {
        "recipient": "Amara",
        "unsubscribe_url": "https://a.test/stop/",
        "preferences_url": "https://a.test/mails/",
    }

    html = render_to_string("mail/emails/base.html", context)
    text = render_to_string("mail/emails/base.txt", context)

    for words in ("Because.", "https://a.test/stop/", "https://a.test/mails/"):
        assert words in html
        assert words in text
    assert "A &lt;subject&gt;" in html
    assert "http://" not in html.replace("https://", "")
    assert len(html) < 6_000


def test_frame_of_an_account_mail_has_nothing_to_stop():
    html = render_to_string("mail/emails/base.html", SHARED)
    text = render_to_string("mail/emails/base.txt", SHARED)

    assert "stop" not in html.lower()
    assert "stop" not in text.lower()
