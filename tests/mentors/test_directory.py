import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.http import QueryDict

from accounts.models import User
from mentors import directory, match
from mentors.directory import Search, statement
from mentors.match import Offer
from mentors.models import Profile, Slot
from tests.factories.accounts import UserFactory
from tests.factories.directory import MarkFactory, SlotFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def user():
    return UserFactory(name="Amara Osei", time_zone="Europe/London")


def mentor(name, **fields):
    return ProfileFactory(owner__name=name, **fields)


def found(user, address=""):
    return directory.find(Search.read(QueryDict(address)), directory.viewer_of(user, now=NOW))


def names(user, address=""):
    return [row.name for row in found(user, address).rows]


def test_only_who_wants_to_be_found_and_neither_blocked_nor_hidden(user):
    listed = mentor("Daniel")
    mentor("Unlisted", is_listed=False)
    mentor("Gone", owner__is_active=False)
    mentor("Leaving", owner__deletion_asked_at=NOW)
    BlockFactory(blocker=mentor("Blocks me").owner, blocked=user)
    BlockFactory(blocker=user, blocked=mentor("Blocked").owner)
    MarkFactory(owner=user, kind="hidden", profile=mentor("Hidden"))
    MarkFactory(kind="hidden", profile=listed)  # somebody else's note
    ProfileFactory(owner=user)

    assert names(user) == ["Daniel"]
    # The one rule of who is shown, in SQL and in the QuerySet:
    shown = Profile.objects.visible_to(user).exclude(owner=user).exclude(marks__owner=user, marks__kind="hidden")
    assert [row.name for row in shown] == ["Daniel"]


@pytest.mark.parametrize(
    "q",
    [
        "Daniel",
        "okafor",
        "DANIEL OKA",
        "interviewing",
        "interview",
        "hospital",
        "healthcare",
        "St Mary",
        "drafts",
        "dan",
    ],
)
def test_words_are_found_in_every_field(user, q):
    mentor(
        "Daniel Okafor",
        headline="Research lead at a hospital group",
        helps_with="I am good at reading drafts.",
        topics=["Interviewing"],
        industry="Healthcare",
        company="St Mary",
    )
    mentor("Grace", headline="Service designer", helps_with="Bring me something.", topics=["Data"])

    assert names(user, f"q={q}") == ["Daniel Okafor"]


def test_every_word_must_fit_and_small_words_do_not_count(user):
    mentor("Daniel", headline="Head of research")
    mentor("Grace", headline="Head of design")

    assert names(user, "q=the+head+of+research") == ["Daniel"]
    assert set(names(user, "q=of")) == {"Daniel", "Grace"}  # where there is nothing else to look for


@pytest.mark.parametrize("q", ["reserch", "resaerch", "intervewing"])
def test_a_word_nobody_wrote_is_taken_for_the_nearest(user, q):
    profile = mentor("Daniel", topics=["Research", "Interviewing"])
    directory_words(profile)

    result = found(user, f"q={q}")

    assert [row.name for row in result.rows] == ["Daniel"]
    assert result.corrected in {"research", "interviewing"}


def directory_words(profile):
    from mentors import services

    services.save_profile(profile=profile, by=profile.owner, at=NOW)


def test_the_nearest_word_of_somebody_hidden_is_not_told(user):
    profile = mentor("Zygmunt")
    directory_words(profile)
    BlockFactory(blocker=profile.owner, blocked=user)

    result = found(user, "q=Zygmnt")

    assert (result.rows, result.corrected) == ([], "")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("free=1", {"Fits"}),
        ("topic=research", {"Fits", "Full"}),
        ("topic=research&topic=data", {"Fits"}),
        ("industry=Law", {"Fits"}),
        ("language=de", {"Fits"}),
        ("zone=mine", {"Fits"}),
        ("hours=mine", {"Fits"}),
        ("kept=1", {"Fits"}),
        ("free=1&topic=research&industry=Law&language=de&zone=mine&hours=mine&kept=1&q=fits", {"Fits"}),
        ("topic=nonsense&industry=Nope&language=xx&sort=evil&after=x", {"Fits", "Full", "Resting"}),
    ],
)
def test_what_is_asked_for_must_be_there(user, address, expected):
    SlotFactory(owner=user)
    fits = mentor(
        "Fits", topics=["Research", "SQL"], industry="Law", languages=["en", "de"], owner__time_zone="Europe/Lisbon"
    )
    SlotFactory(owner=fits.owner)
    MarkFactory(owner=user, profile=fits)
    full = mentor("Full", topics=["Research"], capacity=1, owner__time_zone="Asia/Tokyo")
    MentorshipFactory(mentor=full.owner)
    mentor("Resting", topics=["Hiring"], paused_until=date(2199, 1, 1), owner__time_zone="Asia/Tokyo")

    assert set(names(user, address)) == expected


