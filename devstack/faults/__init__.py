"""What breaks on purpose: a scriptable SMTP server, a TCP proxy that can be cut, processes that can be killed.

The fixtures over them are in `devstack.pytest_plugin`; everything here acts only on what the test itself started.

    def test_a_soft_bounce_is_tried_again(smtp_sink, celery_worker_process):
        smtp_sink.script("leo@example.org", Reply("RCPT", 451), Reply("END", 452))
        worker = celery_worker_process(env={"EMAIL_URL": smtp_sink.url, "WAYMARK_FAILPOINT": "..."})
        ...
        worker.kill()                       # SIGKILL to the whole process group
        assert [m.message_id for m in smtp_sink.accepted] == [...]

A fault test is marked `@pytest.mark.faults`; with the argument `fault_round` it is repeated, 5 times in `make test` and
100 times in `make faults`.
"""

from devstack.faults.processes import ChildProcess, celery_publishing_to, free_port, python, wait_until
from devstack.faults.smtp import ANYBODY, Accepted, Drop, Reply, SmtpSink, Stall, Step
from devstack.faults.tcp import TcpProxy

__all__ = [
    "ANYBODY",
    "Accepted",
    "ChildProcess",
    "Drop",
    "Reply",
    "SmtpSink",
    "Stall",
    "Step",
    "TcpProxy",
    "celery_publishing_to",
    "free_port",
    "python",
    "wait_until",
]
