"""Sends mail in processes that are cheap to kill: a parent that has loaded everything forks a child for each order.

Orders are lines on stdin, a failpoint or nothing; the answer is the child's pid at once and its exit code at its end.
The child runs the very task a Celery worker runs. test_worker_deaths.py kills real Celery workers too, only not so
often.
"""

import os
import sys

import django


def main():
    django.setup()
    from django.conf import settings

    from mail.tasks import sweep
    from tests.faults import kinds  # noqa: F401 - registers the mails

    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            settings.FAILPOINT = line.strip()
            sweep()
            os._exit(0)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
