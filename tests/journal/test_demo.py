from datetime import UTC, datetime, timedelta

import pytest

from devstack.demo import gather_cast
from journal import demo, periods
from journal.models import Entry, EntryComment, Intention, Period

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", range(7))
def test_demo_leaves_the_week_to_be_written_open_on_any_day(days):
    now = datetime(2026, 11, 16, 12, tzinfo=UTC) + timedelta(days=days)
    cast = gather_cast(now=now)
    today = cast.amara.today(now)

    demo.fill(cast, today)
    demo.fill(cast, today)

    mine = Entry.objects.owned_by(cast.amara)
    assert mine.reflections().count() == 34
    assert not mine.of_period(periods.asked_about(today)).exists()
    assert Intention.objects.owned_by(cast.amara).for_period(periods.asked_about(today)).exists()
    assert not mine.filter(entry_on__gt=today).exists()
    assert not EntryComment.objects.filter(created_at__gt=now).exists()
    assert set(Period.objects.owned_by(cast.amara).values_list("state", flat=True)) == {"written"}


def test_demo_shares_as_the_pictures_show():
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    cast = gather_cast(now=now)

    demo.fill(cast, cast.amara.today(now))

    shared = Entry.objects.visible_to
    assert shared(cast.ruth).exclude(owner=cast.ruth).count() == 2
    assert shared(cast.priya).exclude(owner=cast.priya).count() == 1
    assert {entry.owner for entry in shared(cast.amara).exclude(owner=cast.amara)} == {cast.leo, cast.sofia}
    assert not shared(cast.kenji).exists()


def test_demo_asks_amara_what_a_real_account_would_be_asked():
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    cast = gather_cast(now=now)

    demo.fill(cast, cast.amara.today(now))

    mine = Period.objects.owned_by(cast.amara).filter(kind="week")
    weeks = {row.key: {one.id for one in row.questions if one.id} for row in mine}
    for key, asked in weeks.items():
        for near in periods.weeks_up_to(key, 9)[:-1]:
            assert not asked & weeks.get(near, set()), (key, near)
    assert cast.amara.own_questions.count() == 3
    assert cast.amara.question_wishes.count() == 2
