import re
from datetime import UTC, date, datetime, timedelta

import pytest

from core.timekeeping import week_key
from journal.models import WeeklyAim
from tests.factories.accounts import BreakFactory
from tests.factories.journal import (
    WRITTEN_AT,
    EntryCommentFactory,
    EntryFactory,
    PeriodFactory,
    ReflectionFactory,
)
from tests.journal.clock import NOW

pytestmark = pytest.mark.usefixtures("saturday")


HTMX = {"hx-request": "true"}


def weeks_back(count):
    return date(2026, 11, 15) - timedelta(days=7 * count)


@pytest.mark.parametrize("count", [1, 3])
def test_entry_list_query_count(client, owner, cast, count, django_assert_num_queries):
    for back in range(count):
        entry = ReflectionFactory(owner=owner, entry_on=weeks_back(back), shared_with=[cast.mentorship])
        EntryCommentFactory(item=entry, mentorship=cast.mentorship)
    client.get("/journal/")

    with django_assert_num_queries(4):  # the person, the rows, the half year and a year ago, the counts of the frame
        client.get("/journal/")


def test_entry_list_leads_to_the_month_that_can_be_written(client, owner):
    owner.date_joined = datetime(2026, 1, 2, tzinfo=UTC)
    owner.save()
    assert "/journal/write/?month=2026-10" in client.get("/journal/").content.decode()

    PeriodFactory(owner=owner, key="2026-10", state="skipped")
    assert "Look back on" not in client.get("/journal/").content.decode()


def test_entry_list_names_no_month_before_one_came(client, owner):
    owner.date_joined = datetime(2026, 11, 2, tzinfo=UTC)
    owner.save()

    assert "Look back on" not in client.get("/journal/").content.decode()


def test_entry_list_leads_to_a_year_ago_but_not_to_another_persons(client, owner):
    EntryFactory(owner=owner)
    EntryFactory(entry_on=date(2025, 11, 20))
    assert "A year ago" not in client.get("/journal/").content.decode()

    mine = ReflectionFactory(owner=owner, entry_on=date(2025, 11, 23))
    html = client.get("/journal/").content.decode()
    assert "A year ago you wrote about week 47." in html
    assert f'href="{mine.get_absolute_url()}">Read it again' in html
    assert "A year ago" not in client.get("/journal/?show=shared").content.decode()


def test_entry_list_by_month_newest_first(client, owner, cast):
    ReflectionFactory(owner=owner, entry_on=date(2026, 11, 8), title="Second", answers={"Q?": "**Bold** words"})
    ReflectionFactory(owner=owner, entry_on=date(2026, 10, 25), title="First", shared_with=[cast.mentorship], mood=2)
    EntryFactory(owner=owner, entry_on=date(2026, 11, 10), text="Just a note", mood=None)

    html = client.get("/journal/").content.decode()

    assert html.index("November 2026") < html.index("Just a note") < html.index("Second") < html.index("October 2026")
    assert html.index("October 2026") < html.index("First")
    assert "Bold words" in html
    assert "Shared with Mina" in html
    assert "Mood low" in html
    assert html.count("Only you") == 2


def test_entry_list_says_who_reads_now_and_how_much_was_said(client, owner, cast):
    entry = ReflectionFactory(owner=owner, shared_with=[cast.mentorship, cast.former_mentorship])
    EntryCommentFactory.create_batch(2, item=entry, mentorship=cast.mentorship)
    EntryCommentFactory(item=entry, mentorship=cast.mentorship, text="", removed_at=WRITTEN_AT)

    html = client.get("/journal/").content.decode()

    assert "Shared with Mina, 2 comments" in html
    assert "Farid" not in html


def test_entry_list_draft_leads_to_its_week(client, owner):
    ReflectionFactory(owner=owner, draft=True)

    html = client.get("/journal/").content.decode()

    assert 'href="/journal/write/?week=2026-W46"' in html
    assert "Draft" in html


def test_entry_list_shared_only(client, owner, cast):
    EntryFactory(owner=owner, title="Kept")
    EntryFactory(owner=owner, title="Shown", shared_with=[cast.mentorship])

    html = client.get("/journal/?show=shared").content.decode()

    assert "Shown" in html
    assert "Kept" not in html


