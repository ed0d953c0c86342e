"""What the mails of this app say: subject, text and HTML of each, read whole."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from accounts import deletion, recovery
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


class Words(HTMLParser):
    """The visible words and the links of an HTML mail."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.hidden = [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in {"style", "title", "head"}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        self.hidden -= tag in {"style", "title", "head"}

    def handle_data(self, data):
        if not self.hidden:
            self.words += data.split()


@pytest.fixture
def ada(db):
    return UserFactory(email="ada@example.org", name="Ada <b>Lovelace</b>", time_zone="Asia/Kathmandu")


CASES = {
    "Your account is closed": (
        lambda user: deletion.ask_deletion(user=user, at=NOW),
        ["will be erased on 28 November 2026", "every mentorship has ended", "if this was not you"],
        "http://waymark.test/account/login/",
    ),
    "Your account stays": (
        lambda user: deletion.cancel_deletion(user=user),
        ["Nothing is erased", "Mentorships that ended stay ended"],
        "http://waymark.test/",
    ),
    "Your account is erased": (
        lambda user: deletion.erase(user=user, at=NOW),
        ["is gone from this server", "without your name", "the last mail about it"],
        None,
    ),
    "Your second factor will be removed": (
        lambda user: recovery.ask_reset(user=user, at=NOW),
        ["It goes on 22 November 2026", "If you did not ask for that"],
        "http://waymark.test/account/",
    ),
    "Your second factor was removed": (
        lambda user: recovery.reset(user=user),
        ["signed you out everywhere", "set up a new one"],
        "http://waymark.test/account/login/",
    ),
}


@pytest.mark.parametrize("subject", CASES)
def test_mail(ada, post, subject):
    cause, sentences, link = CASES[subject]

    cause(ada)

    mail = post.last
    html = Words(mail.html)
    assert mail.to == "ada@example.org"
    assert mail.subject == subject
    for said in (" ".join(mail.text.split()), " ".join(html.words)):
        for sentence in [subject, *sentences]:
            assert sentence in said
        assert "{{" not in said
        assert "{%" not in said
    if link:
        assert f"{link}\n" in mail.text
        assert link in html.links
    assert all(address.startswith(("http://waymark.test/", "mailto:")) for address in html.links)
    assert "<b>Lovelace" not in mail.html
    assert "unsubscribe" not in mail.text.lower()
    assert "List-Unsubscribe" not in mail.headers
    assert len(mail.html) < 30_000
