import random
from collections import Counter

import pytest
from django.db import connection

from core.timekeeping import week_key
from journal import periods
from journal.models import Period, QuestionWish
from journal.questions import asking
from journal.questions.asked import Asked
from journal.questions.choosing import LAST_QUESTION
from tests.factories.accounts import UserFactory
from tests.factories.journal import WRITTEN_AT, OwnQuestionFactory, PeriodFactory, QuestionWishFactory

pytestmark = pytest.mark.django_db
WEEK = "2026-W46"


def stored(period):
    with connection.cursor() as cursor:
        cursor.execute("SELECT questions::text FROM journal_period WHERE id = %s", [period.pk])
        return cursor.fetchone()[0]


def choose_for(owner, key=WEEK, hints=()):
    return asking.choose_for({owner.pk: key}, {owner.pk: hints})[owner.pk]


def test_weeks_opened_in_any_order_ask_nothing_twice_within_eight():
    dice = random.Random(46)
    owner = UserFactory()
    OwnQuestionFactory(owner=owner)
    keys = periods.weeks_up_to("2027-W10", 40)
    tags = ["late", "quiet", "progress", "comment", "low_mood"]
    for key in dice.sample(keys, len(keys)):
        periods.open_period(owner, key, dice.sample(tags, 2))

    asked = {row.key: [one.id for one in row.questions if one.id] for row in Period.objects.all()}
    for start in range(len(keys) - 8):
        counted = Counter(one for key in keys[start : start + 9] for one in asked[key])
        assert max(counted.values()) == 1
    assert all(len(row.questions) == 4 for row in Period.objects.all())


def test_months_ask_nothing_twice_within_a_season():
    owner = UserFactory()
    keys = ["2026-08", "2026-11", "2026-09", "2027-01", "2026-10", "2026-12"]
    asked = {key: [one.id for one in periods.open_period(owner, key).questions if one.id] for key in keys}

    for first, last in [("2026-08", "2026-11"), ("2026-09", "2026-12"), ("2026-10", "2027-01")]:
        counted = Counter(one for key, rows in asked.items() if first <= key <= last for one in rows)
        assert max(counted.values()) == 1


def test_choice_for_many_costs_the_same_as_for_one(django_assert_num_queries):
    people = UserFactory.create_batch(4)
    for person in people[:3]:
        PeriodFactory(owner=person, key="2026-W45")
        OwnQuestionFactory(owner=person)
        QuestionWishFactory(owner=person, question="energy")

    for few in (people[:1], people):
        with django_assert_num_queries(2):
            found = asking.choose_for({person.pk: WEEK for person in few}, {})
        assert len(found) == len(few)
    assert "energy" in {one.id for one in found[people[0].pk]}


def test_nobody_is_asked_by_the_history_or_wishes_of_another():
    owner, other = UserFactory.create_batch(2)
    OwnQuestionFactory(owner=other)
    QuestionWishFactory(owner=other, question="energy")
    PeriodFactory(owner=other, key="2026-W45", questions=choose_for(owner))

    assert choose_for(owner) == choose_for(UserFactory())


def test_own_question_is_stored_without_its_words_and_read_with_them(django_assert_num_queries):
    own = OwnQuestionFactory(text="What did the heron do?")

    period = periods.open_period(own.owner, WEEK)

    assert "heron" not in stored(period)
    assert f'"own-{own.pk}"' in stored(period)
    period.refresh_from_db()
    with django_assert_num_queries(1):
        asked = asking.worded(own.owner, period.questions)
    assert "What did the heron do?" in asked
    own.put_in_bin(at=WRITTEN_AT)
    assert asking.worded(own.owner, period.questions)[2] == ""
    assert len(asking.asked_of(own.owner, WEEK, hints=set)) == 3
    with django_assert_num_queries(0):
        asking.worded(own.owner, [Asked(LAST_QUESTION)])


@pytest.mark.parametrize("way", ["one", "many"])
def test_wish_is_gone_once_it_is_fulfilled_and_waits_until_then(way):
    owner = UserFactory()
    PeriodFactory(owner=owner, key="2026-W45", questions=[Asked("Again?", "proud")])
    for name in ("energy", "proud", "m-glad"):
        QuestionWishFactory(owner=owner, question=name)

    if way == "one":
        period = periods.open_period(owner, WEEK)
    else:
        period = periods.open_periods({owner.pk: WEEK}, {})[owner.pk]

    assert [one.id for one in period.questions if one.why == "asked"] == ["energy"]
    assert set(QuestionWish.objects.values_list("question", flat=True)) == {"proud", "m-glad"}


def test_paused_question_of_ones_own_is_not_asked():
    own = OwnQuestionFactory()
    QuestionWishFactory(owner=own.owner, question=own.name, wish="leave")

    assert not any(one.is_own for one in choose_for(own.owner))


def test_question_of_a_kind_of_week_waits_for_one():
    own = OwnQuestionFactory(fits=["late"])

    assert not any(one.is_own for one in choose_for(own.owner))
    assert any(one.is_own for one in choose_for(own.owner, hints=["late"]))


def test_week_of_before_reasons_were_kept_is_read_and_heeded():
    owner = UserFactory()
    old = PeriodFactory(owner=owner, key="2026-W45")
    with connection.cursor() as cursor:
        cursor.execute("""UPDATE journal_period SET questions = '["What gave you energy?", "Long gone?"]'""")

    old.refresh_from_db()

    assert old.questions == ["What gave you energy?", "Long gone?"]
    assert [one.id for one in old.questions] == ["energy", ""]
    QuestionWishFactory(owner=owner, question="energy")
    assert "energy" not in {one.id for one in choose_for(owner)}


def test_the_week_itself_and_far_ones_do_not_count():
    owner = UserFactory()
    monday = periods.week_bounds(WEEK)[0]
    for weeks in (0, 9, -9):
        key = week_key(monday + periods.timedelta(weeks=weeks))
        PeriodFactory(owner=owner, key=key, questions=[Asked("Q?", "energy")])
    QuestionWishFactory(owner=owner, question="energy")

    assert "energy" in {one.id for one in choose_for(owner)}