def test_entry_list_empty_states(client, owner):
    assert "Write your first reflection" in client.get("/journal/").content.decode()
    assert "Nothing is shared" in client.get("/journal/?show=shared").content.decode()


def test_entry_list_pages_and_appends_under_the_same_month(client, owner):
    for number in range(30):
        EntryFactory(owner=owner, entry_on=date(2026, 11, 1), title=f"Note {number}.")

    first = client.get("/journal/").content.decode()
    older = re.search(r'href="(/journal/\?after=[^"]+)"', first).group(1).replace("&amp;", "&")
    fragment = client.get(older, headers=HTMX).content.decode()

    assert first.count('class="entry"') == 25
    assert fragment.count('class="entry"') == 5
    assert "November 2026" not in fragment
    assert "November 2026" in client.get(older).content.decode()
    assert "Note 29." in first
    assert "Note 0." in fragment


@pytest.mark.parametrize("query", ["after=x", "after=" + "A" * 5000, "show=x", "month=x&after=", "after=W10"])
def test_entry_list_bad_query_shows_the_first_page(client, owner, query):
    EntryFactory(owner=owner, title="Here")

    assert "Here" in client.get(f"/journal/?{query}").content.decode()


def test_entry_list_weekly_aim(client, owner):
    owner.date_joined = NOW - timedelta(days=400)
    owner.save()
    for back in (0, 1, 3, 4):
        ReflectionFactory(owner=owner, entry_on=weeks_back(back))
    BreakFactory(user=owner, from_on=weeks_back(5) - timedelta(days=6), until_on=weeks_back(5))
    PeriodFactory(owner=owner, key=week_key(weeks_back(6)), state="skipped")

    html = client.get("/journal/").content.decode()

    # Weeks 39 to 46, of which 41 was a break and 40 was skipped.
    assert "4 of the last 6 weeks." in html
    assert "Week 47 is waiting for a few lines." in html
    assert "stayed blank" not in html


def test_entry_list_counts_days_against_the_aim(client, owner):
    owner.date_joined = NOW - timedelta(days=400)
    owner.save()
    WeeklyAim.objects.choose(owner, 2)
    for back in range(3):
        ReflectionFactory(owner=owner, entry_on=weeks_back(back))
        EntryFactory(owner=owner, entry_on=weeks_back(back) - timedelta(days=2))
    EntryFactory(owner=owner, entry_on=NOW.date())

    html = client.get("/journal/").content.decode()

    assert "1 of 2 days</a> written this week, kept in 3 of the last 8 weeks." in html


def test_entry_list_in_a_written_first_week_counts_nothing_yet(client, owner):
    owner.date_joined = NOW - timedelta(days=1)
    owner.save()
    ReflectionFactory(owner=owner, entry_on=NOW.date())

    html = client.get("/journal/").content.decode()

    assert "Week 47 is written." in html
    assert "You wrote last week" not in html
    assert "1 of 1 day</a> written this week." in html


def test_entry_list_is_calm_about_a_blank_week(client, owner):
    owner.date_joined = NOW - timedelta(days=30)
    owner.save()

    html = client.get("/journal/").content.decode()

    assert "The week before stayed blank. That is fine" in html
    assert 'href="/journal/write/?week=2026-W46"' in html


def test_entry_list_of_somebody_new_counts_no_weeks_before_they_came(client, owner):
    owner.date_joined = NOW
    owner.save()

    assert "of the last" not in client.get("/journal/").content.decode()


def test_calendar_says_in_words_what_it_draws(client, owner):
    ReflectionFactory(owner=owner)
    EntryFactory(owner=owner, entry_on=date(2026, 11, 10))
    EntryFactory(owner=owner, entry_on=date(2026, 11, 10))

    html = client.get("/journal/").content.decode()

    assert "You wrote on 2 days, 1 of the entries is a reflection." in html
    assert html.count('class="hm2"') == 2  # the legend's and the day with two notes


def test_entry_of_the_year_stays_reachable_by_week(client, owner):
    PeriodFactory(owner=owner, key=week_key(weeks_back(2)))

    assert client.get(f"/journal/write/?week={week_key(weeks_back(2))}").status_code == 200
