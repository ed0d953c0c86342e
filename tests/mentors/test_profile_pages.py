from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.zones import change_zone
from mentors.alternatives import alternatives
from mentors.models import Profile, Slot
from tests.factories.accounts import UserFactory
from tests.factories.directory import MarkFactory, SlotFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
FILLED = {
    "is_listed": "on",
    "headline": "Research lead, 14 years in",
    "helps_with": "I read drafts.",
    "asks_for": "- Send something the day before\n- Say when it is not working",
    "topics": "Interviewing, interviewing ,Changing careers,, ",
    "industry": "Healthcare",
    "company": "St Mary",
    "languages": "English, german",
    "capacity": "3",
    "hours_a_month": "2",
    "answers_within": "7",
    "paused_until": "",
}


@pytest.fixture
def user(client):
    user = UserFactory(name="Daniel Okafor", time_zone="Africa/Lagos")
    client.force_login(user)
    return user


def test_a_profile_is_written_and_found(client, user):
    response = client.post("/mentors/profile/", FILLED)

    profile = Profile.objects.get(owner=user)
    assert response.url == f"/mentors/{profile.pk}/"
    assert (profile.topics, profile.languages) == (["Interviewing", "Changing careers"], ["en", "de"])
    assert (profile.name, profile.zone, profile.capacity) == ("Daniel Okafor", "Africa/Lagos", 3)
    assert "#interviewing" in profile.keys
    text = text_of(client.get(response.url))
    assert "This is how others see you" in text
    assert "Africa/Lagos" in text
    other = UserFactory(time_zone="Europe/London")
    client.force_login(other)
    text = text_of(client.get("/mentors/?q=interview"))
    assert "Daniel Okafor" in text
    assert "3 places free" in text
    assert "Usually answers in a week" in text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("headline", "", "Say in a line who you are"),
        ("headline", "x" * 121, "at most 120 characters"),
        ("helps_with", "", "Say what you can help with"),
        ("helps_with", "x" * 1001, "at most 1000 characters"),
        ("topics", ", ".join(f"Topic {n}" for n in range(13)), "12 are enough. You have 13 here."),
        ("topics", "x" * 41, "Put commas between them"),
        ("industry", "Wizardry", "That choice is not there any more."),
        ("languages", "Klingon", "We do not know the language “Klingon”"),
        ("capacity", "", "Say how many people you can look after."),
        ("capacity", "21", "Nobody looks after more than 20 people well."),
        ("capacity", "-1", "Use 0 or more."),
        ("capacity", "1e9999", "Enter a whole number"),
        ("hours_a_month", "0", "Use 1 or more."),
        ("hours_a_month", "9" * 400, "Use 40 or less."),
        ("answers_within", "many", "Enter a whole number"),
        ("paused_until", "someday", "Use a date, like 2027-03-15."),
        ("paused_until", "2199-01-01", "Choose a day within a year."),
    ],
)
def test_bad_input_is_said_and_comes_back(client, user, field, typed, said):
    response = client.post("/mentors/profile/", FILLED | {field: typed})

    assert response.status_code == 422
    text = text_of(response)
    assert said in text
    assert "This has not been saved yet" in text
    assert "Send something the day before" in text
    assert not Profile.objects.exists()
    if typed and field not in {"industry"}:
        assert typed[:100] in text


def test_what_nobody_finds_needs_no_words(client, user):
    client.post("/mentors/profile/", {"capacity": "2"})

    profile = Profile.objects.get(owner=user)
    assert not profile.is_listed
    assert "Nobody can" in text_of(client.get(profile.get_absolute_url()))


def test_who_has_no_name_is_asked_for_one(client):
    client.force_login(UserFactory(name=""))

    assert "Give your name in the settings first" in text_of(client.post("/mentors/profile/", FILLED))


def test_no_nul_and_no_hidden_marks_are_stored(client, user):
    client.post("/mentors/profile/", FILLED | {"headline": "Re\u202esearch\u200b lead", "topics": "\u200b, Data"})

    profile = Profile.objects.get(owner=user)
    assert (profile.headline, profile.topics) == ("Research lead", ["Data"])


