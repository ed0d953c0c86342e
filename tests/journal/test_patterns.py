import re
from datetime import date, timedelta

import pytest

from journal import archive
from journal.models import WeeklyAim
from journal.patterns import year
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory, PeriodFactory, ReflectionFactory
from tests.journal.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("saturday")]
TODAY = NOW.date()
PATH = "/journal/patterns/"


def weeks_back(count):
    return date(2026, 11, 15) - timedelta(days=7 * count)


def html_of(client, query=""):
    return client.get(PATH + query).content.decode()


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.parametrize("count", [1, 3])
def test_pattern_list_query_count(client, owner, count, django_assert_num_queries):
    goals = GoalFactory.create_batch(count, owner=owner)
    for back in range(count):
        ReflectionFactory(owner=owner, entry_on=weeks_back(back), tags=["sql"], goals=goals)
        EntryFactory(owner=owner, entry_on=weeks_back(back))
    client.get(PATH)

    with django_assert_num_queries(7):
        client.get(PATH)


def test_pattern_list_of_somebody_new(client, owner):
    html = html_of(client)

    assert "Once you have written a few entries" in html
    assert "Too early to say: 0 of the last 26 weeks have a mood noted." in html
    assert "No word comes back yet" in html
    assert "A year ago" not in html
    assert '<svg class="pc' not in html


def test_words_tags_and_goals_with_their_counts(client, owner, cast):
    goal = GoalFactory(owner=owner, title="Learn to say no")
    for number in range(4):
        EntryFactory(
            owner=owner,
            entry_on=weeks_back(number),
            text="The heron & the Gespräch.",
            tags=["night shift"],
            goals=[goal],
        )
    EntryFactory(owner=cast.stranger, text="zeppelin zeppelin", tags=["theirs"])
    EntryFactory(owner=owner, text="submarine", deleted_at=NOW)

    html = html_of(client)

    assert 'href="/journal/search/?q=heron"' in html
    assert "q=Gespr%C3%A4ch" in html
    assert "#night shift" in html
    assert "night+shift" not in html  # a tag is never spelled out in an address
    assert f'href="/journal/?goal={goal.pk}"' in html
    assert html.count("4 entries<span") == 4
    for absent in ("zeppelin", "theirs", "submarine", ">the<"):
        assert absent not in html


def test_goals_that_are_gone_are_not_named(client, owner):
    goal = GoalFactory(owner=owner, title="Learn to say no", deleted_at=NOW)
    EntryFactory(owner=owner, goals=[goal])

    assert "Learn to say no" not in html_of(client)


def felt(owner, number, mood, energy, words):
    ReflectionFactory(
        owner=owner, entry_on=weeks_back(number), mood=mood, energy=energy, answers={"Q?": words}, title=""
    )


def test_what_comes_together_is_said_with_its_counts(client, owner):
    rough = {1, 2, 5, 11, 12, 17, 24, 29}
    for number in range(32):
        felt(owner, number, 3 + number % 2, 1 if number in rough else 4, "the rota" if number in rough else "")

    said = text_of(html_of(client))

    assert "Your energy was lower in weeks that mention “rota”: 1 of 5 in 8 weeks with it, 4 in 24 without." in said
    assert "does not say which brings the other" in said


