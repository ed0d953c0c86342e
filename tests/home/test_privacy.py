import json
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey

from accounts.models import Break
from goals.models import FormDraft, Goal, GoalComment
from home import export
from mail import bounces
from mail.models import DeliveryEvent, Message
from mail.news import News
from mail.services import queue, set_preference
from sharing import services
from sharing.models import Block
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.directory import MarkFactory, ReportFactory, SlotFactory
from tests.factories.goals import (
    GoalFactory,
    ProgressUpdateFactory,
    RestFactory,
    RevisionFactory,
    SeenFactory,
    SuggestionFactory,
)
from tests.factories.journal import EntryFactory
from tests.factories.mentors import HandoverFactory, InvitationFactory, ProfileFactory, RequestFactory
from tests.factories.sharing import MentorshipFactory
from tests.factories.wins import WinFactory

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
BACKEND = "accounts.backends.AuthenticationBackend"


@pytest.fixture
def owner_client(client, cast):
    client.force_login(cast.owner, backend=BACKEND)
    return client


# --- Who can see what


def test_privacy_names_each_person_and_thing(owner_client, cast):
    goal = GoalFactory(owner=cast.owner, title="Learn to say no")
    entry = EntryFactory(owner=cast.owner, title="A hard week")
    GoalFactory(owner=cast.owner, title="Kept to myself")
    goal.shared_with.add(cast.mentorship, cast.former_mentorship)
    entry.shared_with.add(cast.colleagueship)

    page = owner_client.get("/settings/privacy/").content.decode()

    assert page.count("Learn to say no</a>") == 1  # the former mentor's share shows nobody anything
    assert page.count("A hard week</a>") == 1
    assert "Kept to myself" not in page
    assert "Farid Former" not in page
    assert "Sees nothing of yours but your name." in page  # the second mentor


def test_privacy_of_one_who_sees_little_beside_one_who_sees_much(owner_client, cast, monkeypatch):
    module = import_module("home.views.privacy")  # the package has a view of this name
    monkeypatch.setattr(module, "THINGS_SHOWN", 2)
    monkeypatch.setattr(module, "MOST_ROWS", 1)
    GoalFactory(owner=cast.owner, title="The oldest").shared_with.add(cast.colleagueship)
    for _ in range(5):
        GoalFactory(owner=cast.owner).shared_with.add(cast.mentorship)

    page = owner_client.get("/settings/privacy/").content.decode()

    assert page.count("The oldest</a>") == 1
    assert page.count("Stop showing</button>") == 3
    assert "And 3 more</a>" in page


def test_privacy_says_what_an_invitation_would_show(owner_client, cast):
    goal = GoalFactory(owner=cast.owner, title="Learn to say no")
    invitation = InvitationFactory(
        sender=cast.owner, email="ruth@example.org", expires_at=datetime(2199, 1, 1, tzinfo=UTC)
    )
    invitation.goals.set([goal])

    assert "Would see Learn to say no" in owner_client.get("/settings/privacy/").content.decode()


def test_privacy_says_what_a_request_shows(owner_client, cast):
    for title, extra in {"Lead a shift": {}, "Never sent": {"draft": True}, "Told no": {"declined": True}}.items():
        row = RequestFactory(asker=cast.owner, mentor=UserFactory(name="Daniel Okafor"), **extra)
        row.goals.add(GoalFactory(owner=cast.owner, title=title))

    page = owner_client.get("/settings/privacy/").content.decode()

    assert "Reads the title of Lead a shift; after a yes, all of it" in page
    assert "Never sent" not in page
    assert "Told no" not in page


def test_privacy_of_a_new_person(client, cast):
    client.force_login(cast.stranger, backend=BACKEND)

    page = client.get("/settings/privacy/").content.decode()

    assert "Nobody sees anything of yours" in page


def test_withdraw_from_the_list(owner_client, cast):
    goal = GoalFactory(owner=cast.owner)
    goal.shared_with.add(cast.mentorship)

    response = owner_client.post(f"/settings/privacy/{cast.mentorship.pk}/withdraw/", {"item": f"goal-{goal.pk}"})

    assert response.status_code == 302
    assert not Goal.objects.visible_to(cast.mentor).exists()


