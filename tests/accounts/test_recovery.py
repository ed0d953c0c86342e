import io
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command

from accounts import recovery
from accounts.housekeeping import run
from tests.accounts.test_second_factor import digits, enter_digits, enter_password
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def ada(db):
    return UserFactory(email="ada@example.org", name="Ada")


@pytest.fixture
def secret(ada):
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    return secret


def reset_command(email="ada@example.org"):
    out = io.StringIO()
    call_command("reset_second_factor", email, stdout=out)
    return out.getvalue()


def test_operator_asks_owner_is_told_and_a_day_later_it_is_gone(client, ada, secret, post, time_machine):
    time_machine.move_to(NOW, tick=False)
    assert "They have been told" in reset_command("ADA@example.org")
    assert post.subjects("ada@example.org") == ["Your second factor will be removed"]
    assert "22 November 2026" in post.last.text
    assert "http://waymark.test/account/" in post.last.html

    time_machine.move_to(NOW + timedelta(hours=23, minutes=59), tick=False)
    assert "takes effect 24 hours after" in reset_command()
    run(now=NOW + timedelta(hours=23, minutes=59))
    assert Authenticator.objects.exists()

    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    assert "is removed" in reset_command()
    assert not Authenticator.objects.exists()
    assert post.subjects("ada@example.org")[-1] == "Your second factor was removed"
    enter_password(client)
    assert "_auth_user_id" in client.session


def test_housekeeping_does_it_too_and_signs_out_everywhere(client, ada, secret, post):
    client.force_login(ada)
    recovery.ask_reset(user=ada, at=NOW)

    run(now=NOW + timedelta(days=1, hours=18))

    assert not Authenticator.objects.exists()
    assert client.get("/account/").status_code == 302


def test_owner_who_signs_in_keeps_the_factor(client, ada, secret, time_machine):
    time_machine.move_to(NOW, tick=False)
    reset_command()
    enter_password(client)
    enter_digits(client, digits(secret))

    run(now=NOW + timedelta(days=2))

    assert Authenticator.objects.exists()


def test_somebody_with_only_the_password_does_not_stop_it(client, ada, secret, time_machine):
    time_machine.move_to(NOW, tick=False)
    reset_command()
    enter_password(client)  # gets no further than the question for the digits

    run(now=NOW + timedelta(days=2))

    assert not Authenticator.objects.exists()


def test_owner_who_is_signed_in_says_no(client, ada, secret):
    client.force_login(ada)
    recovery.ask_reset(user=ada, at=NOW)
    assert "Keep my second factor" in client.get("/account/").content.decode()

    client.post("/account/second-factor/keep/")

    run(now=NOW + timedelta(days=2))
    assert Authenticator.objects.exists()
    assert "Keep my second factor" not in client.get("/account/").content.decode()


@pytest.mark.parametrize("email", ["nobody@example.org", "ada@example.org"])
def test_nothing_to_reset(ada, email):
    with pytest.raises(CommandError):
        reset_command(email)
