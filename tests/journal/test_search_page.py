import logging
import re

import pytest
from django.test import Client

from tests.factories.journal import EntryFactory, PeriodFactory, ReflectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("saturday")]
HTMX = {"hx-request": "true"}


@pytest.mark.parametrize("count", [1, 3])
def test_entry_search_query_count(client, owner, count, django_assert_num_queries):
    for _ in range(count):
        ReflectionFactory(owner=owner, period__key=f"2026-W{10 + _}", answers={"Q?": "heron"})
    client.get("/journal/search/?q=heron")

    with django_assert_num_queries(3):
        client.get("/journal/search/?q=heron")


def test_entry_search_shows_what_was_found(client, owner):
    EntryFactory(owner=owner, title="At the canal", text="A heron, <b>standing</b>.", tags=["sql"])

    html = client.get("/journal/search/?q=heron").content.decode()

    assert "1 entry" in html
    assert "A <mark>heron</mark>, &lt;b&gt;standing&lt;/b&gt;." in html
    assert "#sql" in html
    assert 'value="heron"' in html


def test_entry_search_finds_reflections_of_months_and_their_drafts(client, owner):
    for key, is_draft in (("2026-10", False), ("2025-12", True)):
        month = PeriodFactory(owner=owner, kind="month", key=key, questions=["Q?"])
        ReflectionFactory(owner=owner, period=month, draft=is_draft, answers={"Q?": "heron"})

    html = client.get("/journal/search/?q=heron").content.decode()

    assert ">October</a>" in html
    assert 'href="/journal/write/?month=2025-12">December 2025</a>' in html


def test_entry_search_empty_and_without_a_hit(client, owner):
    assert "What are you looking for?" in client.get("/journal/search/").content.decode()
    assert "Nothing found" in client.get("/journal/search/?q=zebra").content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "a" * 5000, 422),
        ("q=" + "a+" * 99, 200),
        ("q=%00", 400),
        ("q=a%00b", 400),
        ("q=[(.*?{99999}\\", 200),
        ("q=the+and+of", 200),
        ("q=%F0%9F%98%80", 200),
        ("q=%ff%fe", 200),
        ("q=%22%22%22", 200),
        ("q=%ED%A0%80", 200),
        ("q=a&after=x", 200),
        ("q=a&q=b", 200),
        ("q=%E2%80%AE", 200),
    ],
)
def test_entry_search_bad_input(client, owner, query, status):
    EntryFactory(owner=owner)

    assert client.get(f"/journal/search/?{query}").status_code == status


def test_entry_search_says_what_is_too_long_and_keeps_it(client, owner):
    html = client.get("/journal/search/?q=" + "heron+" * 100).content.decode()

    assert "Use at most 200 characters" in html
    assert "heron heron" in html


def test_entry_search_appends_under_htmx(client, owner):
    EntryFactory.create_batch(30, owner=owner, text="heron")

    first = client.get("/journal/search/?q=heron").content.decode()
    older = re.search(r'href="(\?[^"]+)"', first).group(1).replace("&amp;", "&")
    fragment = client.get(f"/journal/search/{older}", headers=HTMX).content.decode()

    assert "30 entries" in first
    assert first.count('class="entry"') == 25
    assert fragment.count('class="entry"') == 5
    assert "<h1" not in fragment
    assert '<div hx-swap-oob="outerHTML:#pager">' in fragment


def test_no_log_holds_what_was_looked_for(owner, monkeypatch, caplog):
    """An access log is switched off; what Django writes about a failure names the path alone."""
    monkeypatch.setattr("journal.search.find", lambda *args, **kwargs: 1 / 0)
    client = Client(raise_request_exception=False)
    client.force_login(owner, backend="accounts.backends.AuthenticationBackend")

    with caplog.at_level(logging.DEBUG):
        assert client.get("/journal/search/?q=heron").status_code == 500

    assert "/journal/search/" in caplog.text
    assert "heron" not in caplog.text
