from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from goals import services
from goals.models import GoalComment, Revision, Suggestion
from goals.services import MAX_MILESTONES
from mail.models import Message
from sharing.services import end_mentorship
from tests.factories.goals import NOW, GoalFactory, MilestoneFactory, SeenFactory
from tests.goals.pages import HTMX, page_of
from tests.goals.suggestions import accept, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(cast):
    return GoalFactory(
        owner=cast.owner,
        title="Run 12 user interviews",
        due_on=date(2026, 5, 15),
        shared_with=[cast.mentorship, cast.colleagueship, cast.former_mentorship],
    )


@pytest.fixture
def lasting(cast):
    """A goal whose date is ahead whenever the test runs."""
    today = timezone.now().date()
    return GoalFactory(
        owner=cast.owner,
        title="Run 12 user interviews",
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[cast.mentorship, cast.colleagueship],
    )


def test_mentor_suggests_with_a_comment(as_, cast, lasting):
    mentor = as_("mentor")
    assert "Suggest a change</summary>" in page_of(mentor.get(f"/goals/{lasting.pk}/"))

    answer = mentor.post(
        f"/goals/{lasting.pk}/comments/new/",
        {"text": "Ten are enough.", "suggest": "target", "suggest_number": "10"},
        follow=True,
    )

    suggestion = Suggestion.objects.get()
    assert (suggestion.kind, suggestion.number, suggestion.comment.text) == ("target", Decimal(10), "Ten are enough.")
    page = page_of(answer)
    assert "12 interviews" in page
    assert "Olive decides." in page
    assert "Take it up" not in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"suggest": "title"}, "Say what you suggest."),
        ({"suggest": "title", "suggest_words": "Run 12 user interviews"}, "It says so already."),
        ({"suggest": "due_on", "suggest_day": "2020-01-01"}, "has passed"),
        ({"suggest": "due_on", "suggest_day": "soon"}, "aria-invalid"),
        ({"suggest": "target", "suggest_number": "0"}, "Start and target are the same number."),
        ({"suggest": "target", "suggest_number": "some"}, "Use a number"),
        ({"suggest": "milestone", "suggest_words": "x" * 201}, "aria-invalid"),
        ({"suggest": "nonsense", "suggest_words": "a"}, "Choose what you suggest."),
        ({"suggest_words": "Forgot to choose"}, "Choose what you suggest, or empty"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_bad_suggestion_comes_back_as_typed(as_, lasting, data, said, headers):
    response = as_("mentor").post(
        f"/goals/{lasting.pk}/comments/new/", {"text": "My long reason"} | data, headers=headers
    )

    page = page_of(response)
    assert response.status_code == 422
    assert said in page
    assert "My long reason" in page
    for value in data.values():
        assert value in page or value == "nonsense"
    assert not GoalComment.objects.exists()


def test_fields_of_other_kinds_are_not_meant(as_, lasting):
    data = {"text": "Why", "suggest": "title", "suggest_words": "Another", "suggest_day": "2020-99-99"}
    as_("mentor").post(f"/goals/{lasting.pk}/comments/new/", data)

    assert Suggestion.objects.get().day is None


@pytest.mark.parametrize("name", ["colleague", "owner"])
def test_only_a_mentor_suggests(as_, cast, lasting, name):
    client = as_(name)
    assert "Suggest a change" not in page_of(client.get(f"/goals/{lasting.pk}/"))

    data = {"text": "Keep my words", "to": cast.mentorship.pk, "suggest": "title", "suggest_words": "Another"}
    response = client.post(f"/goals/{lasting.pk}/comments/new/", data)

    assert response.status_code == 422
    assert "Keep my words" in page_of(response)
    assert not Suggestion.objects.exists()


def test_closed_goal_takes_no_suggestion(as_, cast):
    closed = GoalFactory(owner=cast.owner, reached=True, shared_with=[cast.mentorship])
    client = as_("mentor")
    assert "Suggest a change" not in page_of(client.get(f"/goals/{closed.pk}/"))

    response = client.post(
        f"/goals/{closed.pk}/comments/new/", {"text": "Hm", "suggest": "title", "suggest_words": "A"}
    )

    assert response.status_code == 422
    assert "Nothing can be suggested here now" in page_of(response)


def test_service_refuses_who_may_not_suggest(cast, goal):
    with pytest.raises(PermissionDenied):
        services.comment_on_goal(
            goal=goal,
            mentorships=[cast.colleagueship],
            by=cast.colleague,
            text="Words",
            at=NOW,
            suggestion=Suggestion(kind="title", words="Another"),
        )
    assert not GoalComment.objects.exists()


def test_same_words_with_another_suggestion_are_another_comment(cast, goal):
    for words in ("One", "One", "Two"):
        services.comment_on_goal(
            goal=goal,
            mentorships=[cast.mentorship],
            by=cast.mentor,
            text="Because",
            at=NOW,
            suggestion=Suggestion(kind="title", words=words),
        )

    assert list(Suggestion.objects.order_by("pk").values_list("words", flat=True)) == ["One", "Two"]


@pytest.mark.parametrize(
    ("kind", "field", "old", "new"),
    [
        ("title", "title", "Run 12 user interviews", "Run 12 interviews with receptionists"),
        ("due_on", "due_on", "2026-05-15", "2026-06-30"),
        ("target", "target_value", "12", "10"),
        ("milestone", "milestone", "", "Write the guide"),
    ],
)
def test_accepting_changes_the_goal_and_credits_the_mentor(cast, goal, kind, field, old, new):
    suggestion = propose(goal, cast, kind)

    assert accept(suggestion, cast)

    suggestion.refresh_from_db()
    goal.refresh_from_db()
    revision = Revision.objects.get()
    assert suggestion.state == "accepted"
    assert (revision.field, revision.old, revision.new) == (field, old, new)
    assert (revision.reason, revision.suggested_by) == ("Narrower is easier to start.", cast.mentor)
    if kind == "milestone":
        step = goal.milestones.get()
        assert (step.title, step.due_on) == ("Write the guide", date(2026, 4, 1))
    else:
        assert services.was_of(suggestion, goal) == new


def test_second_click_changes_nothing(cast, goal):
    suggestion = propose(goal, cast, "milestone")

    assert [accept(suggestion, cast), accept(suggestion, cast)] == [True, False]
    assert goal.milestones.count() == Revision.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("due_on", {"day": date(2026, 3, 12)}, "no longer ahead"),
        ("due_on", {"goal": {"starts_on": date(2026, 7, 1), "due_on": date(2026, 8, 1)}}, "after the first day"),
        ("target", {"goal": {"start_value": Decimal(10)}}, "same number"),
        ("target", {"goal": {"measure": "yes_no", "unit": "", "start_value": None, "target_value": None}}, "no target"),
        ("title", {"goal": {"status": "achieved", "closed_at": NOW}}, "closed"),
        ("title", {"goal": {"title": "Something else"}, "was": "Run 12 user interviews"}, "changed in the meantime"),
        ("title", {"goal": {"title": "Run 12 interviews with receptionists"}}, "says so already"),
    ],
)
def test_what_is_no_longer_possible_is_said_and_nothing_changes(cast, goal, kind, change, said):
    suggestion = propose(goal, cast, kind, **({"day": change["day"]} if "day" in change else {}))
    type(goal).objects.filter(pk=goal.pk).update(**change.get("goal", {"version": 1}))

    with pytest.raises(ValidationError, match=said):
        accept(suggestion, cast, was=change.get("was"))

    suggestion.refresh_from_db()
    assert suggestion.is_open
    assert not Revision.objects.exists()
    assert not Message.objects.exists()


