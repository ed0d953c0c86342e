"""Redis down, hung, emptied: a page loses a moment, a mail at most the minute until the next sweep."""

import http.client
import time
from urllib.parse import urlsplit

import pytest

from config.celery import app
from devstack.faults import Stall, celery_publishing_to, wait_until
from mail import services
from mail.models import Message

# The bell may take so long once; a whole page twice that (sessions ask the same server).
BELL_SECONDS, PAGE_SECONDS = 1.0, 2.0


def break_it(valkey, how):
    if how == "hung":
        valkey.process.send_signal(19)  # SIGSTOP
    else:
        valkey.process.kill()
        valkey.process.wait()


def mend_it(valkey, how):
    if how == "hung":
        valkey.process.send_signal(18)  # SIGCONT
    else:
        valkey.start()


def patient(outbox):
    """The mail server of the test, whose answer is waited for: here it is the broker that fails."""
    return f"{outbox.sink.url}?timeout=30"


def seconds(call):
    begun = time.monotonic()
    call()
    return time.monotonic() - begun


@pytest.mark.parametrize("is_warm", [True, False], ids=["mid-run", "at-start"])
@pytest.mark.parametrize("how", ["down", "hung"])
def test_bell_is_short(outbox, own_valkey, how, is_warm, monkeypatch):
    """F21, F22: ringing in vain takes a second at most, and the next ring of this process nothing at all."""
    with celery_publishing_to(own_valkey.url):
        if is_warm:
            outbox.queue(1)
        break_it(own_valkey, how)
        try:
            first = seconds(lambda: outbox.queue(1))
            again = seconds(lambda: outbox.queue(1))
            monkeypatch.setattr(services, "_bell_silent_until", 0.0)
            later = seconds(lambda: outbox.queue(1))
        finally:
            mend_it(own_valkey, how)

    assert first < BELL_SECONDS
    assert again < 0.1
    assert later < BELL_SECONDS
    assert Message.objects.filter(state="queued").count() == 3 + is_warm


@pytest.mark.parametrize("how", ["down", "hung"])
def test_pages_and_mails_without_redis(outbox, worker, web_process, own_valkey, how):
    """F21, F22: a page that causes a mail answers in time; the mail leaves by the next sweep after Redis is back."""
    env = {"REDIS_URL": own_valkey.url}
    process = worker("-B", "-s", str(outbox.failpoint_file.parent / "beat"), env={**env, "SWEEP_SECONDS": "1"})
    _, url = web_process(env=env)
    assert ask(url, "GET", "/account/login/code/")[0] == 200
    break_it(own_valkey, how)
    begun = time.monotonic()
    try:
        for number in range(3):
            status, took = post_login_code(url, f"ann{number}@example.org")
            assert status < 400
            assert took < PAGE_SECONDS
        assert ask(url, "GET", "/healthz")[0] == 200
        assert Message.objects.count() == 3
    finally:
        mend_it(own_valkey, how)

    assert wait_until(lambda: outbox.states() == {"sent": 3}, patience=90, pause=0.2), process.output[-2000:]
    assert time.monotonic() - begun < 90
    outbox.check()


def test_worker_fetches_on_when_the_end_of_a_task_could_not_be_told(outbox, worker, own_valkey):
    """F22: Redis hangs while the only task a worker may hold comes to its end."""
    outbox.sink.script("r1@example.org", Stall("DATA", seconds=3))
    process = worker(env={"REDIS_URL": own_valkey.url, "EMAIL_URL": patient(outbox)})
    with celery_publishing_to(own_valkey.url):
        outbox.queue(1)
        assert wait_until(lambda: outbox.states() == {"sending": 1}, patience=20), process.output[-2000:]
        break_it(own_valkey, "hung")
        try:
            told = ("Couldn't ack", "Connection to broker lost")  # whatever it tries first once the task has ended
            assert wait_until(lambda: any(words in process.output for words in told)), process.output[-2000:]
        finally:
            mend_it(own_valkey, "hung")

        outbox.queue(1)
        assert wait_until(lambda: outbox.states()["sent"] == 1, patience=20, pause=0.1), process.output[-2000:]


@pytest.mark.parametrize("ticks", [True, False], ids=["clock", "no-clock"])
def test_worker_that_hears_nothing_ends(outbox, worker, own_valkey, ticks):
    """F24: a supervisor starts a new one. One that hears its clock stays."""
    clock = ["-B", "-s", str(outbox.failpoint_file.parent / "beat")] if ticks else []
    env = {"REDIS_URL": own_valkey.url, "SWEEP_SECONDS": "1", "WORKER_SILENCE_SECONDS": "3"}
    process = worker(*clock, env=env)

    assert wait_until(lambda: not process.is_running, patience=8) is not ticks, process.output[-2000:]
    assert ("Heard nothing for 3 s" in process.output) is not ticks


def test_broker_forgets_everything(outbox, worker, own_valkey):
    """F23: FLUSHALL with a thousand rows due, and again in the middle of sending them."""
    env = {"REDIS_URL": own_valkey.url, "SWEEP_SECONDS": "1", "MAIL_LEASE_SECONDS": "30", "EMAIL_URL": patient(outbox)}
    with celery_publishing_to(own_valkey.url):
        outbox.queue(1000)
        own_valkey.empty()
        process = worker("-B", "-s", str(outbox.failpoint_file.parent / "beat"), env=env)
        assert wait_until(lambda: len(outbox.sink.accepted) > 200, patience=60, pause=0.01), process.output[-2000:]
        own_valkey.empty()
        app.send_task("mail.tasks.deliver")
        assert wait_until(lambda: outbox.states() == {"sent": 1000}, patience=90, pause=0.2), process.output[-2000:]
    outbox.check()


def ask(url, method, path, body=None, headers=None):
    """Return status, seconds, cookies and text of one request."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    text = response.read().decode()
    cookies = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
    connection.close()
    return response.status, time.monotonic() - begun, cookies, text


def post_login_code(url, address):
    """Ask for a sign-in code as a browser would; returns status and seconds of the POST."""
    _, _, cookies, text = ask(url, "GET", "/account/login/code/")
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    body = f"csrfmiddlewaretoken={token}&email={address.replace('@', '%40')}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(cookies), "Origin": url}
    status, took, _, _ = ask(url, "POST", "/account/login/code/", body, headers)
    return status, took
