import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from goals.models import Goal, Milestone
from journal import follow
from journal.models import Entry, Intention, Outcome, Proposal
from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.factories.journal import EntryFactory, IntentionFactory, OutcomeFactory, ProposalFactory, ReflectionFactory
from tests.factories.wins import WinFactory
from tests.journal.clock import NOW
from tests.races import at_once
from wins.models import Win

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("saturday")]
HTMX = {"hx-request": "true"}


@pytest.fixture
def entry(cast, owner):
    return EntryFactory(owner=owner, title="The canteen", shared_with=[cast.mentorship])


@pytest.fixture
def goal(owner):
    return GoalFactory(owner=owner, title="Run 12 interviews", starts_on=date(2026, 10, 1), due_on=date(2027, 3, 1))


def text_of(response):
    return response.content.decode()


def post(client, entry, kind, **data):
    return client.post(f"/journal/{entry.pk}/follow/", {"kind": kind, **data})


# Making ---------------------------------------------------------------------------------------------------------------


def test_win_from_an_entry_is_of_its_day_and_keeps_where_it_came_from(client, owner, entry):
    for _ in range(2):
        post(client, entry, "win", text="Spoke up")

    win = Win.objects.get()
    assert (win.owner, win.text, win.happened_on) == (owner, "Spoke up", entry.entry_on)
    assert Outcome.objects.get().win == win
    assert "A win you kept" in text_of(client.get(f"/journal/{entry.pk}/follow/"))


def test_task_from_an_entry_belongs_to_the_chosen_goal(client, entry, goal):
    for _ in range(2):
        post(client, entry, "task", text="Write to Hannah", goal=goal.pk, due_on="2026-12-01")

    task = Milestone.objects.get()
    assert (task.goal, task.kind, task.title, task.due_on) == (goal, "task", "Write to Hannah", date(2026, 12, 1))
    assert Outcome.objects.get().milestone == task


@pytest.mark.parametrize("week", ["2026-W47", "2026-W48"])
def test_focus_from_a_note_takes_the_place_of_the_one_before(client, owner, entry, week):
    IntentionFactory(entry=ReflectionFactory(owner=owner), key=week, text="Before")

    for _ in range(2):
        post(client, entry, "focus", text="After", week=week)

    assert [(row.key, row.text) for row in Intention.objects.all()] == [(week, "After")]
    assert Outcome.objects.get().intention.text == "After"
    assert f"Focus of Week {week[-2:]}" in text_of(client.get(f"/journal/{entry.pk}/follow/"))