def test_full_goal_takes_no_milestone(cast, goal):
    MilestoneFactory.create_batch(MAX_MILESTONES, goal=goal)
    suggestion = propose(goal, cast, "milestone")

    with pytest.raises(ValidationError, match="60 milestones"):
        accept(suggestion, cast)


def test_owner_reads_before_and_after_and_takes_it_up(as_, cast, lasting):
    day = timezone.now().date() + timedelta(days=90)
    suggestion = propose(lasting, cast, "due_on", day=day, text="The clinics **need** it")
    owner = as_("owner")
    page = page_of(owner.get(f"/goals/{lasting.pk}/"))
    assert "Another date" in page
    assert "Now: " in page

    url, was = f"/goals/suggestions/{suggestion.pk}/accept/", lasting.due_on.isoformat()
    assert f'name="was" value="{was}"' in page
    page = page_of(owner.post(url, {"was": was}, follow=True))

    assert "Taken up" in page
    assert "You took it up." in page
    assert "suggested by Mina" in page
    lasting.refresh_from_db()
    assert lasting.due_on == day
    assert "already" in page_of(owner.post(url, {"was": was}, follow=True))


def test_owner_hears_why_it_cannot_be_taken_up(as_, cast, lasting):
    suggestion = propose(lasting, cast)
    response = as_("owner").post(f"/goals/suggestions/{suggestion.pk}/accept/", {"was": "Older words"}, follow=True)

    page = page_of(response)
    assert "Not taken up. The goal changed in the meantime." in page
    assert "Take it up" in page


def test_declining_is_quiet_and_can_be_thought_over(as_, cast, lasting):
    suggestion = propose(lasting, cast)
    owner = as_("owner")

    part = page_of(owner.post(f"/goals/suggestions/{suggestion.pk}/decline/", headers=HTMX))

    assert f'id="comment-{suggestion.comment_id}"' in part
    assert "You left it as it is." in part
    assert "Take it up after all" in part
    assert not Message.objects.exists()
    assert not Revision.objects.exists()
    assert "Olive left it as it is for now." in page_of(as_("mentor").get(f"/goals/{lasting.pk}/"))
    assert accept(suggestion, cast)
    services.decline_suggestion(suggestion=suggestion, by=cast.owner, at=NOW)
    suggestion.refresh_from_db()
    assert suggestion.state == "accepted"