def test_a_profile_follows_its_owner_and_their_mentees(user):
    profile = ProfileFactory(owner=user)
    mentorships = [MentorshipFactory(mentor=user), MentorshipFactory(mentor=user)]
    MentorshipFactory(mentor=user, kind="colleague")
    MentorshipFactory(mentor=user, ended=True)
    profile.refresh_from_db()
    assert profile.taken == profile.places_taken() == 2

    mentorships[0].end(at=NOW)
    mentorships[1].delete()
    user.name, user.time_zone, user.deletion_asked_at = "Dan", "Asia/Tokyo", NOW
    user.save()

    profile.refresh_from_db()
    assert (profile.taken, profile.name, profile.zone, profile.is_here) == (0, "Dan", "Asia/Tokyo", False)
    user.keep_account()
    profile.refresh_from_db()
    assert profile.is_here


def test_the_card_explains_itself(client, user):
    profile = ProfileFactory(
        owner__name="Grace Mbeki",
        owner__time_zone="Europe/London",
        topics=["Public speaking"],
        asks_for="- Bring something half finished",
        company="City council",
    )
    SlotFactory(owner=profile.owner, starts_at=time(9), ends_at=time(11))
    GoalFactory(owner=user, title="Give a short talk")

    text = text_of(client.get(f"/mentors/{profile.pk}/"))

    assert "Matches Give a short talk" in text
    assert "<li>Bring something half finished</li>" in text
    assert "Wednesday 09:00 to 11:00" in text
    assert "by Grace’s clock" in text
    assert profile.owner.email not in text
    assert "Report Grace" in text
    assert "Block Grace" in text


def test_somebody_who_reads_along_is_not_asked_again(client, user):
    profile = ProfileFactory(capacity=1)
    mentorship = MentorshipFactory(mentee=user, mentor=profile.owner)

    text = text_of(client.get(f"/mentors/{profile.pk}/"))

    assert f'href="/mentorships/{mentorship.pk}/"' in text
    assert "Tell me when free" not in text


def test_hostile_words_on_a_card_are_text(client, user):
    profile = ProfileFactory(owner__name='"><script>x</script>', helps_with="<img src=x>", asks_for="<b>x</b>")

    text = text_of(client.get(f"/mentors/{profile.pk}/"))

    assert "<script>x" not in text
    assert "<img src=x>" not in text
    assert "<b>x" not in text


def test_hours_are_added_and_taken_away(client, user):
    profile = ProfileFactory(owner=user)

    client.post("/mentors/hours/", {"weekday": "0", "starts_at": "17:00", "ends_at": "18:00"})

    profile.refresh_from_db()
    assert profile.halves == [32, 33]  # Lagos is an hour ahead of UTC: 16:00 to 17:00 on Monday
    slot = Slot.objects.get(owner=user)
    assert "Monday 17:00 to 18:00" in text_of(client.get("/mentors/hours/"))
    client.post(f"/mentors/hours/{slot.pk}/remove/")
    profile.refresh_from_db()
    assert (profile.halves, Slot.objects.count()) == ([], 0)


def test_hours_follow_a_move(user):
    profile = ProfileFactory(owner=user)
    SlotFactory(owner=user, weekday=0, starts_at=time(17), ends_at=time(18))

    change_zone(user=user, zone=ZoneInfo("Asia/Tokyo"), at=NOW)

    profile.refresh_from_db()
    assert profile.halves == [16, 17]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weekday": "7"}, "That choice is not there any more."),
        ({"starts_at": "17:10"}, "That choice is not there any more."),
        ({"ends_at": "17:00"}, "The end comes after the start."),
        ({"ends_at": "\x00"}, "That choice is not there any more."),
        ({"starts_at": "18:30", "ends_at": "20:00"}, "overlap"),
        ({"weekday": ""}, "Choose one of these."),
    ],
)
def test_hours_that_cannot_be(client, user, typed, said):
    SlotFactory(owner=user, weekday=2, starts_at=time(18), ends_at=time(19))

    response = client.post("/mentors/hours/", {"weekday": "2", "starts_at": "17:00", "ends_at": "18:00"} | typed)

    assert response.status_code == 422
    assert said in text_of(response)
    assert Slot.objects.count() == 1