def test_best_match_first_by_the_same_points_as_they_are_explained(user):
    GoalFactory(owner=user, title="Move into a user research role")
    GoalFactory(owner=user, title="Give a short talk")
    GoalFactory(owner=user, title="Learn the cello", status="paused", paused_on=date(2026, 3, 1))
    SlotFactory(owner=user)
    ProfileFactory(owner=user, industry="Law")
    for name, topics, industry in [
        ("None", ["Hiring"], ""),
        ("One", ["Public speaking"], ""),
        ("Two", ["Research", "Changing careers"], ""),
        ("Cello", ["Cello"], ""),
        ("Industry", ["Hiring"], "Law"),
    ]:
        mentor(name, topics=topics, industry=industry)
    SlotFactory(owner=mentor("Hours", topics=["Hiring"]).owner)
    viewer = directory.viewer_of(user, now=NOW)

    part = statement.page_of(Search(), viewer)
    rows = list(Profile.objects.raw(part.sql, part.values))

    assert [row.name for row in rows] == ["Two", "Hours", "One", "Industry", "Cello", "None"]
    for row in rows:
        slots = tuple(Slot.objects.owned_by(row.owner))
        offer = Offer(frozenset(row.keys), row.industry, row.owner.time_zone, slots)
        assert match.points(viewer.asker, offer, monday=viewer.monday) == row.score
    said = {row.name: row.reasons for row in found(user).rows}
    assert said["Two"] == ["Matches Move into a user research role", "2 of your 3 topics"]
    assert said["Hours"] == ["2 h a week in common"]
    assert said["Industry"] == ["Your industry"]
    assert said["None"] == said["Cello"] == []


def test_who_is_full_or_rests_stands_behind_who_is_free(user):
    GoalFactory(owner=user, title="Research")
    full = mentor("Full", topics=["Research"], capacity=1)
    MentorshipFactory(mentor=full.owner)
    mentor("Free", topics=["Hiring"])
    today = user.today(NOW)
    mentor("Soon", topics=["Hiring"], paused_until=today + timedelta(days=3))
    mentor("Later", topics=["Hiring"], paused_until=today + timedelta(days=30))

    assert names(user)[0] == "Free"
    assert names(user, "sort=soonest") == ["Free", "Soon", "Later", "Full"]
    places = {row.name: row.place for row in found(user).rows}
    assert places["Full"] == "No place free now"
    assert places["Free"] == "2 places free"
    assert places["Soon"].startswith("Nobody new until ")


@pytest.mark.parametrize("sort", ["match", "soonest", "newest"])
def test_pages_show_everybody_once(user, monkeypatch, sort):
    monkeypatch.setattr(statement, "PAGE", 3)
    monkeypatch.setattr(directory, "PAGE", 3)
    GoalFactory(owner=user, title="Get comfortable with SQL")
    for number in range(8):
        mentor(f"Mentor {number}", topics=["Data"] if number % 2 else ["Hiring"])
    seen, address = [], f"sort={sort}"
    while address:
        result = found(user, address)
        assert result.total == 8
        seen += [row.name for row in result.rows]
        address = result.older.partition("?")[2]

    assert len(seen) == len(set(seen)) == 8


@pytest.fixture
def two_compared(monkeypatch):
    """Compare two people, so that a third is one more than fits."""
    monkeypatch.setattr(statement, "CANDIDATES", 2)
    monkeypatch.setattr(directory, "CANDIDATES", 2)