def test_removed_comment_takes_its_suggestion_along(as_, cast, lasting):
    suggestion = propose(lasting, cast, words="SECRETPROPOSAL")
    services.remove_comment(comment=suggestion.comment, by=cast.mentor, at=NOW)

    owner = as_("owner")
    assert "SECRETPROPOSAL" not in page_of(owner.get(f"/goals/{lasting.pk}/"))
    assert owner.post(f"/goals/suggestions/{suggestion.pk}/accept/").status_code == 404
    with pytest.raises(ValidationError, match="taken back"):
        services.accept_suggestion(suggestion=suggestion, was="", by=cast.owner, at=NOW)


@pytest.mark.parametrize("name", ["mentor", "colleague", "former_mentor", "stranger"])
@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_only_the_owner_answers(as_, cast, lasting, name, verb):
    suggestion = propose(lasting, cast)

    response = as_(name).post(f"/goals/suggestions/{suggestion.pk}/{verb}/", {"was": lasting.title})

    assert response.status_code == (403 if name == "mentor" else 404)
    suggestion.refresh_from_db()
    assert suggestion.is_open


def test_other_readers_see_neither_the_suggestion_nor_who_made_it(as_, cast, lasting):
    suggestion = propose(lasting, cast, "target", text="SECRETREASON")
    propose(lasting, cast, words="SECRETPROPOSAL")
    accept(suggestion, cast)
    colleague = as_("colleague")

    for path in ("", "history/"):
        page = page_of(colleague.get(f"/goals/{lasting.pk}/{path}"))
        assert "Target changed from 12 to 10" in page
        for secret in ("SECRETREASON", "SECRETPROPOSAL", "Mina", "suggested by"):
            assert secret not in page
    page = page_of(as_("mentor").get(f"/goals/{lasting.pk}/history/"))
    assert "Target changed from 12 to 10, suggested by Mina" in page


def test_suggestions_are_escaped(as_, cast, lasting):
    propose(lasting, cast, words="<script>alert(1)</script>")

    page = page_of(as_("owner").get(f"/goals/{lasting.pk}/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_no_more_for_suggestions(as_, cast, lasting, count, frame_queries, django_assert_num_queries):
    for _ in range(count):
        accept(propose(lasting, cast, "milestone"), cast)
        propose(lasting, cast)
        SeenFactory(update__goal=lasting, mentorship=cast.mentorship)
    owner = as_("owner")
    owner.get(f"/goals/{lasting.pk}/")

    with django_assert_num_queries(frame_queries(owner) + 7):
        owner.get(f"/goals/{lasting.pk}/")


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_half_typed_words_come_back_and_reach_nobody(as_, cast, lasting, answer):
    suggestion = propose(lasting, cast)
    owner, url = as_("owner"), f"/goals/suggestions/{suggestion.pk}/{answer}/"
    typed = {"text": "I was <about> to", "to": str(cast.mentorship.pk), "was": lasting.title}
    assert owner.post(url, typed | {"text": "  "}).status_code == 302

    page = page_of(owner.post(url, typed))  # a second click, too

    assert "I was &lt;about&gt; to</textarea>" in page
    assert ("Left as it is" if answer == "decline" else "You took this up already") in page
    assert f'<option value="{cast.mentorship.pk}" selected>' in page
    assert GoalComment.objects.count() == 1


def test_half_typed_words_are_not_readdressed_when_their_reader_left(as_, cast, lasting):
    suggestion = propose(lasting, cast)
    typed = {"text": "Only for you", "to": str(cast.former_mentorship.pk)}

    page = page_of(as_("owner").post(f"/goals/suggestions/{suggestion.pk}/decline/", typed))

    assert "Only for you</textarea>" in page
    assert "Choose again who this goes to." in page
    assert '<option value="" selected>Choose</option>' in page


def test_without_a_reader_the_suggestion_is_answered_by_a_form_of_its_own(as_, cast, lasting):
    suggestion = propose(lasting, cast)
    end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=timezone.now())
    end_mentorship(mentorship=cast.colleagueship, by=cast.owner, at=timezone.now())
    owner = as_("owner")

    page = page_of(owner.get(f"/goals/{lasting.pk}/"))

    assert 'id="comment-form"' not in page
    assert 'form="comment-form"' not in page
    assert f'formaction="/goals/suggestions/{suggestion.pk}/accept/"' in page
    assert owner.post(f"/goals/suggestions/{suggestion.pk}/accept/", {"was": lasting.title}).status_code == 302


def test_comment_drawn_anew_still_takes_the_half_typed_words_along(as_, cast, lasting):
    suggestion = propose(lasting, cast)
    url = f"/goals/comments/{suggestion.comment_id}/thanks/"

    fragment = page_of(as_("owner").post(url, {"thanks": "1"}, headers=HTMX))

    assert fragment.count('form="comment-form"') == 2
