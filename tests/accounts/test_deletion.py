import io
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import deletion
from accounts.housekeeping import run
from accounts.models import Erasure, User
from accounts.tasks import housekeeping
from mail.models import Message
from sharing.models import Mentorship
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def ada(db):
    return UserFactory(email="ada@example.org", name="Ada Lovelace")


def enter(client):
    client.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    return client


def close(client, **data):
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/delete/"})
    return client.post("/account/delete/", {"sure": "on", **data})


def test_page_says_what_goes_and_what_stays(client, ada):
    enter(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/delete/"})

    page = client.get("/account/delete/").content.decode()

    assert "7 days" in page
    assert "former member" in page
    assert "Every mentorship ends" in page


def test_closing_needs_the_tick(client, ada):
    enter(client)

    response = close(client, sure="")

    ada.refresh_from_db()
    assert response.status_code == 422
    assert "Tick the box" in response.content.decode()
    assert ada.deletion_asked_at is None


def test_closing_ends_everything_at_once(ada, post):
    here, there, forced = enter(Client()), enter(Client()), Client()
    forced.force_login(ada)
    as_mentee, as_mentor = MentorshipFactory(mentee=ada), MentorshipFactory(mentor=ada)

    response = close(here)

    ada.refresh_from_db()
    assert response["Location"] == "/account/login/"
    assert "will be erased on" in here.get("/account/login/").content.decode()
    assert ada.deletion_asked_at is not None
    assert not Mentorship.objects.filter(pk__in=[as_mentee.pk, as_mentor.pk]).active().exists()
    assert not UserSession.objects.filter(user=ada).exists()
    for client in (here, there, forced):
        assert client.get("/account/")["Location"].startswith("/account/login/")
    assert post.subjects("ada@example.org") == ["Your account is closed"]
    assert "http://waymark.test/account/login/" in post.last.text
    assert "http://waymark.test/account/login/" in post.last.html
    assert not User.objects.mailable().filter(pk=ada.pk).exists()


def test_closed_account_shows_only_the_way_back(client, ada):
    ada.ask_deletion(at=NOW)
    enter(client)

    for path in ("/account/", "/account/delete/", "/account/email/", "/account/2fa/", "/account/welcome/"):
        response = client.get(path)
        assert (response.status_code, response.headers.get("Location")) == (302, "/account/deletion/"), path
    assert client.post("/account/name/", {"name": "New"}).status_code == 302
    assert client.get("/account/", headers={"hx-request": "true"})["HX-Redirect"] == "/account/deletion/"
    page = client.get("/account/deletion/").content.decode()
    assert "28 November" in page
    assert User.objects.get().name == "Ada Lovelace"


def test_way_back(client, ada, post):
    ada.ask_deletion(at=NOW)
    enter(client)
    assert client.get("/account/deletion/cancel/").status_code == 405

    assert client.post("/account/deletion/cancel/")["Location"] == "/"

    ada.refresh_from_db()
    assert ada.deletion_asked_at is None
    assert client.get("/account/").status_code == 200
    assert post.subjects("ada@example.org") == ["Your account stays"]


def test_cancelling_what_nobody_asked_says_nothing(client, ada, post):
    enter(client)

    client.post("/account/deletion/cancel/")

    assert not post.outbox


@pytest.mark.parametrize(("late", "erased"), [(timedelta(seconds=-1), False), (timedelta(0), True)])
def test_account_is_erased_after_seven_days(ada, post, late, erased):
    ada.ask_deletion(at=NOW)

    run(now=NOW + timedelta(days=7) + late)

    assert User.objects.filter(pk=ada.pk).exists() is not erased
    assert Erasure.objects.exists() is erased
    assert (post.subjects("ada@example.org") == ["Your account is erased"]) is erased


def test_words_to_others_stay_without_a_name(ada):
    relation = MentorshipFactory(mentor=ada)
    ada.ask_deletion(at=NOW)

    run(now=NOW + timedelta(days=8))

    relation.refresh_from_db()
    assert relation.mentor is None
    assert relation.mentor_name == "former member"
    assert not relation.is_active


def test_housekeeping_twice_is_the_same_as_once(ada):
    User.objects.filter(pk=ada.pk).update(deletion_asked_at=NOW - timedelta(days=30))

    housekeeping()
    housekeeping()

    assert Erasure.objects.count() == 1
    assert not User.objects.exists()


def test_one_account_that_resists_does_not_keep_the_others(ada, monkeypatch, caplog):
    other = UserFactory()
    User.objects.update(deletion_asked_at=NOW - timedelta(days=30))

    def resist(*, user, at):
        if user.pk == ada.pk:
            raise RuntimeError("no")

    monkeypatch.setattr(deletion, "_hooks", [resist])
    run(now=NOW)

    assert list(User.objects.values_list("pk", flat=True)) == [ada.pk]
    assert "could not be erased" in caplog.text
    assert not Erasure.objects.filter(digest=Erasure.digest_of(ada, Erasure.objects.get().salt)).exists()
    assert other.pk != ada.pk


def test_hooks_run_in_the_same_transaction(ada, monkeypatch):
    def fail(*, user, at):
        raise RuntimeError("no")

    monkeypatch.setattr(deletion, "_hooks", [fail])
    with pytest.raises(RuntimeError):
        deletion.ask_deletion(user=ada, at=NOW)

    assert User.objects.get().deletion_asked_at is None
    assert not Message.objects.exists()


def test_hook_is_registered_once(monkeypatch):
    monkeypatch.setattr(deletion, "_hooks", [])

    def hook(*, user, at):
        pass

    deletion.on_deletion_asked(hook)
    deletion.on_deletion_asked(hook)

    assert deletion._hooks == [hook]


def test_ledger_names_nobody(ada):
    deletion.erase(user=ada, at=NOW)

    row = Erasure.objects.get()
    assert "ada@" not in str(row)  # three letters alone may stand in a digest by chance
    assert len(row.digest) == 64


def test_restored_account_is_erased_again_and_a_new_one_with_its_number_is_not(ada, tmp_path):
    pk, joined = ada.pk, ada.date_joined
    bystander = UserFactory(email="bystander@example.org")
    deletion.erase(user=ada, at=NOW)
    ledger = io.StringIO()
    call_command("list_erasures", stdout=ledger)
    (tmp_path / "ledger").write_text(ledger.getvalue())
    Erasure.objects.all().delete()  # the backup is older than the erasure
    UserFactory(pk=pk, email="ada@example.org", date_joined=joined)
    newcomer = UserFactory(email="new@example.org", date_joined=joined + timedelta(days=1))

    out = io.StringIO()
    call_command("replay_erasures", str(tmp_path / "ledger"), stdout=out)

    assert "1 erasures in the ledger, 1 accounts erased again" in out.getvalue()
    assert set(User.objects.values_list("pk", flat=True)) == {bystander.pk, newcomer.pk}
    assert Erasure.objects.count() == 1


def test_new_person_with_an_old_number_is_kept(ada):
    pk, joined = ada.pk, ada.date_joined
    deletion.erase(user=ada, at=NOW)
    UserFactory(pk=pk, date_joined=joined + timedelta(days=1))

    call_command("replay_erasures", stdout=io.StringIO())

    assert User.objects.filter(pk=pk).exists()


def test_replay_mails_nobody(ada, post):
    pk, joined = ada.pk, ada.date_joined
    deletion.erase(user=ada, at=NOW)
    UserFactory(pk=pk, email="ada@example.org", date_joined=joined)
    before = len(post.outbox)

    call_command("replay_erasures", stdout=io.StringIO())

    assert len(post.outbox) == before


@pytest.mark.parametrize("text", ["nonsense\n", "0" * 64 + "\n", "\n"])
def test_replay_refuses_a_file_that_is_no_ledger(tmp_path, text):
    (tmp_path / "ledger").write_text(text)

    with pytest.raises(CommandError, match="Line 1"):
        call_command("replay_erasures", str(tmp_path / "ledger"))


def test_housekeeping_forgets_unfinished_sign_ups_and_expired_sessions(time_machine):
    old = NOW - timedelta(days=8)
    unfinished = UserFactory(verified=False, date_joined=old)
    recent = UserFactory(verified=False, date_joined=NOW - timedelta(days=1))
    finished = UserFactory(date_joined=old)
    operator = UserFactory(verified=False, date_joined=old, is_staff=True)
    invited_before = UserFactory(verified=False, date_joined=old, last_login=old)

    run(now=NOW)

    left = set(User.objects.values_list("pk", flat=True))
    assert unfinished.pk not in left
    assert left == {recent.pk, finished.pk, operator.pk, invited_before.pk}


def test_housekeeping_forgets_devices_whose_session_is_over(client, ada, time_machine):
    time_machine.move_to(NOW, tick=False)
    enter(client)

    run(now=NOW + timedelta(days=31))

    assert not UserSession.objects.exists()
