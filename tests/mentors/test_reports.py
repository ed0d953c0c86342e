from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services
from mentors.models import Report
from sharing.models import Block
from tests.factories.accounts import UserFactory
from tests.factories.directory import ReportFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.journal import EntryCommentFactory, EntryFactory
from tests.factories.mentors import ProfileFactory, RequestFactory
from tests.factories.wins import WinCommentFactory, WinFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
SAID = {"kind": "selling", "words": "Asks for money before the first talk."}


def mail_of_report():
    message = Message.objects.get(kind="report")
    content = registry.find("report").function(message, now=NOW)
    return compose(message, content, now=NOW) if content else None


def test_a_profile_is_reported_to_the_operator_alone(client, settings):
    user, profile = UserFactory(name="Amara Osei"), ProfileFactory(owner__name="Greedy Gus")
    client.force_login(user)
    address = f"/mentors/report/?about=profile&id={profile.pk}"
    assert "Report Greedy Gus" in text_of(client.get(address))

    client.post(address, SAID)

    report = Report.objects.get()
    assert (report.reporter, report.person, report.about_id, report.words) == (
        user,
        profile.owner,
        profile.pk,
        SAID["words"],
    )
    assert list(Message.objects.values_list("kind", "to", "user")) == [("report", settings.OPERATOR_EMAIL, None)]
    mail = mail_of_report()
    for body in (mail.text, mail.html):
        assert "Amara Osei reports Greedy Gus" in body
        assert "wants money or sells something" in body
        assert f"http://waymark.test/admin/mentors/report/{report.pk}/change/" in body
        assert "before the first talk" not in body
    assert "List-Unsubscribe" not in mail.headers


def test_a_report_that_was_done_is_not_mailed(client):
    ProfileFactory()
    report = ReportFactory()
    services.report(about="profile", about_id=ProfileFactory().pk, by=report.reporter, now=NOW, **SAID)
    Report.objects.update(closed_at=NOW)

    assert mail_of_report() is None


COMMENTED = {
    "goal-comment": (GoalFactory, GoalCommentFactory),
    "entry-comment": (EntryFactory, EntryCommentFactory),
    "win-comment": (WinFactory, WinCommentFactory),
}


@pytest.mark.parametrize("about", COMMENTED)
def test_a_comment_is_reported_by_whom_it_is_shown(cast, about):
    thing, words = COMMENTED[about]
    item = thing(owner=cast.owner, shared_with=[cast.mentorship])
    comment = words(item=item, mentorship=cast.mentorship, author=cast.mentor, text="SECRET-COMMENT")

    services.report(about=about, about_id=comment.pk, by=cast.owner, now=NOW, **SAID)

    assert Report.objects.get().person == cast.mentor
    assert "SECRET" not in mail_of_report().text + mail_of_report().html
    for other in (cast.mentor, cast.second_mentor, cast.former_mentor, cast.stranger):  # the author, and who cannot see
        with pytest.raises(PermissionDenied):
            services.report(about=about, about_id=comment.pk, by=other, now=NOW, **SAID)


def test_a_request_is_reported_from_either_side():
    request = RequestFactory(help_wanted="SECRET-ASK")

    services.report(about="request", about_id=request.pk, by=request.mentor, now=NOW, **SAID)

    assert Report.objects.get().person == request.asker
    assert services.person_behind(about="request", about_id=request.pk, user=request.asker) == request.mentor
    assert services.person_behind(about="request", about_id=request.pk, user=UserFactory()) is None
    assert "SECRET" not in mail_of_report().text