@pytest.mark.parametrize(
    "item", ["", "goal", "goal-", "goal-x", "goal-²", "goal-" + "9" * 400, "entry-1", "x-1", "\x00"]
)
def test_withdraw_of_nothing_is_not_found(owner_client, cast, item):
    response = owner_client.post(f"/settings/privacy/{cast.mentorship.pk}/withdraw/", {"item": item})

    assert response.status_code == 404


def test_privacy_names_a_handover_and_stops_showing_it(owner_client, cast):
    handover = HandoverFactory(mentorship=cast.former_mentorship, owner=cast.owner, worked_on="SECRETWORK")
    handover.shared_with.add(cast.mentorship)

    page = owner_client.get("/settings/privacy/").content.decode()

    assert f'href="/mentors/handovers/{handover.pk}/">A handover</a>' in page
    assert "SECRETWORK" not in page
    owner_client.post(f"/settings/privacy/{cast.mentorship.pk}/withdraw/", {"item": f"handover-{handover.pk}"})
    assert not handover.shared_with.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_privacy_asks_the_same_for_one_and_three(db, client, django_assert_num_queries, count):
    owner = UserFactory()
    relations = [MentorshipFactory(mentee=owner) for _ in range(count)]
    for relation in relations:
        for _ in range(count):
            GoalFactory(owner=owner).shared_with.add(relation)
            EntryFactory(owner=owner).shared_with.add(relation)
            WinFactory(owner=owner).shared_with.add(relation)
    client.force_login(owner, backend=BACKEND)
    client.get("/settings/privacy/")

    with django_assert_num_queries(PRIVACY_QUERIES):
        page = client.get("/settings/privacy/").content.decode()

    assert page.count("Stop showing</button>") == min(5, 3 * count) * count


# The visitor; relations with how much each shows; goals and wins, entries; requests, invitations, both with titles; the
# feed with the number of blocked people; the counts of the frame.
PRIVACY_QUERIES = 8


# --- The copy


def take_copy(user):
    return json.loads("".join(export.copy_of(user, now=NOW)))


def test_copy_holds_what_is_mine(cast):
    goal = GoalFactory(owner=cast.owner, title='He said "no" </script> \u2028 ☃')
    goal.milestones.create(title="Ask why")
    goal.shared_with.add(cast.mentorship)
    services.add_comment(
        model=GoalComment, item=goal, mentorship=cast.mentorship, by=cast.mentor, text="Well put", at=NOW
    )
    binned = EntryFactory(owner=cast.owner, text="The canteen was quiet")
    binned.put_in_bin(at=NOW)
    Break.objects.create(user=cast.owner, from_on="2026-12-20", until_on="2027-01-02")
    set_preference(user=cast.owner, kind="weekly", on=False)
    Block.objects.create(blocker=cast.owner, blocked=cast.stranger, created_at=NOW)

    copy = take_copy(cast.owner)

    assert (copy["format"], copy["version"]) == ("waymark-export", 1)
    assert copy["profile"]["email"] == "owner@example.org"
    assert copy["goals"][0]["title"] == 'He said "no" </script> \u2028 ☃'
    assert copy["goals"][0]["milestones"][0]["title"] == "Ask why"
    assert copy["goals"][0]["comments"][0] | {"created_at": 0} == {
        "text": "Well put",
        "created_at": 0,
        "edited_at": None,
        "mailed_at": None,
        "removed_at": None,
        "by": "Mina Mentor",
        "milestone": None,
        "thanked_at": None,
        "suggestion": None,
    }
    assert copy["goals"][0]["shown_to_relations"] == [cast.mentorship.pk]
    assert copy["journal"][0]["text"] == "The canteen was quiet"
    assert copy["journal"][0]["deleted_at"]
    assert copy["breaks"] == [{"from_on": "2026-12-20", "until_on": "2027-01-02"}]
    assert {"kind": "weekly", "is_on": False} in copy["mail_switches"]
    assert copy["blocked_people"][0]["name"] == "Sten Stranger"
    assert {row["with"] for row in copy["relations"]} == {
        "Mina Mentor", "Sefa Second", "Farid Former", "Cora Colleague",
    }  # fmt: skip


