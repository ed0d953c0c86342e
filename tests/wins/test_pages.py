import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.factories.wins import ADDED_AT, WinFactory
from tests.races import at_once
from wins import services
from wins.models import Win
from wins.tasks import housekeeping

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # Saturday
HTMX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def _saturday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner)
    return cast.owner


def text_of(response):
    return response.content.decode()


# Adding --------------------------------------------------------------------------------------------------------------


def test_add_in_one_line_counts_for_today(client, owner):
    response = client.post("/wins/new/", {"text": "  Said no.\u202e "}, follow=True)

    win = Win.objects.get()
    assert (win.owner, win.text, win.happened_on) == (owner, "Said no.", date(2026, 11, 21))
    assert f'action="/wins/{win.pk}/delete/"' in text_of(response), "the toast takes it back"
    assert response.redirect_chain == [("/wins/", 302)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_add_counts_for_the_owners_own_today(client, owner, zone):
    owner.time_zone = zone
    owner.save()

    client.post("/wins/new/", {"text": "Here"})

    assert Win.objects.get().happened_on == date(2026, 11, 22 if zone == "Pacific/Kiritimati" else 21)


@pytest.mark.parametrize(
    ("top", "where"),
    [("2026-11", "afterbegin:#wall-2026-11"), ("2026-10", "afterbegin:#wins"), ("", "innerHTML:#wins")],
)
def test_add_by_htmx_puts_the_card_on_top(client, owner, top, where):
    response = client.post("/wins/new/", {"text": "Said <no>", "top": top}, headers=HTMX)

    html = text_of(response)
    assert f'hx-swap-oob="{where}"' in html
    assert html.count("Said &lt;no&gt;") == 1
    assert 'name="top" value="2026-11"' in html
    assert 'id="_win_said" hx-swap-oob="true">1 win in 1 of the last 26 weeks. ' in html
    assert '"undo": "/wins/' in response["HX-Trigger"]


def test_add_twice_within_a_minute_is_one_win(client, owner):
    for _ in range(2):
        client.post("/wins/new/", {"text": "Said no."})
    assert Win.objects.count() == 1

    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        client.post("/wins/new/", {"text": "Said no."})
    assert Win.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": " "}, "Say in a few words what went well."),
        ({"text": "\u200d"}, "Please use at least one letter or number."),
        ({"text": "Long " * 80}, "That is long for one line."),
        ({"text": "Nul\x00", "happened_on": "2026-11-22"}, "That day has not come yet."),
        ({"text": "Old", "happened_on": "0001-01-01"}, "Use a date between 1900 and 2200."),
        ({"text": "Goal", "goal": "9" * 30}, "That goal is no longer there."),
        ({"text": "Goal", "goal": "x"}, "That goal is no longer there."),
    ],
)
def test_add_with_bad_input_keeps_what_was_typed(client, owner, data, said):
    response = client.post("/wins/new/", data)

    assert response.status_code == 422
    assert said in text_of(response)
    assert data["text"].strip().replace("\x00", "") in text_of(response)
    assert not Win.objects.exists()


@pytest.mark.parametrize(("typed", "said"), [("", "Say in a few words what went well."), ("Long" * 80, "That is long")])
def test_add_by_htmx_with_bad_input_gives_the_bar_back(client, owner, typed, said):
    response = client.post("/wins/new/", {"text": typed, "top": "2026-11"}, headers=HTMX)

    assert response.status_code == 422
    assert said in text_of(response)
    assert f'value="{typed.strip()}"' in text_of(response)
    assert 'name="top" value="2026-11"' in text_of(response)


def test_add_for_a_goal_of_somebody_else_stores_nothing(client, owner, cast):
    theirs = GoalFactory(owner=cast.stranger, title="NOTMINE")
    step = MilestoneFactory(goal=theirs, title="NOTMINESTEP")

    page = client.get(f"/wins/new/?goal={theirs.pk}&milestone={step.pk}")
    refused = [
        client.post("/wins/new/", {"text": "x", name: row.pk}) for name, row in (("goal", theirs), ("milestone", step))
    ]

    assert page.status_code == 200
    assert [response.status_code for response in refused] == [422, 422]
    assert not [one for one in (page, *refused) if "NOTMINE" in text_of(one)]
    assert not Win.objects.exists()