def test_a_direction_is_said_with_its_counts(client, owner):
    for number in range(20):
        felt(owner, number, 5 - number // 5, 3, "")

    assert (
        "Your mood has risen over the last 26 weeks: 2.5 of 5 in the first half of the 20 weeks you noted it, 4.5 in the "
        "second." in text_of(html_of(client))
    )


def test_nothing_clear_is_said_as_that(client, owner):
    for number in range(12):
        felt(owner, number, 3 + number % 2, 3, "")

    said = text_of(html_of(client))

    assert "On average your mood was 3.5 of 5 and your energy 3, over 12 of the last 26 weeks." in said
    assert "has risen" not in said
    assert "<table" in html_of(client)


def test_reflection_of_a_month_counts_in_no_week(client, owner):
    month = PeriodFactory(owner=owner, kind="month", key="2026-10", questions=["Q?"])
    ReflectionFactory(owner=owner, period=month, entry_on=date(2026, 10, 31), mood=5, answers={"Q?": "x"})

    assert "0 of the last 26 weeks have a mood noted" in html_of(client)


def test_year_ago_names_a_month_without_a_title(client, owner):
    month = PeriodFactory(owner=owner, kind="month", key="2025-11", questions=["Q?"])
    ReflectionFactory(owner=owner, period=month, entry_on=date(2025, 11, 21), title="", answers={"Q?": "x"})

    assert "November</a>" in html_of(client)


def test_year_ago(client, owner):
    EntryFactory(owner=owner, title="Then", text="The <b>heron</b> was there.", entry_on=date(2025, 11, 19))
    EntryFactory(owner=owner, title="The week before then", entry_on=date(2025, 11, 16))

    html = html_of(client)

    assert "A year ago this week" in html
    assert "Then</a>" in html
    assert "The &lt;b&gt;heron&lt;/b&gt; was there." in html
    assert "The week before then" not in html


def test_calendar_of_a_year(client, owner):
    EntryFactory(owner=owner, entry_on=date(2024, 2, 29))
    EntryFactory(owner=owner, entry_on=date(2026, 2, 3))

    assert "Calendar of 2024. You wrote on 1 day, 0 of the entries are reflections." in html_of(client, "?year=2024")
    assert "Calendar of 2025. Nothing written." in html_of(client, "?year=2025")
    assert 'href="/journal/patterns/?year=2024"' in html_of(client)
    assert "Calendar of the last 12 months. You wrote on 1 day" in html_of(client)


@pytest.mark.parametrize("year", ["1999", "2027", "x", "٢٠٢٥", "9" * 5000, "-1", "2025.0", ""])
def test_bad_year_shows_the_last_twelve_months(client, owner, year):
    EntryFactory(owner=owner, entry_on=date(2025, 2, 3))

    assert "Calendar of the last 12 months" in html_of(client, f"?year={year}")


def test_heavy_writer_is_told_what_is_left_out(client, owner, monkeypatch):
    monkeypatch.setattr(archive, "MOST", 3)
    monkeypatch.setattr(archive, "_NEWEST", archive._newest())
    EntryFactory(owner=owner, title="Then", entry_on=date(2025, 11, 19))
    for number in range(5):
        EntryFactory(owner=owner, entry_on=TODAY - timedelta(days=number), text="the heron")

    html = html_of(client)

    assert "words, tags and moods below are of your newest 3 entries, since 19 November 2026" in html
    assert "3 entries<span" in html
    assert "Then</a>" in html


def test_excerpt_of_an_entry_that_has_only_a_title(owner):
    EntryFactory(owner=owner, title="Then", text="", entry_on=date(2025, 11, 19))

    found = year.of(owner, today=TODAY)

    assert [year.excerpt(entry) for entry in found.year_ago] == [""]


def test_first_week_is_not_counted_as_one_of_several(client, owner):
    owner.date_joined = NOW - timedelta(days=1)
    owner.save()
    ReflectionFactory(owner=owner, entry_on=TODAY)

    said = text_of(html_of(client))

    assert "The last week has one." in said
    assert "Kept in" not in said


def test_weekly_aim_and_weeks_kept(client, owner):
    owner.date_joined = NOW - timedelta(days=400)
    owner.save()
    for back in range(8):
        ReflectionFactory(owner=owner, entry_on=weeks_back(back))
        if back != 3:
            EntryFactory(owner=owner, entry_on=weeks_back(back) - timedelta(days=2))
    EntryFactory(owner=owner, entry_on=TODAY)

    said = text_of(html_of(client))

    assert "1 of 2 days this week" in said
    assert "Kept in 7 of the last 8 weeks." in said
    assert "2 is what you do in most weeks. Choose what you want." in said
    assert "8 of the last 8 weeks have one." in said


def test_aim_choose(client, owner):
    response = client.post("/journal/patterns/aim/", {"days": "5"}, follow=True)
    client.post("/journal/patterns/aim/", {"days": "4"})

    assert "Aim saved: 5 days a week" in response.content.decode()
    assert WeeklyAim.objects.get(owner=owner).days == 4
    said = text_of(html_of(client))
    assert "0 of 4 days this week" in said
    assert "is what you do in most weeks" not in said


@pytest.mark.parametrize("days", ["", "0", "8", "-1", "x", "1.5", "9" * 5000, "٣", "1\x00"])
def test_aim_choose_bad_input(client, owner, days):
    response = client.post("/journal/patterns/aim/", {"days": days})

    assert response.status_code == 422
    assert "Choose from one to seven days." in response.content.decode()
    assert not WeeklyAim.objects.exists()


def test_aim_is_of_the_person_who_chose_it(client, owner, cast):
    WeeklyAim.objects.create(owner=cast.stranger, days=7)

    assert "0 of 1 day this week" in text_of(html_of(client))