def test_focus_is_meant_for_the_week_after_a_reflection_unless_that_is_over(owner):
    today = NOW.date()  # Saturday of week 47

    assert follow.focus_key(ReflectionFactory(owner=owner, entry_on=date(2026, 11, 21)), today) == "2026-W48"
    assert follow.focus_key(ReflectionFactory(owner=owner, entry_on=date(2026, 11, 15)), today) == "2026-W47"
    assert follow.focus_key(ReflectionFactory(owner=owner, entry_on=date(2026, 10, 15)), today) == "2026-W47"
    assert follow.focus_key(EntryFactory(owner=owner), today) == "2026-W47"


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("win", {"text": " "}, "Write a few words first."),
        ("win", {"text": "Long " * 80}, "300"),
        ("task", {"text": "Kept words"}, "Choose the goal it is for."),
        ("task", {"text": "Kept words", "goal": "x"}, "That goal is no longer on the way."),
        ("task", {"text": "Kept words", "goal": "9" * 30}, "That goal is no longer on the way."),
        ("task", {"text": "Kept words", "goal": "own", "due_on": "soon"}, "Use a date, like"),
        ("task", {"text": "Kept words", "goal": "own", "due_on": "2025-12-01"}, "Did you mean 1 December 2026?"),
        ("focus", {"text": "Kept words", "week": "2026-W01"}, "That choice is not there any more."),
        ("focus", {"text": "\u200d"}, "Please use at least one letter or number."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_stores_nothing_and_keeps_what_was_typed(client, entry, goal, kind, data, said, headers):
    data = {name: str(goal.pk) if value == "own" else value for name, value in data.items()}
    response = client.post(f"/journal/{entry.pk}/follow/", {"kind": kind, **data}, headers=headers)

    assert response.status_code == 422
    assert said in text_of(response)
    assert data["text"].strip() in text_of(response)
    assert re.search(r"<details[^>]* open", text_of(response))
    assert [model.objects.count() for model in (Outcome, Win, Milestone)] == [0, 0, 0]


@pytest.mark.parametrize("data", [{}, {"kind": "x"}, {"kind": "goal", "text": "x"}])
def test_unknown_kind_is_refused(client, entry, data):
    assert client.post(f"/journal/{entry.pk}/follow/", data).status_code == 400


def test_goal_of_somebody_else_is_refused(client, cast, entry):
    theirs = GoalFactory(owner=cast.stranger, title="NOTMINE", shared_with=[])

    response = post(client, entry, "task", text="Mine", goal=theirs.pk)

    assert response.status_code == 422
    assert "NOTMINE" not in text_of(response)
    assert not Milestone.objects.exists()


def test_goal_with_very_many_steps_says_so(client, entry, goal):
    MilestoneFactory.create_batch(60, goal=goal)

    response = post(client, entry, "task", text="One more", goal=goal.pk)

    assert response.status_code == 422
    assert "A goal has room for 60 milestones." in text_of(response)
    assert not Outcome.objects.exists()


def test_deleted_entry_leads_nowhere(client, entry):
    proposal = ProposalFactory(entry=entry)
    entry.put_in_bin(at=NOW)

    assert client.get(f"/journal/{entry.pk}/follow/").status_code == 404
    assert post(client, entry, "win", text="x").status_code == 404
    assert client.post(f"/journal/proposals/{proposal.pk}/leave/").status_code == 404
    with pytest.raises(Entry.DoesNotExist):
        follow.keep_win(entry=entry, text="x", day=NOW.date(), at=NOW)
    assert not Win.objects.exists()


def test_readers_are_told_of_nothing(client, cast, entry, goal):
    ProposalFactory(entry=entry, text="Proposed ostrich")
    OutcomeFactory(entry=entry, milestone__goal=goal, milestone__title="Task ostrich")
    client.force_login(cast.mentor)

    assert "ostrich" not in text_of(client.get(entry.get_absolute_url()))
    assert "/follow/" not in text_of(client.get(entry.get_absolute_url()))
    assert client.get(f"/journal/{entry.pk}/follow/").status_code == 403
    entry.shared_with.clear()
    assert client.get(f"/journal/{entry.pk}/follow/").status_code == 404


def test_owner_previewing_a_reader_sees_nothing_of_it(client, cast, entry):
    html = text_of(client.get(f"{entry.get_absolute_url()}?as={cast.mentorship.pk}"))

    assert "/follow/" not in html


def test_what_was_taken_away_is_no_longer_listed(client, owner, entry, goal):
    OutcomeFactory(entry=entry, milestone__goal=goal, milestone__title="Removed", milestone__removed_at=NOW)
    gone = GoalFactory(owner=owner, title="Binned", deleted_at=NOW)
    OutcomeFactory(entry=entry, milestone__goal=gone, milestone__title="Of binned")
    OutcomeFactory(entry=entry, kind="goal", milestone=None, goal=gone, how="move")
    OutcomeFactory(entry=entry, kind="win", milestone=None, win=WinFactory(owner=owner, text="Lost", deleted_at=NOW))

    html = text_of(client.get(f"/journal/{entry.pk}/follow/"))

    assert "What came of it" not in html
    assert not [word for word in ("Removed", "Of binned", "Lost") if word in html]


# Adjusting a goal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "data", "said"),
    [
        ("move", {"due_on": "2027-04-01", "reason": "The entry"}, "Date moved"),
        ("shrink", {"target_value": "10", "reason": "The entry"}, "Made smaller"),
        ("rest", {"since": "2026-11-21"}, "Resting"),
        ("log", {"value": "6", "note": "Phone desk"}, "Progress logged"),
    ],
)
def test_goal_is_adjusted_from_inside_an_entry(client, entry, goal, how, data, said):
    url = f"/journal/{entry.pk}/goals/{goal.pk}/{how}/?next=/journal/{entry.pk}/"
    page = text_of(client.get(url))
    Goal.objects.filter(pk=goal.pk).update(updated_at=NOW - timedelta(days=9))

    response = client.post(url, data)

    assert f'href="/journal/{entry.pk}/"' in page, "whoever thinks better of it comes back to the entry"
    assert response["Location"] == f"/journal/{entry.pk}/"
    outcome = Outcome.objects.get()
    assert (outcome.entry, outcome.goal, outcome.how) == (entry, goal, how)
    assert said in text_of(client.get(f"/journal/{entry.pk}/follow/"))


def test_goal_that_was_not_changed_leaves_no_trace(client, entry, goal):
    url = f"/journal/{entry.pk}/goals/{goal.pk}/move/"

    assert client.get(url).status_code == 200
    assert client.post(url, {"due_on": "never"}).status_code == 422
    assert not Outcome.objects.exists()


