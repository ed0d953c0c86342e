from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import Break, User
from core.compiled import CompiledQuery, PreparedStatement
from tests.factories.accounts import BreakFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_rows_with_other_values():
    query = CompiledQuery(
        lambda user, day: Break.objects.filter(user=user).covering(day).values("pk"), user=int, day=date
    )
    one, other = UserFactory(), UserFactory()
    row = BreakFactory(user=one, from_on=date(2026, 11, 20), until_on=date(2026, 11, 22))

    assert query.rows(user=one.pk, day=date(2026, 11, 21)) == [(row.pk,)]
    assert query.rows(user=one.pk, day=date(2026, 11, 23)) == []
    assert query.rows(user=other.pk, day=date(2026, 11, 21)) == []


def test_builds_once():
    built = []

    def build(at):
        built.append(at)
        return User.objects.filter(date_joined__gt=at).values("pk")

    query = CompiledQuery(build, at=datetime)
    UserFactory()
    for _ in range(3):
        assert len(query.rows(at=datetime(2020, 1, 1, tzinfo=UTC))) == 1

    assert len(built) == 2


@pytest.mark.parametrize(
    "build",
    [
        lambda user: User.objects.filter(pk__in=range(user % 7)).values("pk"),  # another form
        lambda user: User.objects.filter(pk=user + 1).values("pk"),  # another value
    ],
)
def test_values_that_decide_more(build):
    with pytest.raises(ValueError, match="decide more than parameters"):
        CompiledQuery(build, user=int).rows(user=1)


def test_two_arguments_of_one_type():
    query = CompiledQuery(
        lambda first, last: Break.objects.touching(first, last).order_by("pk").values("pk"), first=date, last=date
    )
    row = BreakFactory(from_on=date(2026, 11, 20), until_on=date(2026, 11, 22))

    assert query.rows(first=date(2026, 11, 22), last=date(2026, 11, 30)) == [(row.pk,)]
    assert query.rows(first=date(2026, 11, 1), last=date(2026, 11, 19)) == []


def test_objects_are_those_of_the_queryset():
    def build(user):
        return Break.objects.filter(user=user).select_related("user").annotate(ends=F("until_on")).order_by("pk")

    row = BreakFactory(user__time_zone="Asia/Kolkata", until_on=date(2026, 11, 22), from_on=date(2026, 11, 20))
    (expected,) = build(row.user_id)

    (found,) = CompiledQuery(build, user=int).objects(user=row.user_id)

    with CaptureQueriesContext(connection) as asked:
        assert (found, found.from_on, found.ends) == (expected, expected.from_on, expected.ends)
        assert (found.user, found.user.time_zone, found.user.name) == (
            row.user,
            ZoneInfo("Asia/Kolkata"),
            row.user.name,
        )
    assert not asked.captured_queries
    assert found._state.adding is False


def test_objects_of_values():
    with pytest.raises(TypeError, match="has rows"):
        CompiledQuery(lambda user: Break.objects.filter(user=user).values("pk"), user=int).objects(user=1)


def test_is_prepared_once_for_numbers_of_any_size():
    query = CompiledQuery(lambda user: User.objects.filter(pk=user, email__contains="prepared").values("pk"), user=int)

    for number in (1, 1_000_000, 2**40):
        assert query.rows(user=number) == []

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%prepared%'")
        assert cursor.fetchone() == (1,)


def test_fixed_values_are_written_out():
    person = UserFactory(name="50 % O'Neill")
    query = CompiledQuery(
        lambda user: User.objects.filter(pk=user, name__contains="% O'N", name__iregex="[%]{1}").values_list("name"),
        user=int,
    )

    assert query.rows(user=person.pk) == [("50 % O'Neill",)]


def test_is_asked_again_after_a_rollback():
    query = CompiledQuery(lambda user: User.objects.filter(pk=user).values("pk"), user=int)
    person = UserFactory()

    for _ in range(2):
        with transaction.atomic():
            assert query.rows(user=person.pk) == [(person.pk,)]
            transaction.set_rollback(True)


def test_one_object():
    query = CompiledQuery(lambda user: User.objects.filter(pk=user), user=int)
    person = UserFactory()

    assert query.one(user=person.pk) == person
    assert query.one(user=person.pk + 1) is None
    assert query.one(user=2**63) is None


