import pytest

from accounts.backends import AuthenticationBackend
from accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_get_user_is_one_question(django_assert_num_queries):
    person = UserFactory(time_zone="Asia/Kolkata")
    AuthenticationBackend().get_user(person.pk)

    with django_assert_num_queries(1):
        found = AuthenticationBackend().get_user(person.pk)
        expected = {field.attname: getattr(person, field.attname) for field in User._meta.concrete_fields}
        assert {name: getattr(found, name) for name in expected} == expected | {"time_zone": found.time_zone}
    assert str(found.time_zone) == "Asia/Kolkata"


def test_get_user_of_a_closed_or_erased_account():
    closed = UserFactory(is_active=False)

    assert AuthenticationBackend().get_user(closed.pk) is None
    assert AuthenticationBackend().get_user(closed.pk + 1) is None


def test_changes_of_an_account_show_at_the_next_request(client):
    person = UserFactory()
    client.force_login(person)
    assert client.get("/more/").status_code == 200

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get("/more/").status_code == 302
