"""Starting points fill the form for a new goal."""

import pytest
from django.utils import timezone

from goals.models import FormDraft, Goal
from goals.starters import GROUPS, STARTERS
from tests.goals.pages import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return client


def test_page_lists_every_starting_point_in_its_group(owner):
    page = page_of(owner.get("/goals/starters/"))

    for group in GROUPS:
        assert group.name in page
    for slug in STARTERS:
        assert f'href="/goals/new/?from={slug}"' in page


def test_new_goal_and_the_empty_list_lead_there(owner):
    assert 'href="/goals/starters/"' in page_of(owner.get("/goals/new/"))
    assert 'href="/goals/starters/"' in page_of(owner.get("/goals/"))


@pytest.mark.parametrize("slug", STARTERS)
def test_starting_point_fills_the_form_and_stores_nothing(owner, slug):
    starter = STARTERS[slug]
    page = page_of(owner.get(f"/goals/new/?from={slug}"))

    first_title = starter.milestones[0][1]
    assert f"Filled from “{starter.name}”" in page.replace("&#x27;", "'")
    assert f'value="{starter.title}"' in page.replace("&#x27;", "'")
    assert first_title in page.replace("&#x27;", "'")
    assert f'value="{starter.measure}" id="id_measure_' in page
    assert page.count('name="new') >= len(starter.milestones) * 3
    assert "errsum" not in page
    assert not FormDraft.objects.exists()
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    "query", ["?from=nothing", "?from=", "?from=%3Cb%3E", "?from=" + "x" * 5000, "?from=new-role&from=x"]
)
def test_unknown_starting_point_is_an_empty_form(owner, query):
    answer = owner.get(f"/goals/new/{query}")

    assert answer.status_code == 200
    assert "Filled from" not in page_of(answer)


def test_draft_is_not_overwritten_without_asking(owner):
    owner.post("/goals/new/draft/", {"title": "My own words", "measure": "number"})
    draft = FormDraft.objects.get()

    page = page_of(owner.get("/goals/new/?from=new-role"))
    assert 'value="My own words"' in page
    assert "Start afresh with “Find a new role”" in page

    answer = owner.post(f"/goals/drafts/{draft.pk}/drop/?from=new-role")
    assert answer.headers["Location"] == "/goals/new/?from=new-role"
    assert "Filled from “Find a new role”" in page_of(owner.get(answer.headers["Location"]))


@pytest.mark.parametrize("slug", ["//evil.example", "x&y=z", "nothing"])
def test_dropping_leads_only_to_starting_points_there_are(owner, slug):
    owner.post("/goals/new/draft/", {"title": "My own words"})

    answer = owner.post(f"/goals/drafts/{FormDraft.objects.get().pk}/drop/", query_params={"from": slug})

    assert answer.headers["Location"] == "/goals/new/"


def test_filled_form_is_saved_like_any_other(owner, cast):
    starter = STARTERS["new-role"]
    today = cast.owner.today(timezone.now())
    steps = {f"new{number}-title": step.title for number, step in enumerate(starter.steps(today))}
    fields = {name: value for name, value in starter.fields(today).items() if value is not None}

    answer = owner.post("/goals/new/?from=new-role", fields | steps | {"rows": str(len(steps))})

    assert answer.status_code == 302
    assert Goal.objects.get().milestones.count() == len(starter.milestones)