def test_goal_of_somebody_else_is_not_adjusted(client, cast, entry, goal):
    theirs = GoalFactory(owner=cast.stranger)
    shown = GoalFactory(owner=cast.stranger)
    shown.shared_with.add(cast.mentorship.__class__.objects.create(
        mentee=cast.stranger, mentor=cast.owner, started_at=NOW
    ))  # fmt: skip

    for number, status in ((theirs.pk, 404), (10**15, 404), (shown.pk, 403)):
        assert client.post(f"/journal/{entry.pk}/goals/{number}/move/", {"due_on": "2027-04-01"}).status_code == status
    assert client.post(f"/journal/{entry.pk}/goals/{goal.pk}/delete/").status_code == 404
    assert not Outcome.objects.exists()


# Proposals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sent", "made"), [("win", "win", Win), ("next", "focus", Intention), ("task", "task", Milestone)]
)
def test_proposal_is_taken_up_once_in_the_words_it_was_given(client, entry, goal, kind, sent, made):
    proposal = ProposalFactory(entry=entry, kind=kind, text="As it came")
    data = {"proposal": proposal.pk, "text": "In better words", "goal": goal.pk, "week": "2026-W47"}
    assert "As it came" in text_of(client.get(f"/journal/{entry.pk}/follow/"))

    first = post(client, entry, sent, **data, next="/")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        second = client.post(f"/journal/{entry.pk}/follow/", {"kind": sent, **data}, follow=True)

    assert first["Location"] == "/"
    assert "That was answered already." in text_of(second)
    assert made.objects.count() == Outcome.objects.count() == 1
    proposal.refresh_from_db()
    assert proposal.answer == "taken"
    assert "As it came" not in text_of(client.get(f"/journal/{entry.pk}/follow/"))


def test_proposal_with_a_mistake_keeps_what_was_typed(client, entry, goal):
    proposal = ProposalFactory(entry=entry, kind="task", text="As it came")

    response = post(client, entry, "task", proposal=proposal.pk, text="Half done", goal="")

    assert response.status_code == 422
    assert ">Half done</textarea>" in text_of(response)
    assert "Choose the goal it is for." in text_of(response)
    proposal.refresh_from_db()
    assert proposal.answered_at is None


def test_proposal_is_left(client, entry):
    proposal = ProposalFactory(entry=entry)
    for _ in range(2):
        client.post(f"/journal/proposals/{proposal.pk}/leave/")

    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_at) == ("left", NOW)
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("which", ["other entry", "x", "9" * 30])
def test_proposal_of_another_entry_is_not_found(client, owner, entry, which):
    other = ProposalFactory(entry=EntryFactory(owner=owner))
    number = other.pk if which == "other entry" else which

    assert post(client, entry, "win", text="x", proposal=number).status_code == 404
    assert not Win.objects.exists()


def test_this_week_offers_what_was_proposed_lately(client, owner, entry, goal):
    ProposalFactory(entry=entry, text="Spoke <up>", created_at=NOW)
    ProposalFactory(entry=entry, kind="task", text="Write to Hannah", created_at=NOW)
    ProposalFactory(entry=entry, text="Long ago", created_at=NOW - timedelta(days=20))

    html = text_of(client.get("/"))

    assert "Spoke &lt;up&gt;" in html
    assert f"/journal/{entry.pk}/follow/#proposal-" in html
    assert "Long ago" not in html


@pytest.mark.django_db(transaction=True)
def test_taken_up_twice_at_once_is_one_win(cast):
    entry = EntryFactory(owner=cast.owner)
    proposal = ProposalFactory(entry=entry)

    def act():
        row = Proposal.objects.select_related("entry__owner").get(pk=proposal.pk)
        return follow.keep_win(entry=row.entry, text="Once", day=NOW.date(), at=NOW, proposal=row)

    found = at_once(act, act)

    assert Win.objects.count() == Outcome.objects.count() == 1
    assert sum(isinstance(each, follow.AlreadyAnswered) for each in found) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_follow_asks_the_same_for_any_number(client, owner, entry, rows, django_assert_num_queries):
    for _ in range(rows):
        ProposalFactory(entry=entry)
        OutcomeFactory(entry=entry)
    client.get(f"/journal/{entry.pk}/follow/", headers=HTMX)

    # The visitor; the entry, and that it is one's own; the goals on the way; what is proposed, what came of it.
    with django_assert_num_queries(6):
        html = text_of(client.get(f"/journal/{entry.pk}/follow/", headers=HTMX))

    assert html.count("make it a task?") + html.count("keep it as a win?") == rows