@pytest.mark.parametrize(
    ("number", "address", "said"),
    [
        (2, "", "2 people offer their time"),
        (3, "", "More than 2 people match. Here are 2: a free place,"),
        (3, "?sort=newest", "More than 2 people match; who changed their offer last stands first"),
    ],
)
def test_more_than_are_compared_is_said(client, user, two_compared, number, address, said):
    for each in range(number):
        mentor(f"Mentor {each}")
    client.force_login(user)

    text = client.get(f"/mentors/{address}").content.decode()

    assert said in text


@pytest.mark.parametrize("address", ["", "sort=soonest", "language=en", "q=mentor"])
def test_of_many_who_fit_those_who_would_stand_first_are_compared(user, two_compared, address):
    GoalFactory(owner=user, title="Give a short talk")
    SlotFactory(owner=user)
    for number in range(3):
        mentor(f"Mentor {number}", topics=["Public speaking"], capacity=0)
        mentor(f"Free mentor {number}", topics=["Hiring"])
    mentor("Mentor of talks", topics=["Public speaking"])
    SlotFactory(owner=mentor("Mentor of talks with hours", topics=["Public speaking"]).owner)

    assert names(user, address) == ["Mentor of talks with hours", "Mentor of talks"]


def test_last_changed_first_goes_on_to_everybody(user, two_compared, monkeypatch):
    monkeypatch.setattr(statement, "PAGE", 3)
    monkeypatch.setattr(directory, "PAGE", 3)
    GoalFactory(owner=user, title="Get comfortable with SQL")
    for number in range(8):
        mentor(f"Mentor {number}", topics=["Data", "Hiring"])
    seen, address = [], "sort=newest&topic=hiring"
    while address:
        result = found(user, address)
        seen += [row.name for row in result.rows]
        address = result.older.partition("?")[2]

    assert seen == [f"Mentor {number}" for number in range(7, -1, -1)]


def test_nobody_fits_names_what_to_leave_out(client, user):
    for number in range(3):
        mentor(f"Mentor {number}", topics=["Data"], languages=["en"])
    client.force_login(user)

    text = client.get("/mentors/?topic=data&topic=research").content.decode()

    assert 'href="/mentors/?topic=data#_mentor_directory">Without Research 3 people match' in text
    assert "Without Data" not in text  # without it nobody fits either
    assert 'href="/mentors/invite/"' in text


HOSTILE = [
    "%00",
    "a%00b",
    "'%3B--",
    "%25%25",
    "\\",
    "%5C%27",
    ":*",
    "%26%26",
    "!()",
    "<script>",
    "a" * 5000,
    "%F0%9F%91%A9",
    "%ED%A0%80",
    "%E2%80%AE",
    "_",
    "%CC%81%CC%81",
    "foo_bar",
    "x" * 99,
]


@pytest.mark.parametrize("name", ["q", "topic", "industry", "language", "sort", "after", "readers", "zone"])
def test_no_address_is_an_error(client, user, name):
    mentor("Daniel")
    client.force_login(user)

    for text in HOSTILE:
        response = client.get(f"/mentors/?{name}={text}")

        # A NUL never reaches a view.
        assert response.status_code == (400 if "%00" in text else 200), text
        assert "<script>" not in response.content.decode().partition("_mentor_directory")[2]


@pytest.mark.parametrize("sort", ["match", "newest"])
@pytest.mark.parametrize(
    "after", ["1.2.3", f"{'9' * 17}.999999.{'9' * 18}", f"-{'9' * 17}.0.1", "-100000.0.1", "9" * 18 + ".1.1"]
)
def test_any_page_token_is_answered(client, user, after, sort):
    mentor("Daniel")
    client.force_login(user)

    assert client.get(f"/mentors/?sort={sort}&after={after}").status_code == 200


def test_hostile_names_are_text(client, user):
    mentor("<script>alert(1)</script>", headline='"><img src=x>', topics=["<b>Data</b>"], helps_with="{{ 7 }} {% x %}")
    client.force_login(user)

    text = client.get("/mentors/").content.decode()

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;b&gt;Data" in text