def test_copy_says_which_mails_came_back(cast):
    now = datetime.now(UTC)
    message = queue("test", user=cast.owner, ids={}, dedupe="1")
    Message.objects.update(state="sent", finished_at=now)
    bounces.take([News("mail", message.message_id, message.to, DeliveryEvent.What.BOUNCED, now, "5.1.1")], now=now)
    bounces.settle(now=now)

    [mail] = take_copy(cast.owner)["mails_to_me"]

    assert [(row["what"], row["status"]) for row in mail["heard_later"]] == [("bounced", "5.1.1")]


def test_copy_holds_what_i_asked_and_what_i_answered(cast):
    goal = GoalFactory(owner=cast.owner)
    asked = RequestFactory(asker=cast.owner, mentor=UserFactory(name="Daniel"))
    asked.goals.add(goal)
    theirs = RequestFactory(asker=cast.stranger, mentor=cast.owner, help_wanted="Their secret", declined=True)
    for author, text in ((cast.owner, "Why me?"), (cast.stranger, "Their answer")):
        theirs.messages.create(author=author, text=text, created_at=NOW)
    asked.messages.create(author=asked.mentor, text="Which?", created_at=NOW)

    copy = take_copy(cast.owner)

    (mine,) = copy["requests_to_mentors"]
    assert (mine["to"], mine["state"], mine["goals"]) == ("Daniel", "sent", [goal.pk])
    assert [(said["by"], said["text"]) for said in mine["questions_and_answers"]] == [("Daniel", "Which?")]
    (answered,) = copy["my_answers_to_requests"]
    assert (answered["from"], answered["state"]) == ("Sten Stranger", "declined")
    assert [said["text"] for said in answered["my_questions"]] == ["Why me?"]
    assert "Their secret" not in str(copy)
    assert "Their answer" not in str(copy)


def test_copy_holds_the_plan_of_a_goal_and_what_was_typed(cast):
    goal = GoalFactory(owner=cast.owner, hours_a_week="2.5", importance=3)
    update = ProgressUpdateFactory(goal=goal, confidence=7, hours="1.5")
    SeenFactory(update=update, mentorship=cast.mentorship)
    RestFactory(goal=goal)
    RevisionFactory(goal=goal, suggested_by=cast.mentor, was_suggested=True)
    SuggestionFactory(comment__item=goal, comment__mentorship=cast.mentorship, words="Say no twice")
    FormDraft.objects.create(owner=cast.owner, fields={"title": "Half a thought"}, kept_at=NOW)

    copy = take_copy(cast.owner)

    row = copy["goals"][0]
    assert (row["hours_a_week"], row["importance"]) == ("2.5", 3)
    assert row["progress"][0] | {"created_at": 0} == {
        "value": "5.00",
        "happened_on": "2026-03-10",
        "note": "Phone desk at St Anne's.",
        "confidence": 7,
        "hours": "1.50",
        "created_at": 0,
        "seen_by_relations": [cast.mentorship.pk],
    }
    assert row["rests"] == [{"starts_on": "2026-02-02", "ends_on": "2026-02-09"}]
    assert row["history"][0]["suggested_by"] == "Mina Mentor"
    assert row["comments"][0]["suggestion"]["words"] == "Say no twice"
    assert copy["unsaved_goal_forms"][0]["typed"] == {"title": "Half a thought"}


@pytest.mark.parametrize("name", ["mentor", "former_mentor", "stranger"])
def test_copy_never_holds_what_others_show_me(cast, name):
    goal = GoalFactory(owner=cast.owner, title="Learn to say no")
    goal.shared_with.add(cast.mentorship)
    services.add_comment(model=GoalComment, item=goal, mentorship=cast.mentorship, by=cast.mentor, text="Mine", at=NOW)
    services.add_comment(model=GoalComment, item=goal, mentorship=cast.mentorship, by=cast.owner, text="Hers", at=NOW)

    copy = take_copy(getattr(cast, name))
    text = json.dumps(copy)

    assert "Learn to say no" not in text
    assert "Hers" not in text
    assert [row["text"] for row in copy["my_words_to_others"]] == (["Mine"] if name == "mentor" else [])


