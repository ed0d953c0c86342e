"""Half-time and the end of an agreement: who is asked, when, and what they can do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mail import registry
from mail.models import Message
from mentors import services
from mentors.models import Agreement, Review
from mentors.tasks import mind_agreements
from tests.factories.accounts import UserFactory
from tests.factories.mentors import AgreementFactory
from tests.factories.sharing import MentorshipFactory
from tests.mentors.letters import letter
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 12, 3, 57, tzinfo=UTC)
DAY = date(2026, 3, 12)
TODAY = datetime.now(UTC).date()


@pytest.fixture
def pair():
    amara = UserFactory(name="Amara Osei", email="amara@example.org", time_zone="Europe/London")
    ruth = UserFactory(name="Ruth Lindqvist", email="ruth@example.org", time_zone="America/Los_Angeles")
    return MentorshipFactory(mentee=amara, mentor=ruth)


def sweep(now=NIGHT):
    services.mind_agreements(now=now)
    return {(row.kind, row.user.given_name): row.not_before for row in Message.objects.select_related("user")}


def test_half_way_both_are_asked_in_their_own_morning_once(pair):
    AgreementFactory(mentorship=pair, review_on=DAY)

    first = sweep()
    for hours in (0, 24, 48):
        again = sweep(NIGHT + timedelta(hours=hours))

    assert first == again
    assert first == {
        ("agreement_review", "Amara"): datetime(2026, 3, 12, 8, tzinfo=UTC),
        ("agreement_review", "Ruth"): datetime(2026, 3, 12, 15, tzinfo=UTC),
    }


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata"])
def test_everywhere_on_that_day(pair, zone):
    pair.mentee.time_zone = zone
    pair.mentee.save()
    AgreementFactory(mentorship=pair, review_on=DAY)

    for days in (-2, -1, 0, 1):
        asked = sweep(NIGHT + timedelta(days=days))

    local = asked["agreement_review", "Amara"].astimezone(pair.mentee.time_zone)
    assert (local.date(), local.hour) == (DAY, 8)


@pytest.mark.parametrize(
    "version",
    [
        {"review_on": DAY + timedelta(days=2)},
        {"review_on": DAY - timedelta(days=29)},
        {"review_on": DAY, "state": "replaced"},
        {"review_on": DAY, "proposed": True},
        {"review_on": DAY - timedelta(days=60), "ends_on": DAY + timedelta(days=17)},
        {"review_on": DAY - timedelta(days=60), "ends_on": DAY - timedelta(days=20)},
    ],
)
def test_nobody_is_asked_at_another_time(pair, version):
    AgreementFactory(mentorship=pair, **version)

    assert sweep() == {}


def test_two_weeks_before_the_end(pair):
    AgreementFactory(mentorship=pair, review_on=DAY - timedelta(days=60), ends_on=DAY + timedelta(days=14))

    assert sweep().keys() == {("agreement_ending", "Amara"), ("agreement_ending", "Ruth")}


def test_a_short_term_is_asked_about_once(pair):
    AgreementFactory(mentorship=pair, review_on=DAY, ends_on=DAY + timedelta(days=10))

    assert {kind for kind, _ in sweep()} == {"agreement_ending"}


def test_who_rests_or_is_away_is_asked_when_they_are_back(pair):
    AgreementFactory(mentorship=pair, review_on=DAY)
    pair.mentee.breaks.create(from_on=DAY, until_on=DAY)
    pair.paused_until = DAY
    pair.save()
    assert sweep() == {}

    pair.mentee.breaks.update(until_on=DAY + timedelta(days=1))
    assert sweep(NIGHT + timedelta(days=1)).keys() == {("agreement_review", "Ruth")}
    assert len(sweep(NIGHT + timedelta(days=2))) == 2


def test_an_ended_relation_is_left_alone(pair):
    AgreementFactory(mentorship=pair, review_on=DAY)
    pair.end(at=NIGHT)

    assert sweep() == {}


def test_batches(pair):
    AgreementFactory(mentorship=pair, review_on=DAY)
    AgreementFactory(review_on=DAY)

    after = services.mind_agreements(now=NIGHT, limit=1)
    assert Message.objects.count() == 2
    assert services.mind_agreements(now=NIGHT, after=after, limit=1)
    assert Message.objects.count() == 4


def test_task(pair):
    AgreementFactory(mentorship=pair, review_on=TODAY)

    mind_agreements()
    mind_agreements()

    assert Message.objects.count() == 2


def test_review_mail(pair):
    AgreementFactory(mentorship=pair, review_on=DAY, purpose="PRIVATE")
    sweep()

    mail = letter("agreement_review", now=NIGHT, user=pair.mentee)

    assert mail.subject == "You and Ruth Lindqvist: is it a good fit?"
    for body in (mail.text, mail.html):
        assert "You two agreed on: every 2 weeks, video call." in body
        assert f"http://waymark.test/mentorships/{pair.pk}/agreement/review/" in body
        assert "PRIVATE" not in body


def test_ending_mail(pair):
    AgreementFactory(mentorship=pair, review_on=DAY, ends_on=DAY + timedelta(days=14), purpose="PRIVATE")
    sweep()

    mail = letter("agreement_ending", now=NIGHT, user=pair.mentor)

    assert mail.subject == "Your agreement with Amara Osei ends on 26 March"
    for body in (mail.text, mail.html):
        assert "until 26 March 2026. Nothing ends by itself" in body
        assert f"http://waymark.test/mentorships/{pair.pk}/end/" in body
        assert "waits for an answer already" not in body
        assert "PRIVATE" not in body


@pytest.mark.parametrize("kind", ["agreement_review", "agreement_ending"])
@pytest.mark.parametrize("what", ["ended", "blocked", "paused", "replaced"])
def test_not_sent_once_it_makes_no_sense(pair, kind, what):
    days = 14 if kind == "agreement_ending" else 90
    version = AgreementFactory(mentorship=pair, review_on=DAY, ends_on=DAY + timedelta(days=days))
    sweep()
    if what == "ended":
        services.end_with_words(mentorship=pair, by=pair.mentor, words="", now=NIGHT)
    elif what == "blocked":
        services.block_person(mentorship=pair, by=pair.mentee, now=NIGHT)
    elif what == "paused":
        services.pause_mentorship(mentorship=pair, by=pair.mentee, until=DAY + timedelta(days=9))
    else:
        version.move("replace", at=NIGHT)

    assert letter(kind, now=NIGHT, user=pair.mentor) is None
    assert letter(kind, now=NIGHT, user=pair.mentee) is None


def test_who_said_so_already_is_not_asked(pair):
    version = AgreementFactory(mentorship=pair, review_on=DAY)
    sweep()
    Review.objects.create(agreement=version, author=pair.mentor, said_at=NIGHT)

    assert letter("agreement_review", now=NIGHT, user=pair.mentor) is None
    assert letter("agreement_review", now=NIGHT, user=pair.mentee) is not None


@pytest.mark.parametrize("kind", ["agreement_review", "agreement_ending"])
def test_people_can_switch_these_off(kind):
    assert registry.find(kind).preference == "mentoring"


def test_review_page_before_its_day(client, cast, owner):
    AgreementFactory(mentorship=cast.mentorship, purpose="Move into research.")

    text = text_of(client.get(f"/mentorships/{cast.mentorship.pk}/agreement/review/"))

    assert "You two look at it together on 1 March 2199." in text
    assert "Move into research." in text
    assert "It is a good fit</button>" not in text
    assert "Extend it" not in text


def test_review_page_without_an_agreement(client, cast, owner):
    response = client.get(f"/mentorships/{cast.mentorship.pk}/agreement/review/")

    assert response.url == f"/mentorships/{cast.mentorship.pk}/agreement/"


def test_keep_going_is_shown_to_the_other(client, cast, owner):
    AgreementFactory(mentorship=cast.mentorship, review_on=TODAY)
    page = f"/mentorships/{cast.mentorship.pk}/agreement/"
    assert "is the day you two chose to look at it." in text_of(client.get(f"{page}review/"))

    kept = client.post(f"{page}keep/", follow=True)

    assert "You said that it is a good fit." in text_of(kept)
    client.force_login(cast.mentor)
    assert "that it is a good fit." in text_of(client.get(f"{page}review/"))
    assert "It is a good fit</button>" in text_of(client.get(f"{page}review/"))


def test_extend(client, cast, owner):
    AgreementFactory(mentorship=cast.mentorship, review_on=TODAY, ends_on=TODAY + timedelta(days=10))
    page = f"/mentorships/{cast.mentorship.pk}/agreement/"
    assert "Nothing ends by itself." in text_of(client.get(f"{page}review/"))
    longer = TODAY + timedelta(days=100)

    sent = client.post(f"{page}extend/", {"ends_on": longer, "seen": "1-agreed"}, follow=True)

    assert "Sent to Mina" in text_of(sent)
    assert Agreement.objects.proposed().get().ends_on == longer
    assert "Extend it" not in text_of(client.get(f"{page}review/"))


@pytest.mark.parametrize(
    ("day", "seen", "says", "status"),
    [
        ("", "1-agreed", "This is still empty.", 422),
        ("2020-01-01", "1-agreed", "Choose a day after today.", 422),
        ("2199-01-01", "1-agreed", "more than three years away", 422),
        (str(TODAY + timedelta(days=5)), "1-agreed", "that is the end now", 422),
        (str(TODAY + timedelta(days=90)), "", "Version 1 holds now", 409),
    ],
)
def test_extend_bad_input(client, cast, owner, day, seen, says, status):
    AgreementFactory(mentorship=cast.mentorship, review_on=TODAY, ends_on=TODAY + timedelta(days=5))

    response = client.post(f"/mentorships/{cast.mentorship.pk}/agreement/extend/", {"ends_on": day, "seen": seen})

    assert (response.status_code, says in text_of(response)) == (status, True)
    assert f'value="{day}"' in text_of(response) or not day
    assert not Agreement.objects.proposed().exists()