def test_a_fragment_is_the_directory_alone(client, user):
    mentor("Daniel")
    client.force_login(user)

    response = client.get("/mentors/?q=daniel", headers={"hx-request": "true"})

    assert response.content.decode().lstrip().startswith('<section id="_mentor_directory"')
    assert "Daniel" in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "fragment"), [("/mentors/", 3), ("/mentors/?q=daniel&free=1", 3)])
def test_queries_of_the_directory(client, user, number, address, fragment, django_assert_num_queries):
    GoalFactory(owner=user, title="Interview people")
    SlotFactory(owner=user)
    for each in range(number):
        SlotFactory(owner=mentor(f"Daniel {each}").owner)
    client.force_login(user)
    client.get(address)

    with django_assert_num_queries(8):
        client.get(address)
    with django_assert_num_queries(fragment):
        client.get(address, headers={"hx-request": "true"})


def many_mentors(number, **fields):
    people = User.objects.bulk_create([User(email=f"many{n}@example.org", name=f"Many {n}") for n in range(number)])
    shared = {"is_listed": True, "headline": "A", "helps_with": "B", "created_at": NOW, "updated_at": NOW}
    Profile.objects.bulk_create(
        [
            Profile(owner=person, **shared, **{name: value(place) for name, value in fields.items()})
            for place, person in enumerate(people)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mentors_profile")


@pytest.mark.parametrize(("address", "index"), [("", "mentors_profile_search"), ("&free=1", "mentors_profile_open")])
def test_the_index_answers_words_and_must_haves_together(user, address, index):
    """A plan that reads the table grows with it."""
    many_mentors(2000, capacity=lambda place: 1, taken=lambda place: place % 2, keys=lambda place: ["#research"])
    mentor("Daniel", topics=["Research"])
    viewer = directory.viewer_of(user, now=NOW)
    part = statement.counts_of([Search.read(QueryDict(f"q=daniel&topic=research{address}"))], viewer)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + part.sql, part.values)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert f"Bitmap Index Scan on {index}" in plan
    assert "Seq Scan on mentors_profile" not in plan


def rows_read(search, viewer):
    """Return how many rows of the table of profiles one page looks at, whether it shows them or not."""
    part = statement.page_of(search, viewer)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + part.sql, part.values)
        (plan,) = cursor.fetchone()

    def rows_of(node):
        below = sum(rows_of(child) for child in node.get("Plans", []))
        if node.get("Relation Name") != "mentors_profile":
            return below
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        return below + (node["Actual Rows"] + removed) * node["Actual Loops"]

    return rows_of((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def test_a_search_reads_no_more_people_than_it_compares(user):
    """Of 3000 profiles most fit each of these searches; reading all who fit would grow with their number."""
    GoalFactory(owner=user, title="Move into a user research role")
    SlotFactory(owner=user)
    many_mentors(
        3000,
        keys=lambda place: ["#research"] if place % 2 else ["#hiring"],
        languages=lambda place: ["de"] if place % 3 else ["en"],
        halves=lambda place: list(range(place % 300, place % 300 + 4)),
        capacity=lambda place: place % 5,
    )
    viewer = directory.viewer_of(user, now=NOW)
    most = {
        "": 2,  # a fifth has no place and is passed over
        "sort=soonest": 2,
        "q=many": 2,
        "free=1&topic=research&language=de": 2,  # few have the hours of the viewer: two legs
        "topic=hiring&language=de": 2,
        "hours=mine": 3,
        "sort=newest": 2,  # nobody is compared: counted, and a page
        "sort=newest&free=1&topic=research&language=de": 4,  # counted, and stretches that are guessed too wide at first
        "sort=newest&hours=mine": 3,
    }

    read = {address: rows_read(Search.read(QueryDict(address)), viewer) for address in most}

    compared, page = statement.CANDIDATES + 1, statement.PAGE + 1
    assert {address: rows for address, rows in read.items() if rows > most[address] * compared + page} == {}


def test_times_of_slots_come_back_as_times():
    assert directory._hours([[0, "17:00:00", "19:30:00"]]) == ((0, time(17), time(19, 30)),)