def test_copy_holds_what_one_wrote_for_and_about_mentors(cast):
    ProfileFactory(owner=cast.owner, headline="Support, ten years in")
    SlotFactory(owner=cast.owner, weekday=2)
    MarkFactory(owner=cast.owner, profile=ProfileFactory(owner__name="Grace"), kind="hidden")
    ReportFactory(reporter=cast.owner, words="Wanted money.", person=cast.stranger)
    ReportFactory(person=cast.owner, words="SECRET-ABOUT-ME")
    MarkFactory(profile=ProfileFactory(owner=cast.stranger), kind="hidden")

    copy = take_copy(cast.owner)

    assert copy["mentor_profile"][0]["headline"] == "Support, ten years in"
    assert copy["weekly_hours"] == [{"weekday": "Wednesday", "from": "17:00:00", "to": "19:00:00"}]
    assert [(row["name"], row["note"]) for row in copy["notes_on_mentors"]] == [("Grace", "Not shown again")]
    assert [(row["about"], row["words"]) for row in copy["reports_sent"]] == [("Sten Stranger", "Wanted money.")]
    assert "SECRET-ABOUT-ME" not in str(copy)
    assert take_copy(cast.stranger)["notes_on_mentors"] == []


def test_copy_of_many_rows_asks_little(cast, django_assert_max_num_queries):
    GoalFactory.create_batch(30, owner=cast.owner)
    EntryFactory.create_batch(30, owner=cast.owner)

    with django_assert_max_num_queries(74):
        take_copy(cast.owner)


def test_download_asks_who_it_is_first(client, cast):
    client.force_login(cast.owner, backend=BACKEND)

    for response in (client.get("/settings/export/"), client.post("/settings/export/")):
        assert response.status_code == 302
        assert "/account/reauthenticate/" in response.headers["Location"]


def test_download(client, cast):
    client.post("/account/login/", {"login": cast.owner.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/settings/export/"})
    EntryFactory(owner=cast.owner, text="The canteen was quiet")

    assert "Download the copy" in client.get("/settings/export/").content.decode()
    response = client.post("/settings/export/")

    assert response.headers["Content-Disposition"].startswith('attachment; filename="waymark-')
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "The canteen was quiet" in b"".join(response.streaming_content).decode()


# Models with a person in them that the copy leaves out, each with its reason.
LEFT_OUT = {
    "admin.LogEntry": "what the operator did",
    "mfa.Authenticator": "secrets of the second factor",
    "socialaccount.SocialAccount": "the provider's own copy",
    "accounts.Erasure": "holds no person",
    "mentors.Seen": "what a reader has looked at: about other people's things",
}
HELD = {
    "account.EmailAddress", "usersessions.UserSession", "accounts.Break", "mail.Preference", "mail.Message",
    "sharing.Mentorship", "sharing.Block", "mentors.Invitation", "mentors.Request", "mentors.RequestMessage", "mentors.Farewell", "goals.Goal", "goals.GoalComment",
    "goals.FormDraft", "goals.Revision", "wins.Win", "wins.WinComment", "contacts.Association", "contacts.Event",
    "contacts.Contact", "contacts.Way", "contacts.Interaction", "contacts.FollowUp", "contacts.Pace", "contacts.HomeCountry",
    "contacts.Interview", "contacts.InterviewMail", "contacts.Introduction",
    "contacts.Apart", "contacts.Merge", "contacts.Import",
    "journal.OwnQuestion", "journal.QuestionWish", "journal.WeeklyAim", "journal.Period", "journal.Entry", "journal.EntryComment", "journal.Intention", "reminders.Schedule",
    "home.CalendarFeed", "home.Snooze", "mentors.Profile", "mentors.Slot", "mentors.Mark", "mentors.Report",
    "mentors.Agreement", "mentors.AgreementDraft", "mentors.AgendaPoint", "mentors.Note", "mentors.Action", "mentors.LookBack", "mentors.Handover",
    "mentors.Thanks", "mentors.CheckIn", "mentors.PrivateNote", "mentors.Review",
}  # fmt: skip


def test_every_model_about_a_person_is_in_the_copy_or_left_out_for_a_reason():
    about = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is get_user_model() and not model._meta.auto_created
    }

    assert about - HELD - set(LEFT_OUT) == set()
    assert HELD - about == set()