def test_the_pages_lead_to_the_report(client, cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    entry = EntryFactory(owner=cast.owner, shared_with=[cast.mentorship])
    request = RequestFactory(mentor=cast.owner)
    pages = {
        f"/goals/{goal.pk}/": (
            "goal-comment",
            GoalCommentFactory(item=goal, mentorship=cast.mentorship, author=cast.mentor),
        ),
        f"/journal/{entry.pk}/": (
            "entry-comment",
            EntryCommentFactory(item=entry, mentorship=cast.mentorship, author=cast.mentor),
        ),
        f"/mentors/requests/{request.pk}/": ("request", request),
    }
    for page, (about, row) in pages.items():
        link = f"/mentors/report/?about={about}&amp;id={row.pk}"
        client.force_login(cast.owner)
        assert link in text_of(client.get(page))
        assert client.get(link.replace("&amp;", "&")).status_code == 200
        if about != "request":  # the author is not offered to report themselves
            client.force_login(cast.mentor)
            assert link not in text_of(client.get(page))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": ""}, "Choose what comes nearest."),
        ({"kind": "\x00"}, "Choose what comes nearest."),
        ({"words": "  \u200b "}, "Say in a sentence what happened."),
        ({"words": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_bad_input(client, typed, said):
    profile = ProfileFactory()
    client.force_login(UserFactory())

    response = client.post(f"/mentors/report/?about=profile&id={profile.pk}", SAID | typed)

    assert response.status_code == 422
    assert said in text_of(response)
    assert not Report.objects.exists()
    if "words" not in typed:
        assert SAID["words"] in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?about=profile",
        "?about=profile&id=x",
        "?about=user&id=1",
        "?about=profile&id=" + "9" * 5000,
        "?about=profile&id=١",
        "?about=goal-comment&id=1",
        "?about=profile&id=999999999999999999",
    ],
)
def test_nothing_to_report_is_not_found(client, query):
    client.force_login(UserFactory())

    assert client.get(f"/mentors/report/{query}").status_code == 404


@pytest.mark.parametrize("about", COMMENTED)
@pytest.mark.parametrize("posted", [{"only_block": "1"}, SAID | {"blocks": "on"}, SAID])
def test_whoever_wrote_a_comment_is_blocked_from_there(client, cast, about, posted):
    thing, words = COMMENTED[about]
    item = thing(owner=cast.owner, shared_with=[cast.mentorship])
    comment = words(item=item, mentorship=cast.mentorship, author=cast.mentor)
    client.force_login(cast.owner)
    address = f"/mentors/report/?about={about}&id={comment.pk}"
    assert "Block Mina" in text_of(client.get(address))

    text = text_of(client.post(address, posted, follow=True))

    is_block, is_report = posted != SAID, "kind" in posted
    assert Block.objects.filter(blocker=cast.owner, blocked=cast.mentor).exists() is is_block
    assert Report.objects.exists() is is_report
    assert ("Mina is blocked." in text or "Blocked. Mina cannot reach you" in text) is is_block
    cast.mentorship.refresh_from_db()
    assert cast.mentorship.is_active is not is_block
    assert Message.objects.filter(kind="mentorship_ended", user=cast.mentor).exists() is is_block


def test_one_mentor_blocks_another_whose_words_they_read(client, cast):
    """Where the owner opened the threads to each other there is no relation between the two, and no page of one."""
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.second_mentorship], threads_open=True)
    comment = GoalCommentFactory(item=goal, mentorship=cast.second_mentorship)
    client.force_login(cast.mentor)

    client.post(f"/mentors/report/?about=goal-comment&id={comment.pk}", {"only_block": "1"})

    assert Block.objects.get().blocked == cast.second_mentor


def test_nobody_reports_themselves(client):
    profile = ProfileFactory()
    client.force_login(profile.owner)

    assert client.get(f"/mentors/report/?about=profile&id={profile.pk}").status_code == 404


def test_the_same_again_is_said_and_the_words_stay(client):
    profile, user = ProfileFactory(), UserFactory()
    client.force_login(user)
    address = f"/mentors/report/?about=profile&id={profile.pk}"
    client.post(address, SAID)

    response = client.post(address, SAID | {"words": "And again."})

    assert "You have reported this already." in text_of(response)
    assert "And again." in text_of(response)
    assert Report.objects.count() == 1


def test_five_a_day():
    user = UserFactory()
    for _ in range(5):
        services.report(about="profile", about_id=ProfileFactory().pk, by=user, now=NOW, **SAID)

    with pytest.raises(ValidationError, match="5 reports today"):
        services.report(about="profile", about_id=ProfileFactory().pk, by=user, now=NOW, **SAID)
    services.report(
        about="profile", about_id=ProfileFactory().pk, by=user, now=NOW + timedelta(days=1, hours=1), **SAID
    )


def test_the_operator_reads_the_report_and_nothing_else(rf):
    model_admin = admin.site._registry[Report]

    assert set(model_admin.fields) == {
        "created_at",
        "kind",
        "person",
        "reporter",
        "about",
        "about_id",
        "words",
        "closed_at",
    }
    assert set(model_admin.fields) - set(model_admin.readonly_fields) == {"closed_at"}
    assert "words" not in {*model_admin.list_display, *model_admin.search_fields}
    assert not model_admin.has_add_permission(rf.get("/"))
    assert not model_admin.has_delete_permission(rf.get("/"))
    assert "first talk" not in str(ReportFactory())


def test_a_report_outlives_its_reporter_and_goes_with_its_person():
    report = ReportFactory()
    report.reporter.delete()
    report.refresh_from_db()
    assert report.reporter is None

    report.person.delete()

    assert not Report.objects.exists()
