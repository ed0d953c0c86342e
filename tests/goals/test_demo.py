from datetime import timedelta

import pytest
from django.utils import timezone

from devstack.demo import gather_cast
from goals.demo import STORIES, fill
from goals.models import Goal, GoalComment
from goals.trail import standing_of

pytestmark = pytest.mark.django_db


def test_fill_tells_the_lives_of_the_drawings_and_only_once():
    now = timezone.now()
    cast = gather_cast(now=now)
    today = cast.amara.today(now)

    fill(cast, today)
    fill(cast, today + timedelta(days=1))

    assert Goal.objects.count() == len(STORIES)
    goals = {goal.title: standing_of(goal, today=today) for goal in Goal.objects.with_progress()}
    assert goals["Run 12 user interviews"].sentence == "5 of 12 interviews, a little behind"
    assert goals["Give a short talk at a local meetup"].words == "6 days past its date"
    assert goals["Get comfortable with SQL"].words == "Ahead of plan"
    assert goals["Move into a user research role"].words == "On pace"
    assert goals["Train two new colleagues by April"].words == "A little behind"
    assert goals["Write the returns handbook"].words == "Ahead of plan"
    assert goals["Lead the Monday stand-up on my own"].words == "On pace"
    assert {goal.title for goal in Goal.objects.visible_to(cast.ruth)} == {
        "Run 12 user interviews",
        "Move into a user research role",
        "Read two books on interviewing",
    }
    assert GoalComment.objects.visible_to(cast.ruth).count() == 5
    assert not Goal.objects.visible_to(cast.kenji).exists()


def test_fill_obeys_every_rule_of_the_models():
    now = timezone.now()
    cast = gather_cast(now=now)

    fill(cast, cast.amara.today(now))

    for goal in Goal.objects.all():
        goal.full_clean(exclude=["owner"])
