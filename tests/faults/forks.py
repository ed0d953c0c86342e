"""Sends mail in processes that are cheap to kill: a parent that has loaded everything forks a child for each order.

An order is a line of JSON on stdin: the mail server, the failpoint, what else stands in the environment. The answer is
the child's pid at once and its exit code at its end. The child runs the very task a Celery worker runs;
test_worker_deaths.py kills real Celery workers too, only not so often.
"""

import json
import os
import sys

import django


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def obey(order):
    from django.conf import settings

    from config.environment import smtp_from_url
    from mail import tasks

    os.environ.update(order["env"])
    for name, value in smtp_from_url(order["url"]).items():
        setattr(settings, name, value)
    settings.FAILPOINT = order["failpoint"]
    getattr(tasks, order["task"])()


def main():
    django.setup()
    from tests.faults import kinds  # noqa: F401 - registers the mails

    say("ready")
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            obey(json.loads(line))
            os._exit(0)
        say(pid)
        say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main()