def test_there_is_an_end_to_hours(client, user):
    for number in range(14):
        SlotFactory(owner=user, weekday=number % 7, starts_at=time(8 + number // 7), ends_at=time(8 + number // 7, 30))

    response = client.post("/mentors/hours/", {"weekday": "2", "starts_at": "17:00", "ends_at": "18:00"})

    assert "14 are enough" in text_of(response)


@pytest.mark.parametrize("kind", ["kept", "hidden", "watched"])
def test_notes_are_made_and_taken_back(client, user, kind):
    profile = ProfileFactory(owner__name="Grace Mbeki")

    for _ in range(2):  # twice is the same as once
        client.post(f"/mentors/{profile.pk}/mark/", {"kind": kind})
    assert text_of(client.get("/mentors/marks/")).count("Take back: ") == 1
    assert ("Grace Mbeki" in text_of(client.get("/mentors/"))) is (kind != "hidden")

    response = client.post(f"/mentors/{profile.pk}/mark/", {"kind": kind, "on": "0", "back": "list"})

    assert response.url == "/mentors/marks/"
    assert "Nothing yet." in text_of(client.get("/mentors/marks/"))
    assert "Grace Mbeki" in text_of(client.get("/mentors/"))


@pytest.mark.parametrize("data", [{}, {"kind": "loved"}, {"kind": "\x00"}])
def test_no_other_notes(client, user, data):
    assert client.post(f"/mentors/{ProfileFactory().pk}/mark/", data).status_code == 404


def test_a_block_parts_two_people(client, user):
    profile = ProfileFactory(owner__name="Grace Mbeki")
    own = ProfileFactory(owner=user)
    assert "Block Grace Mbeki?" in text_of(client.get(f"/mentors/{profile.pk}/block/"))

    client.post(f"/mentors/{profile.pk}/block/")

    assert client.get(f"/mentors/{profile.pk}/").status_code == 404
    assert "Grace" not in text_of(client.get("/mentors/", headers={"hx-request": "true"}))
    assert "Grace Mbeki" in text_of(client.get("/mentors/blocks/"))
    client.force_login(profile.owner)
    assert client.get(f"/mentors/{own.pk}/").status_code == 404
    assert "Daniel" not in text_of(client.get("/mentors/", headers={"hx-request": "true"}))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("/mentors/marks/", 3), ("/mentors/hours/", 3), ("/mentors/profile/", 4)]
)
def test_queries(client, user, number, path, queries, django_assert_num_queries):
    ProfileFactory(owner=user)
    for each in range(number):
        MarkFactory(owner=user)
        SlotFactory(owner=user, weekday=each)
    client.get(path)

    with django_assert_num_queries(queries):
        client.get(path)


def test_queries_of_a_card(client, user, django_assert_num_queries):
    profile = ProfileFactory()
    client.get(f"/mentors/{profile.pk}/")

    with django_assert_num_queries(7):
        client.get(f"/mentors/{profile.pk}/")


def test_a_pause_is_shown_and_ends(client, user):
    today = user.today(NOW)
    profile = ProfileFactory(paused_until=today + timedelta(days=40))
    text = text_of(client.get(f"/mentors/{profile.pk}/"))
    assert "Nobody new until" in text
    assert "Tell me when free" in text

    Profile.objects.update(paused_until=date(2026, 1, 1))

    assert "2 places free" in text_of(client.get(f"/mentors/{profile.pk}/"))


def test_whom_somebody_hid_is_not_named_instead_of_another(user):
    asked, other, hidden = (ProfileFactory(topics=["Research"]) for _ in range(3))
    MarkFactory(owner=user, profile=hidden, kind="hidden")
    MarkFactory(owner=user, profile=other, kind="kept")
    MarkFactory(profile=other, kind="hidden")  # somebody else's note

    assert alternatives(asker=user, instead_of=asked.owner, now=NOW) == [other]


def test_somebody_is_named_instead_of_a_mentor_whose_account_is_gone(user):
    other = ProfileFactory(topics=["Research"])

    assert alternatives(asker=user, instead_of=None, now=NOW) == [other]