# Asked about next time ------------------------------------------------------------------------------------------------

WRITE = "/journal/write/?week=2026-W47"


def asked(client):
    return text_of(client.get(WRITE))


def test_next_reflection_asks_about_tasks_and_goals_of_earlier_entries(client, owner, goal):
    earlier = ReflectionFactory(owner=owner, entry_on=date(2026, 11, 15))
    task = OutcomeFactory(entry=earlier, milestone__goal=goal, milestone__title="Write to Hannah", created_at=NOW)
    moved = OutcomeFactory(entry=earlier, kind="goal", milestone=None, goal=goal, how="move", created_at=NOW)

    words = {"action": "later", "answer_1": "Words.", "page": "a-page-that-is-open"}

    html = asked(client)
    assert "Write to Hannah" in html
    assert "Run 12 interviews: date moved" in html

    for _ in range(2):
        client.post(WRITE, {**words, f"came_of_{task.pk}": "yes", f"came_of_{moved.pk}": "partly"})

    task.refresh_from_db()
    moved.refresh_from_db()
    assert (task.answer, moved.answer, task.answered_at) == ("yes", "partly", NOW)
    assert task.milestone.done_at == NOW, "a task that was done is ticked"
    assert re.search(rf'name="came_of_{task.pk}" value="yes" checked', asked(client))

    client.post(WRITE, {**words, f"came_of_{task.pk}": "no"})

    task.milestone.refresh_from_db()
    assert task.milestone.done_at is None, "a slip is taken back"


def test_next_reflection_does_not_ask_about_others(client, owner, cast, goal):
    here = ReflectionFactory(owner=owner, entry_on=date(2026, 11, 21))
    earlier = ReflectionFactory(owner=owner, entry_on=date(2026, 11, 15))
    for title, row in (
        ("Of this week", {"entry": here}),
        ("Too long ago", {"entry": earlier, "created_at": NOW - timedelta(days=60)}),
        ("Answered", {"entry": earlier, "answer": "no", "answered_at": NOW - timedelta(days=8)}),
        ("Removed", {"entry": earlier, "milestone__removed_at": NOW}),
    ):
        OutcomeFactory(**{"milestone__goal": goal, "milestone__title": title, "created_at": NOW} | row)
    theirs = OutcomeFactory(entry=ReflectionFactory(owner=cast.stranger), created_at=NOW)

    html = asked(client)
    client.post(WRITE, {"action": "later", f"came_of_{theirs.pk}": "yes", "answer_1": "Words."})

    assert "came_of_" not in html
    theirs.refresh_from_db()
    assert theirs.answer == ""


def test_task_that_was_done_since_is_not_asked_about(client, owner, goal):
    earlier = ReflectionFactory(owner=owner, entry_on=date(2026, 11, 15))
    row = OutcomeFactory(entry=earlier, milestone__goal=goal, milestone__done_at=NOW, created_at=NOW)

    html = asked(client)
    client.post(WRITE, {"action": "later", f"came_of_{row.pk}": "no", "answer_1": "Words."})

    assert row.milestone.title in html
    assert "came_of_" not in html
    row.milestone.refresh_from_db()
    assert row.milestone.done_at == NOW


def test_words_are_saved_before_seeing_what_follows(client, owner):
    response = client.post(WRITE, {"action": "follow", "answer_1": "Words."})

    entry = Entry.objects.get()
    assert response["Location"] == f"/journal/{entry.pk}/follow/"
    assert not entry.is_finished
    assert 'href="/journal/write/?week=2026-W47"' in text_of(client.get(response["Location"]))


# Constraints ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "win"}, {"milestone": None}, {"how": "move"}, {"kind": "goal", "milestone": None, "how": "move"},
        {"answer": "yes"}, {"answered_at": NOW}, {"answer": "maybe", "answered_at": NOW}, {"kind": "focus"},
    ],
)  # fmt: skip
def test_outcome_constraints(owner, fields):
    entry = EntryFactory(owner=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomeFactory(**{"entry": entry} | fields)


def test_outcome_of_one_entry_and_thing_is_one(owner, entry, goal):
    OutcomeFactory(entry=entry, kind="goal", milestone=None, goal=goal, how="move")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomeFactory(entry=entry, kind="goal", milestone=None, goal=goal, how="move")


@pytest.mark.parametrize("fields", [{"kind": "wish"}, {"answer": "taken"}, {"answered_at": NOW}])
def test_proposal_constraints(entry, fields):
    with pytest.raises(ValidationError):
        ProposalFactory.build(entry=entry, **fields).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalFactory(entry=entry, **fields)
