"""What is typed into the goal form is kept before it is saved."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from goals.forms.typed import MOST_CHARACTERS, TooMuch, typed
from goals.models import FormDraft, Goal
from goals.services import FORM_DRAFT_DAYS, erase_old_forms, keep_form
from goals.tasks import housekeeping
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.goals.pages import HTMX, page_of

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Learn to say",
    "why": "I am ti",
    "measure": "number",
    "start_value": "0",
    "target_value": "a few",
    "due_on": "2199-13-45",
    "computed": "due_on",
    "pace": "two",
    "importance": "3",
    "hours_a_week": "x",
    "rows": "4",
    "new0-title": "Say it once",
    "new0-due_on": "2199-01-01",
    "new3-title": "Say it again",
    "new3-task": "1",
    "version": "0",
}


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return client


@pytest.fixture
def goal(cast):
    today = timezone.now().date()
    return GoalFactory(
        owner=cast.owner,
        title="As it is saved",
        starts_on=today - timedelta(days=30),
        due_on=today + timedelta(days=60),
        shared_with=[cast.mentorship],
    )


def keep(client, url="/goals/new/draft/", **changes):
    return client.post(url, TYPED | changes, headers=HTMX)


def test_what_is_typed_is_kept_valid_or_not_and_comes_back(owner):
    answer = keep(owner)
    page = page_of(owner.get("/goals/new/"))

    assert f"Draft kept, {timezone.localtime(FormDraft.objects.get().kept_at):%H:%M}" in page_of(answer)
    for shown in ('value="Learn to say"', "I am ti</textarea>", 'value="a few"', 'value="2199-13-45"', 'value="two"'):
        assert shown in page
    for shown in ('value="Say it once"', 'name="new3-title"', 'value="Say it again"', "Draft kept, ", "Start afresh"):
        assert shown in page
    assert 'name="new3-task" value="1" checked' in page
    assert 'value="due_on" id="id_computed_1" checked' in page
    assert 'value="3" id="id_importance_2" checked' in page
    assert "errsum" not in page
    assert 'class="err"' not in page
    assert not Goal.objects.exists()


def test_last_words_win_and_there_is_one_row(owner, cast):
    keep(owner)
    keep(owner, title="Learn to say no")

    assert FormDraft.objects.get().fields["title"] == "Learn to say no"
    assert FormDraft.objects.get().owner == cast.owner


def test_new_form_and_each_edit_have_a_row_of_their_own(cast, goal):
    now = timezone.now()
    for each in (None, goal, None, goal):
        keep_form(goal=each, fields={"title": str(each)}, by=cast.owner, at=now)

    assert {(row.goal, row.fields["title"]) for row in FormDraft.objects.all()} == {(None, "None"), (goal, str(goal))}


@pytest.mark.django_db(transaction=True)
def test_first_words_of_many_tabs_at_once_are_one_row():
    owner = UserFactory()

    def type_in(number):
        keep_form(goal=None, fields={"title": str(number)}, by=owner, at=timezone.now())
        connection.close()

    with ThreadPoolExecutor(8) as tabs:
        list(tabs.map(type_in, range(24)))

    assert FormDraft.objects.get().owner == owner


def test_saving_forgets_the_draft(owner):
    keep(owner)
    good = TYPED | {"target_value": "3", "hours_a_week": "2", "pace": "1", "due_on": ""}

    failed = owner.post("/goals/new/", TYPED)
    assert (failed.status_code, FormDraft.objects.count()) == (422, 1)
    saved = owner.post("/goals/new/", good)

    assert saved.status_code == 302
    assert not FormDraft.objects.exists()
    assert "Draft kept" not in page_of(owner.get("/goals/new/"))


def test_form_that_was_sent_and_not_saved_is_kept_without_script(owner):
    failed = owner.post("/goals/new/", TYPED)
    assert "Draft kept, " in page_of(failed)
    assert 'value="Learn to say"' in page_of(owner.get("/goals/new/"))

    owner.post("/goals/new/", TYPED | {"title": "Learn more", "check": "1"})
    assert 'value="Learn more"' in page_of(owner.get("/goals/new/"))
    assert owner.post("/goals/new/", TYPED | {"why": "x" * MOST_CHARACTERS}).status_code == 422


def test_autosave_that_comes_after_its_own_save_brings_nothing_back(owner):
    token = "0123456789abcdef"
    good = TYPED | {"target_value": "3", "hours_a_week": "2", "pace": "1", "due_on": "", "page": token}
    owner.post("/goals/new/", good)

    late = keep(owner, page=token)
    other_tab = keep(owner, page="f" * 16)

    assert "Draft kept" not in page_of(late)
    assert "Draft kept" in page_of(other_tab)


@pytest.mark.parametrize("page", ["", "x" * 16, "../" * 400, "٣" * 16])
def test_odd_token_is_no_token(owner, page):
    owner.post("/goals/new/", TYPED | {"page": page, "draft": "1"})

    assert "Draft kept" in page_of(keep(owner, page=page))
    assert caches["fast"].get(f"goal-form:{page[:10]}") is None


def test_empty_form_is_not_kept_and_emptied_words_are_forgotten(owner):
    empty = {"measure": "number", "start_value": "0", "rows": "3", "title": "", "version": "0", "importance": "2"}
    owner.post("/goals/new/draft/", empty, headers=HTMX)
    assert not FormDraft.objects.exists()

    keep(owner)
    owner.post("/goals/new/draft/", empty, headers=HTMX)
    assert not FormDraft.objects.exists()


def test_draft_of_an_edit_leaves_the_goal_and_its_readers_alone(owner, goal, client, cast):
    milestone = MilestoneFactory(goal=goal, title="As it was")
    changes = {"version": str(goal.version), f"m{milestone.pk}-title": "Typed over", f"m{milestone.pk}-remove": "1"}
    keep(owner, f"/goals/{goal.pk}/draft/", title="Typed words", **changes)
    page = page_of(owner.get(f"/goals/{goal.pk}/edit/"))

    assert 'value="Typed words"' in page
    assert 'value="Typed over"' in page
    assert f'name="m{milestone.pk}-remove" value="1" checked' in page
    assert "Typed words" not in page_of(owner.get(f"/goals/{goal.pk}/"))
    assert "Typed words" not in page_of(owner.get("/goals/new/"))
    client.force_login(cast.mentor)
    assert "Typed words" not in page_of(client.get(f"/goals/{goal.pk}/"))
    assert client.get(f"/goals/{goal.pk}/edit/").status_code == 403


def test_draft_remembers_the_version_it_was_typed_upon(owner, goal):
    keep(owner, f"/goals/{goal.pk}/draft/", title="Typed before", version=str(goal.version))
    data = {"title": "Saved elsewhere", "measure": "yes_no", "due_on": goal.due_on.isoformat(), "reason": "x"}
    owner.post(
        f"/goals/{goal.pk}/edit/", data | {"version": str(goal.version), "starts_on": goal.starts_on.isoformat()}
    )
    keep(owner, f"/goals/{goal.pk}/draft/", title="Typed before", version=str(goal.version))  # the other tab goes on

    page = page_of(owner.get(f"/goals/{goal.pk}/edit/"))
    answer = owner.post(f"/goals/{goal.pk}/edit/", data | {"title": "Typed before", "version": str(goal.version)})

    assert "saving this shows you both versions" in page
    assert f'name="version" id="id_version" value="{goal.version}"' in page
    assert answer.status_code == 409
    assert "Saved elsewhere" in page_of(answer)
    assert 'value="Typed before"' in page_of(answer)


def test_starting_afresh_asks_first(owner, goal):
    keep(owner)
    keep(owner, f"/goals/{goal.pk}/draft/")
    new, edit = FormDraft.objects.get(goal=None), FormDraft.objects.get(goal=goal)

    asked = page_of(owner.get(f"/goals/drafts/{new.pk}/drop/"))
    assert "It began with “Learn to say”." in asked
    assert FormDraft.objects.count() == 2

    assert owner.post(f"/goals/drafts/{new.pk}/drop/").headers["Location"] == "/goals/new/"
    assert owner.post(f"/goals/drafts/{edit.pk}/drop/").headers["Location"] == f"/goals/{goal.pk}/edit/"
    assert not FormDraft.objects.exists()
    assert 'value="As it is saved"' in page_of(owner.get(f"/goals/{goal.pk}/edit/"))


def test_too_much_is_refused_calmly_and_what_was_kept_stays(owner):
    keep(owner)

    answer = keep(owner, why="x" * MOST_CHARACTERS)

    assert answer.status_code == 413
    assert "Your words are in this tab" in page_of(answer)
    assert "<!doctype" not in page_of(answer)
    assert FormDraft.objects.get().fields["why"] == "I am ti"


def test_every_field_at_its_longest_is_kept(owner):
    longest = {"title": "ö" * 200, "why": "語" * 4000, "achievable": "x" * 4000, "reason": "x" * 2000}
    longest |= {"evidence": "x" * 400, "unit": "x" * 40, "rows": "60"}
    for number in range(60):
        longest |= {f"new{number}-title": "x" * 200, f"new{number}-due_on": "2027-01-01"}

    assert keep(owner, **longest).status_code == 200


@pytest.mark.parametrize(
    "odd", ["\x00", "a\x00b", "\ud800", "<script>alert(1)</script>", "\u202e", "{{ 7|add:7 }}", "'); DROP TABLE"]
)
def test_odd_words_are_kept_and_shown_as_text(owner, odd):
    posted = odd.encode("utf-8", "surrogatepass")
    body = b"title=x" + b"".join(b"%%%02x" % byte for byte in posted) + b"&new0-title=y&rows=1"
    answer = owner.post("/goals/new/draft/", body, content_type="application/x-www-form-urlencoded", headers=HTMX)
    page = page_of(owner.get("/goals/new/"))

    assert answer.status_code == 200
    assert "<script>alert" not in page


def test_only_fields_of_the_form_are_kept(rf):
    names = [
        "csrfmiddlewaretoken",
        "page",
        "at",
        "draft",
        "owner",
        "m1-owner",
        "new0-",
        "new0000-title",
        "m" + "9" * 40,
    ]
    request = rf.post("/", dict.fromkeys(names, "x") | {"title": "Yes", "share": ["1", "2"], "m7-title": "Yes"})

    assert typed(request.POST) == {"title": "Yes", "share": ["1", "2"], "m7-title": "Yes"}
    with pytest.raises(TooMuch):
        typed(rf.post("/", {"title": "x" * 30_001}).POST)


def test_chosen_readers_come_back_and_others_never(owner, cast):
    keep(owner, share=[str(cast.mentorship.pk), "x", "999999999999"])

    page = page_of(owner.get("/goals/new/"))

    assert f'name="share" value="{cast.mentorship.pk}" id="id_share_0" checked' in page
    assert page.count('name="share"') == 3


def test_forms_left_alone_are_erased(cast, time_machine):
    now = timezone.now()
    keep_form(goal=None, fields={"title": "x"}, by=cast.owner, at=now - timedelta(days=FORM_DRAFT_DAYS, minutes=1))
    keep_form(goal=None, fields={"title": "y"}, by=cast.mentor, at=now - timedelta(days=FORM_DRAFT_DAYS - 1))

    housekeeping()

    assert FormDraft.objects.get().owner == cast.mentor
    assert erase_old_forms(now=now) == 0


def test_draft_of_yesterday_says_its_day(owner):
    keep(owner)
    FormDraft.objects.update(kept_at=timezone.now() - timedelta(days=1))

    page = page_of(owner.get("/goals/new/"))

    assert "Draft kept, yesterday" in page
    assert "as it was kept yesterday" in page


def test_signed_out_while_typing_is_sent_to_sign_in(client):
    answer = keep(client)

    assert answer.headers["HX-Redirect"].startswith("/account/login/")
    assert not FormDraft.objects.exists()


def test_form_pages_ask_few_questions(owner, goal, cast, django_assert_num_queries, frame_queries):
    MilestoneFactory.create_batch(3, goal=goal)
    keep(owner, f"/goals/{goal.pk}/draft/")
    frame = frame_queries(owner)

    with django_assert_num_queries(4 + frame):  # the visitor, the draft, the readers, what was logged of late
        owner.get("/goals/new/")
    with django_assert_num_queries(5 + frame):  # the visitor, the goal, the draft, its milestones, what was logged
        owner.get(f"/goals/{goal.pk}/edit/")
    with django_assert_num_queries(3):  # the visitor, the goal, the draft
        keep(owner, f"/goals/{goal.pk}/draft/")
