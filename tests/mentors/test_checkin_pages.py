"""The pages about check-ins: what is typed, what comes back, what both see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from mentors.models import Action, Advice, AgendaPoint, CheckIn, Note
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import (
    ActionFactory,
    AdviceFactory,
    AgendaPointFactory,
    AgreementFactory,
    CheckInFactory,
    NoteFactory,
    ProposedTimeFactory,
)
from tests.factories.wins import WinFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def relation(cast):
    for person, zone in ((cast.owner, "Europe/London"), (cast.mentor, "Europe/Stockholm")):
        person.time_zone = zone
        person.save()
    return cast.mentorship


@pytest.fixture
def base(relation):
    return f"/mentorships/{relation.pk}/check-ins/"


def day(distance):
    return (timezone.now() + timedelta(days=distance)).date().isoformat()


def typed(**more):
    return {"day_1": day(5), "time_1": "17:30", "minutes": "45", "channel": "video", "place": ""} | more


def test_propose_three_times(client, owner, base):
    response = client.post(
        f"{base}new/", typed(day_2=day(6), time_2="08:00", day_3=day(7), time_3="09:15"), follow=True
    )

    check_in = CheckIn.objects.get()
    assert [f"{time.starts_at.astimezone(owner.time_zone):%H:%M}" for time in check_in.times.all()] == [
        "17:30", "08:00", "09:15"
    ]  # fmt: skip
    assert "Waiting for Mina" in text_of(response)


def test_a_proposal_begins_with_what_was_agreed(client, owner, relation, base):
    AgreementFactory(mentorship=relation, state="replaced", minutes=15, channel="person", rhythm=7)
    AgreementFactory(mentorship=relation, number=2, minutes=30, channel="phone", rhythm=30)
    AgreementFactory(mentorship=relation, number=3, minutes=60, channel="video", rhythm=7, proposed=True)

    form = client.get(f"{base}new/").context["form"]

    assert (form["minutes"].value(), form["channel"].value(), form["repeats_every"].value()) == (30, "phone", 28)


def test_a_second_row_is_not_offered(client, owner, relation, base):
    AgreementFactory(mentorship=relation, rhythm=14)
    CheckInFactory(mentorship=relation, repeats_every=14)

    assert client.get(f"{base}new/").context["form"]["repeats_every"].value() is None


def test_writing_down_a_past_one_begins_with_what_was_agreed(client, owner, relation, base):
    AgreementFactory(mentorship=relation, minutes=30, channel="phone")

    form = client.get(f"{base}log/").context["form"]

    assert (form["minutes"].value(), form["channel"].value()) == (30, "phone")


def test_a_proposal_of_two_who_agreed_on_nothing_begins_with_the_usual(client, owner, base):
    form = client.get(f"{base}new/").context["form"]

    assert (form["minutes"].value(), form["channel"].value(), form["repeats_every"].value()) == (45, "video", None)


def test_times_can_be_looked_at_on_both_clocks_first(client, owner, base):
    response = client.post(f"{base}new/", typed(look="1"))

    assert "18:30 for Mina" in text_of(response)
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"day_1": ""}, "Choose a day."),
        ({"time_1": ""}, "Choose a time."),
        ({"day_1": "9999-12-31"}, "between 1900 and 2200"),
        ({"day_1": "0001-01-01"}, "between 1900 and 2200"),
        ({"day_1": "2199-12-31"}, "within a year"),
        ({"day_1": day(-3)}, "This has passed"),
        ({"day_1": "tomorrow"}, "Use a date"),
        ({"time_1": "25:99"}, "Use a time"),
        ({"day_2": day(5), "time_2": "17:30"}, "propose this time already"),
        ({"day_2": day(6)}, "Choose a time too"),
        ({"time_3": "10:00"}, "Choose a day too"),
        ({"minutes": "5"}, "ten minutes at least"),
        ({"minutes": "9" * 400}, "Eight hours"),
        ({"minutes": "many"}, "whole number"),
        ({"channel": "smoke"}, "That choice is not there any more."),
        ({"repeats_every": "30"}, "That choice is not there any more."),
        ({"place": "x" * 301}, "at most 300"),
    ],
)
def test_bad_proposals_come_back_as_typed(client, owner, base, wrong, says):
    response = client.post(f"{base}new/", typed(**({"place": "Café in town"} | wrong)))

    assert response.status_code == 422
    assert says in text_of(response).replace("&#x27;", "'")
    if "place" not in wrong:
        assert "Café in town" in text_of(response)
    assert not CheckIn.objects.exists()


def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first(
    client, owner, base, monkeypatch
):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 3, 1, 9, tzinfo=UTC))
    gap = client.post(f"{base}new/", typed(day_1="2027-03-28", time_1="01:30"))
    assert gap.status_code == 422
    assert "The clocks skip 01:30 on 28 March" in text_of(gap)

    assert client.post(f"{base}new/", typed(day_1="2027-10-31", time_1="01:30")).status_code == 302
    assert CheckIn.objects.get().times.get().starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_pick_one_of_them(client, cast, base, relation):
    client.force_login(cast.mentor)
    offered = CheckInFactory(mentorship=relation, proposed=True, proposer=cast.owner)
    time = ProposedTimeFactory(check_in=offered)
    assert "Olive proposes" in text_of(client.get(offered.get_absolute_url()))

    response = client.post(f"{offered.get_absolute_url()}pick/", {"time": time.pk}, follow=True)

    assert "Agreed" in text_of(response)
    offered.refresh_from_db()
    assert offered.state == "planned"


@pytest.mark.parametrize("number", ["", "abc", "9" * 400, "-1", "1.5", "٣"])
def test_a_time_that_is_no_number_is_409(client, cast, relation, number):
    client.force_login(cast.mentor)
    offered = ProposedTimeFactory(check_in__mentorship=relation, check_in__proposer=cast.owner).check_in

    response = client.post(f"{offered.get_absolute_url()}pick/", {"time": number})

    assert response.status_code == 409
    assert "no longer proposed" in text_of(response)


def test_the_second_tab_that_picks_is_told_how_it_stands(client, cast, relation):
    client.force_login(cast.mentor)
    offered = CheckInFactory(mentorship=relation, proposed=True, proposer=cast.owner)
    first, second = (ProposedTimeFactory(check_in=offered, place=place) for place in (1, 2))
    client.post(f"{offered.get_absolute_url()}pick/", {"time": first.pk})

    response = client.post(f"{offered.get_absolute_url()}pick/", {"time": second.pk})

    assert response.status_code == 409
    assert "a moment faster" in text_of(response)
    offered.refresh_from_db()
    assert offered.starts_at == first.starts_at


def test_a_cancelled_one_cannot_be_cancelled_again(client, owner, relation):
    gone = CheckInFactory(mentorship=relation, cancelled=True)

    response = client.post(f"{gone.get_absolute_url()}cancel/")

    assert response.status_code == 409
    assert "was cancelled" in text_of(response)


@pytest.mark.parametrize("ahead", [True, False])
def test_the_list(client, owner, relation, base, ahead):
    CheckInFactory(mentorship=relation, held=True)
    if ahead:
        CheckInFactory(mentorship=relation)
    AgendaPointFactory(mentorship=relation)

    page = text_of(client.get(base))

    assert ("None planned" in page) is not ahead
    assert "How do I know when I have heard enough?" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(client, owner, relation, base, rows, django_assert_max_num_queries):
    for number in range(rows):
        CheckInFactory(mentorship=relation, starts_at=timezone.now() + timedelta(days=number + 1))
        CheckInFactory(mentorship=relation, held=True)
        AgendaPointFactory(mentorship=relation)
    client.get(base)

    with django_assert_max_num_queries(7):  # session, person, frame; relation, ahead, earlier, points
        client.get(base)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("about", "queries"),
    [
        ({"proposed": True}, 8),
        ({}, 8),
        ({"starts_at": timezone.now() - timedelta(days=1), "repeats_every": 14}, 8),
        ({"held": True}, 5),
        ({"state": "missed"}, 5),
    ],
    ids=["proposed", "planned", "over", "held", "missed"],
)
def test_the_page_asks_as_much_for_one_as_for_three(
    client, owner, relation, rows, about, queries, django_assert_num_queries
):
    last = CheckInFactory(mentorship=relation, held=True, starts_at=timezone.now() - timedelta(days=20))
    check_in = CheckInFactory(mentorship=relation, **about)
    since = timezone.now() - timedelta(days=5)
    for number in range(rows):
        AgendaPointFactory(mentorship=relation)
        ActionFactory(check_in=last)
        AdviceFactory(check_in=last)
        ProposedTimeFactory(check_in=check_in, place=number + 1, starts_at=timezone.now() + timedelta(days=number + 1))
        goal = GoalFactory(owner=owner, shared_with=[relation])
        MilestoneFactory(goal=goal, done_at=since)
        ProgressUpdateFactory(goal=goal, created_at=since)
        EntryFactory(owner=owner, finished_at=since).shared_with.add(relation)
        WinFactory(owner=owner, created_at=since, shared_with=[relation])
    NoteFactory(check_in=check_in)
    client.get(check_in.get_absolute_url())

    with django_assert_num_queries(queries):
        client.get(check_in.get_absolute_url())


def test_points_carry_over_until_they_are_ticked(client, owner, relation, base):
    client.post(f"{base}points/new/", {"text": "Silence"})
    point = AgendaPoint.objects.get()
    first, second = CheckInFactory(mentorship=relation), CheckInFactory(mentorship=relation)
    assert "Silence" in text_of(client.get(first.get_absolute_url()))

    client.post(f"{first.get_absolute_url()}points/{point.pk}/tick/", {"done": "1"})

    assert "Silence" in text_of(client.get(first.get_absolute_url()))
    assert "Silence" not in text_of(client.get(second.get_absolute_url()))
    client.post(f"{first.get_absolute_url()}points/{point.pk}/tick/", {"done": ""})
    assert "Silence" in text_of(client.get(second.get_absolute_url()))


@pytest.mark.parametrize("text", ["", "x" * 201, "\u200b", "   "])
def test_bad_points_come_back(client, owner, base, text):
    response = client.post(f"{base}points/new/", {"text": text})

    assert response.status_code == 422
    assert not AgendaPoint.objects.exists()


def test_the_list_holds_as_much_as_one_conversation(client, owner, relation, base):
    for _ in range(30):
        AgendaPointFactory(mentorship=relation)

    response = client.post(f"{base}points/new/", {"text": "One more"})

    assert response.status_code == 422
    assert "more than one conversation holds" in text_of(response)


def test_a_next_elsewhere_is_not_followed(client, owner, base):
    response = client.post(f"{base}points/new/", {"text": "x", "next": "//evil.example/"})

    assert response["Location"] == base


def note(kind, text, version=0):
    return {"kind": kind, f"{kind}-text": text, f"{kind}-version": version}


def test_two_people_write_beside_each_other(client, cast, relation):
    check_in = CheckInFactory(mentorship=relation)
    url = check_in.get_absolute_url()
    client.force_login(cast.owner)
    client.post(f"{url}note/", note("shared", "From Olive for both"))
    client.post(f"{url}note/", note("private", "Of Olive alone"))
    client.force_login(cast.mentor)
    client.post(f"{url}note/", note("shared", "From Mina for both"))

    page = text_of(client.get(url))

    assert "From Olive for both" in page
    assert "From Mina for both" in page
    assert "Of Olive alone" not in page
    assert Note.objects.count() == 3


def test_a_second_tab_sees_both_and_may_replace_knowingly(client, owner, relation):
    check_in = CheckInFactory(mentorship=relation)
    url = f"{check_in.get_absolute_url()}note/"
    client.post(url, note("private", "First"))
    client.post(url, note("private", "Second", 1))

    response = client.post(url, note("private", "Typed in the old tab", 1))

    assert response.status_code == 409
    assert "Second" in text_of(response)
    assert "Typed in the old tab" in text_of(response)
    assert 'value="2"' in text_of(response)
    client.post(url, note("private", "Typed in the old tab", 2))
    assert Note.objects.get().text == "Typed in the old tab"


def test_the_autosave_brings_the_version_of_the_next_one(client, owner, relation):
    url = f"{CheckInFactory(mentorship=relation).get_absolute_url()}note/"

    response = client.post(url, note("shared", "x"), headers={"hx-request": "true"})

    assert 'name="shared-version"' in text_of(response)
    assert 'value="1"' in text_of(response)
    stale = client.post(url, note("shared", "y"), headers={"hx-request": "true"})
    assert stale.status_code == 409
    assert "Changed in another tab" in text_of(stale)


def test_notes_are_encrypted_at_rest(client, owner, relation):
    check_in = CheckInFactory(mentorship=relation, takeaways="SECRET-TAKEAWAY")
    client.post(f"{check_in.get_absolute_url()}note/", note("private", "SECRET-NOTE"))

    stored = Note.objects.extra(select={"raw": "text"}).values_list("raw", flat=True).get()
    assert "SECRET" not in stored
    assert "SECRET" not in CheckIn.objects.extra(select={"raw": "takeaways"}).values_list("raw", flat=True).get()


def after(version=1, **more):
    return {"after-version": version, "after-takeaways": "Ask less.", "after-advice": ""} | {
        f"after-{name}": value for name, value in more.items()
    }


@pytest.fixture
def over(relation):
    return CheckInFactory(
        mentorship=relation, starts_at=timezone.now().replace(microsecond=0) - timedelta(hours=1), repeats_every=14
    )


def test_afterwards_one_form_keeps_it_all(client, owner, cast, over):
    data = after(
        advice="- See what silence gives you\n\n* Cut the guide",
        action_1="Send the notes", owner_1="me", due_1=day(3),
        action_2="Lend the book", owner_2="other",
        next_day=day(10), next_time="18:00",
    )  # fmt: skip
    page = text_of(client.post(f"{over.get_absolute_url()}after/", data, follow=True))

    over.refresh_from_db()
    assert over.state == "held"
    assert [row.text for row in Advice.objects.order_by("pk")] == ["See what silence gives you", "Cut the guide"]
    assert [row.owner for row in Action.objects.all()] == [cast.owner, cast.mentor]
    assert f"{over.next.starts_at.astimezone(owner.time_zone):%H:%M}" == "18:00"
    assert "Ask less." in page
    assert "Send the notes" in page


def test_without_a_date_the_row_goes_on_by_itself(client, owner, over):
    client.post(f"{over.get_absolute_url()}after/", after())

    assert over.next.repeats_every == 14
    assert over.next.starts_at > timezone.now()


def test_a_stale_form_shows_both_and_adds_nothing_twice(client, owner, over):
    url = f"{over.get_absolute_url()}after/"
    client.post(url, after(advice="One piece"))

    response = client.post(url, after(advice="One piece", takeaways="Mine"))

    assert response.status_code == 409
    assert "Ask less." in text_of(response)
    assert "Mine" in text_of(response)
    assert Advice.objects.count() == 1
    assert CheckIn.objects.filter(follows=over).count() == 1


def test_the_next_date_of_a_stale_form_is_not_lost(client, owner, relation):
    over = CheckInFactory(mentorship=relation, starts_at=timezone.now() - timedelta(hours=1))
    url = f"{over.get_absolute_url()}after/"
    client.post(url, after())

    response = client.post(url, after(next_day=day(9), next_time="18:00"))

    assert response.status_code == 409
    assert response.context["after_form"]["next_day"].value() == day(9)


def test_a_next_date_beside_another_one_is_said(client, owner, over):
    url = f"{over.get_absolute_url()}after/"
    client.post(f"{over.get_absolute_url()}missed/")  # the row plans its next one by itself

    page = text_of(client.post(url, after(next_day=day(9), next_time="18:00"), follow=True))
    stale = text_of(client.post(url, after(next_day=day(9), next_time="18:00")))

    assert "The next check-in was planned already: " in page
    assert "The next check-in was planned already: " in stale


def test_words_for_one_that_was_cancelled_meanwhile_are_shown(client, owner, over):
    client.post(f"{over.get_absolute_url()}cancel/")
    data = after(takeaways="Ask less & wait.", advice="Breathe", action_1="Send the notes")

    response = client.post(f"{over.get_absolute_url()}after/", data)

    assert response.status_code == 409
    assert response.context["unsaved"] == ["Ask less & wait.", "Breathe", "Send the notes"]
    assert "Ask less &amp; wait." in response.content.decode()
    assert f"{over.mentorship.get_absolute_url()}check-ins/log/" in response.content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"due_1": day(3)}, "Say what is to be done"),
        ({"action_1": "x" * 201}, "at most 200"),
        ({"action_1": "x", "owner_1": "stranger"}, "That choice is not there any more."),
        ({"action_1": "x", "due_1": "9999-12-31"}, "between 1900 and 2200"),
        ({"next_day": day(10)}, "Choose a time too"),
        ({"next_time": "10:00", "next_day": ""}, "Choose a day too"),
        ({"next_time": "10:00", "next_day": day(-10)}, "This has passed"),
        ({"next_time": "10:00", "next_day": "2199-01-01"}, "within a year"),
        ({"advice": "\n".join(["x"] * 11)}, "Keep it to 10"),
        ({"advice": "x" * 501}, "under 500"),
    ],
)
def test_bad_forms_afterwards_come_back_as_typed(client, owner, over, wrong, says):
    response = client.post(f"{over.get_absolute_url()}after/", after(**{"takeaways": "Typed with care", **wrong}))

    assert response.status_code == 422
    assert says in text_of(response)
    assert "Typed with care" in text_of(response)
    over.refresh_from_db()
    assert over.state == "planned"


def test_what_is_ahead_cannot_be_written_down_yet(client, owner, relation):
    ahead = CheckInFactory(mentorship=relation)

    assert client.post(f"{ahead.get_absolute_url()}after/", after()).status_code == 409


def test_log_a_past_one(client, owner, base):
    data = {"day": day(-3), "time": "10:00", "minutes": "30", "channel": "phone", "takeaways": "Short and good."}

    assert "Short and good." in text_of(client.post(f"{base}log/", data, follow=True))
    assert client.post(f"{base}log/", data | {"day": day(3)}).status_code == 422
    assert client.post(f"{base}log/", data | {"day": "1901-01-01"}).status_code == 422


def test_the_number_counts_those_that_were_held(client, owner, relation):
    for _ in range(2):
        CheckInFactory(mentorship=relation, held=True)
    CheckInFactory(mentorship=relation, missed=True)

    assert "Number 3." in text_of(client.get(CheckInFactory(mentorship=relation).get_absolute_url()))


def test_what_is_promised_for_tomorrow_says_so_in_its_sentence(client, owner, relation):
    last = CheckInFactory(mentorship=relation, held=True)
    ActionFactory(check_in=last, due_on=owner.today(timezone.now()) + timedelta(days=1))

    page = text_of(client.get(CheckInFactory(mentorship=relation).get_absolute_url()))

    assert ">by tomorrow<" in page


def test_a_former_member_stays_as_such(client, cast, owner):
    former = cast.former_mentorship
    held = CheckInFactory(mentorship=former, held=True, takeaways="Kept for Olive")
    NoteFactory(check_in=held, author=cast.former_mentor, is_shared=True, text="Kept too")
    AgendaPointFactory(mentorship=former, author=cast.former_mentor, done_at=timezone.now(), check_in=held)
    cast.former_mentor.delete()

    page = text_of(client.get(held.get_absolute_url()))

    assert "Kept for Olive" in page
    assert "From former member" in page
    assert "Check-in with a former member" in page


def test_links_to_a_call_are_links_and_nothing_else_is(client, owner, relation):
    link = CheckInFactory(mentorship=relation, place="https://meet.example/x")
    script = CheckInFactory(mentorship=relation, place="javascript:alert(1)")

    assert 'href="https://meet.example/x"' in text_of(client.get(link.get_absolute_url()))
    assert 'href="javascript' not in text_of(client.get(script.get_absolute_url()))