def test_a_list_of_any_length():
    query = CompiledQuery(
        lambda users, day: Break.objects.filter(user__in=users).covering(day).order_by("pk").values("pk"),
        users=list,
        day=date,
    )
    rows = [BreakFactory(from_on=date(2026, 11, 20), until_on=None) for _ in range(3)]
    day, users = date(2026, 11, 21), [row.user_id for row in rows]

    assert query.rows(users=users[:2], day=day) == [(row.pk,) for row in rows[:2]]
    assert query.rows(users=users, day=day) == [(row.pk,) for row in rows]
    assert query.rows(users=[], day=day) == []


def test_a_list_beside_percent_signs_and_fixed_values():
    query = CompiledQuery(
        lambda users: User.objects.filter(pk__in=users, name__contains="50%s").order_by("pk").values("pk"), users=list
    )
    user, _ = UserFactory(name="At 50%s and more"), UserFactory(name="Other")

    assert query.rows(users=list(User.objects.values_list("pk", flat=True))) == [(user.pk,)]


def test_a_list_that_stands_elsewhere():
    with pytest.raises(ValueError, match="elsewhere"):
        CompiledQuery(lambda users: User.objects.filter(pk=users[0]).values("pk"), users=list).rows(users=[1])


def test_rows_are_converted_like_those_of_the_queryset():
    person = UserFactory(time_zone="Asia/Kolkata")

    query = CompiledQuery(lambda user: User.objects.filter(pk=user).values_list("pk", "time_zone"), user=int)

    assert query.rows(user=person.pk) == [(person.pk, ZoneInfo("Asia/Kolkata"))]


def test_log_tells_the_statement(django_assert_num_queries):
    query = CompiledQuery(lambda user: User.objects.filter(pk=user, name="50 %").values("pk"), user=int)

    with django_assert_num_queries(1) as asked:
        query.rows(user=7)

    assert "= 7" in asked.captured_queries[0]["sql"]
    assert "'50 %'" in asked.captured_queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.django_db(transaction=True)
def test_a_statement_by_hand_is_planned_once_and_survives_a_lost_connection():
    statement = PreparedStatement("UPDATE accounts_user SET name = %s WHERE id = %s")
    person = UserFactory()

    assert statement.execute("One", person.pk) == 1
    connection.close()
    assert statement.execute("Two “$1”, 50 %", person.pk) == 1
    assert statement.execute("Nobody", 2**40) == 0

    person.refresh_from_db()
    assert person.name == "Two “$1”, 50 %"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE accounts_user SET name%'"
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_a_statement_by_hand_that_postgres_refuses():
    statement = PreparedStatement("UPDATE accounts_user SET email = %s WHERE id = %s")
    one, other = UserFactory(), UserFactory()

    with pytest.raises(IntegrityError, match="duplicate key"):
        statement.execute(one.email, other.pk)

    assert statement.execute("other@example.org", other.pk) == 1


@pytest.mark.django_db(transaction=True)
def test_a_statement_by_hand_on_a_connection_that_was_ended():
    statement = PreparedStatement("UPDATE accounts_user SET name = %s WHERE id = %s")
    person = UserFactory()
    statement.execute("One", person.pk)
    with psycopg.connect(**connection.get_connection_params()) as another:
        another.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    for _ in range(2):  # once told why, once that it is gone
        with pytest.raises(OperationalError):
            statement.execute("Two", person.pk)

    connection.close()
    assert statement.execute("Three", person.pk) == 1


def test_a_statement_by_hand_in_a_transaction_is_part_of_it():
    statement = PreparedStatement("UPDATE accounts_user SET name = %s WHERE id = %s")
    person = UserFactory(name="Before")

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        statement.execute("After", person.pk)
        raise ZeroDivisionError

    person.refresh_from_db()
    assert person.name == "Before"


def test_words_are_arguments_too():
    query = CompiledQuery(
        lambda user, name: User.objects.filter(pk=user, name=name).values_list("name"), user=int, name=str
    )
    person = UserFactory(name="50 % of 'it'; $1 %s {}")

    assert query.rows(user=person.pk, name=person.name) == [(person.name,)]
    assert query.rows(user=person.pk, name="Another") == []
