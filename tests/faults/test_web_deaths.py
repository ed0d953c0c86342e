"""A web process that dies in the middle of a POST: all or nothing, and one mail."""

import http.client
from importlib import import_module
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from mail.models import Message
from mentors.models import Invitation
from tests.factories.accounts import UserFactory
from tests.faults.conftest import ROUNDS

TOKEN = "x" * 32  # a CSRF secret is good for its own form field


class Browser:
    """A signed-in person at a web process, over real HTTP."""

    def __init__(self, url, user):
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        self.address = urlsplit(url)
        prefix = f"waymark{self.address.port}-"
        self.headers = {
            "Cookie": f"{prefix}session={store.session_key}; {prefix}csrf={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": url,
        }

    def post(self, path, **fields):
        """Return the status; 0 if the process died over it."""
        connection = http.client.HTTPConnection(self.address.netloc, timeout=30)
        try:
            connection.request("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}), self.headers)
            return connection.getresponse().status
        except (http.client.HTTPException, ConnectionError):
            return 0
        finally:
            connection.close()


@pytest.mark.parametrize(
    ("place", "kept"),
    [("queue.after_insert", 0), ("queue.before_bell", 1), ("queue.after_bell", 1)],
    ids=["F1-before-commit", "F3-before-bell", "F2-before-response"],
)
def test_kill_in_a_post(outbox, forks, web_process, place, kept):
    """F1, F2, F3: SIGKILL in the middle of inviting somebody; then the person presses the button again."""
    _, url = web_process("--preload", env=outbox.env)
    for number in range(ROUNDS):
        browser = Browser(url, UserFactory())
        fields = {"email": f"ruth{number}@example.org", "kind": "mentor", "message": "Would you?"}
        outbox.arm(place)
        assert browser.post("/mentors/invite/", **fields) == 0
        assert outbox.has_fired()
        ours = Invitation.objects.filter(email=fields["email"])
        assert ours.count() == kept
        assert Message.objects.filter(to=fields["email"]).count() == kept

        assert browser.post("/mentors/invite/", **fields) in {200, 302, 422}
        assert ours.count() == 1
        assert Message.objects.filter(to=fields["email"]).count() == 1

    forks.run()  # nobody rang, or nobody heard it: the sweep sends
    assert outbox.states() == {"sent": ROUNDS}
    outbox.check()