def test_add_for_a_milestone_brings_its_goal(client, owner):
    step = MilestoneFactory(goal__owner=owner, title="First three done")
    page = text_of(client.get(f"/wins/new/?milestone={step.pk}"))

    assert f'<option value="{step.goal_id}" selected>{step.goal.title}</option>' in page
    assert 'value="First three done"' in page
    client.post("/wins/new/", {"text": "Three", "milestone": step.pk, "goal": step.goal_id})
    client.post("/wins/new/", {"text": "Bar", "milestone": step.pk})
    client.post("/wins/new/", {"text": "None after all", "milestone": step.pk, "goal": ""})

    assert [(win.text, win.goal, win.milestone) for win in Win.objects.order_by("pk")] == [
        ("Three", step.goal, step), ("Bar", step.goal, step), ("None after all", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("wanted", ["/", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:x"])
def test_add_goes_on_to_pages_of_this_site_only(client, owner, wanted):
    response = client.post("/wins/new/", {"text": "x", "next": wanted})

    assert response["Location"] == ("/" if wanted == "/" else "/wins/")


# The wall ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_wall_asks_the_same_for_any_number_of_rows(client, owner, cast, rows, django_assert_num_queries):
    for _ in range(rows):
        WinFactory(owner=owner, goal=GoalFactory(owner=owner), shared_with=[cast.mentorship])
    client.get("/wins/")
    with CaptureQueriesContext(connection) as bin_page:
        client.get("/wins/bin/")

    with django_assert_num_queries(len(bin_page) + 1):  # the visitor, the wins and the frame; and the half year
        html = text_of(client.get("/wins/"))

    assert html.count('class="win"') == rows
    assert html.count("Visible to Mina") == rows


def test_wall_by_month_with_large_stars(client, owner):
    WinFactory(owner=owner, text="November")
    WinFactory(owner=owner, text="Starred", happened_on=date(2026, 10, 2), starred=True)
    WinFactory(owner=owner, text="Last year", happened_on=date(2025, 10, 2))

    html = text_of(client.get("/wins/"))

    assert re.findall(r'<h2 class="month[^>]*>([^<]+)<', html) == ["November", "October", "October 2025"]
    assert html.count('class="win big"') == 1
    assert "2 wins in 2 of the last 26 weeks." in html
    assert "November" not in text_of(client.get("/wins/?show=starred")).split('id="wins"')[1]


def test_wall_shows_older_ones_once_each(client, owner):
    for number in range(27):
        WinFactory(owner=owner, text=f"Number {number}.", happened_on=date(2026, 11, 20) - timedelta(days=number))
    html = text_of(client.get("/wins/"))
    older = re.search(r'hx-get="([^"]+)"', html.split('id="pager"')[1]).group(1).replace("&amp;", "&")

    plain = text_of(client.get(older))
    fragment = text_of(client.get(older, headers=HTMX))

    found = re.findall(r"Number (\d+)\.", html) + re.findall(r"Number (\d+)\.", fragment)
    assert sorted(map(int, found)) == list(range(27))
    assert "<h2" not in fragment, "the wall already ends with October"
    assert "Number 26." in plain
    assert len(html) < 40_000


def test_wall_without_wins_says_what_it_is_for(client, owner):
    html = text_of(client.get("/wins/"))

    assert "No wins yet" in html
    assert text_of(client.get("/wins/?show=starred")).count("Nothing is starred") == 1
    assert text_of(client.get("/wins/?show=shared")).count("Nothing is shared") == 1
    assert client.get("/wins/?show=x&after=y&month=x").status_code == 200


def test_goal_in_the_bin_is_no_link(client, owner):
    goal = GoalFactory(owner=owner, title="Thrown away", deleted_at=ADDED_AT)
    win = WinFactory(owner=owner, goal=goal)

    assert "Thrown away" not in text_of(client.get("/wins/"))
    assert "Thrown away" not in text_of(client.get(win.get_absolute_url()))


# One win -------------------------------------------------------------------------------------------------------------


def test_detail_shows_a_reader_the_goal_only_if_they_read_it_too(client, cast):
    goal = GoalFactory(owner=cast.owner, title="The goal behind it")
    win = WinFactory(owner=cast.owner, goal=goal, shared_with=[cast.mentorship])
    client.force_login(cast.mentor)

    before = text_of(client.get(win.get_absolute_url()))
    goal.shared_with.add(cast.mentorship)
    after = text_of(client.get(win.get_absolute_url()))

    assert "The goal behind it" not in before
    assert "The goal behind it" in after
    assert "/edit/" not in after
    assert "Who can read this" not in after


def test_detail_as_a_reader_is_a_preview_without_forms(client, owner, cast):
    win = WinFactory(owner=owner, shared_with=[cast.mentorship])

    html = text_of(client.get(f"{win.get_absolute_url()}?as={cast.mentorship.pk}"))

    assert "This is what <b>Mina Mentor</b> sees" in html
    assert "/edit/" not in html
    for wrong in (cast.colleagueship.pk, cast.former_mentorship.pk, "x", "9" * 30, 10**9):
        assert client.get(f"{win.get_absolute_url()}?as={wrong}").status_code == 404


def test_edit_and_star(client, owner):
    win = WinFactory(owner=owner)
    client.post(f"/wins/{win.pk}/edit/", {"text": "Better", "happened_on": "2026-11-01", "note": "How", "version": "1"})
    for on in ("1", "1", "0", "1"):
        client.post(f"/wins/{win.pk}/star/", {"on": on})

    win.refresh_from_db()
    assert (win.text, win.happened_on, win.note, win.is_starred, win.version) == (
        "Better", date(2026, 11, 1), "How", True, 2,
    )  # fmt: skip


def test_stale_edit_shows_both_versions_and_loses_neither(client, owner):
    win = WinFactory(owner=owner, text="Stored meanwhile", version=2)
    mine = {"text": "Typed here", "happened_on": "2026-11-01", "version": "1"}

    response = client.post(f"/wins/{win.pk}/edit/", mine)

    html = text_of(response)
    assert response.status_code == 409
    assert "Stored meanwhile" in html
    assert 'value="Typed here"' in html
    assert 'name="version" value="2"' in html
    win.refresh_from_db()
    assert win.text == "Stored meanwhile"


def test_delete_undo_and_bin(client, owner, cast):
    win = WinFactory(owner=owner, text="Come back", shared_with=[cast.mentorship])
    for _ in range(2):
        html = text_of(client.post(f"/wins/{win.pk}/delete/", follow=True))
        assert f'action="/wins/{win.pk}/restore/"' in html
    assert not Win.objects.visible_to(cast.mentor).exists()
    assert client.get(win.get_absolute_url()).status_code == 404
    assert "Come back" in text_of(client.get("/wins/bin/"))

    for _ in range(2):
        assert client.post(f"/wins/{win.pk}/restore/")["Location"] == win.get_absolute_url()

    assert not win.shared_with.exists()


def test_housekeeping_erases_after_thirty_days(owner):
    WinFactory(owner=owner, deleted_at=NOW - timedelta(days=29))
    WinFactory(owner=owner, deleted_at=NOW - timedelta(days=31))

    for _ in range(2):
        housekeeping()

    assert Win.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_adds_at_once_are_one_win(cast):
    def add():
        return services.add_win(win=Win(text="Once", happened_on=NOW.date()), by=cast.owner, at=NOW)

    first, second = at_once(add, add)

    assert first == second
    assert Win.objects.count() == 1
