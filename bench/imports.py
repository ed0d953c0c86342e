"""What a file of 20,000 contacts costs: statements for each chunk, and the most memory the page and the worker take.

Counts and sizes, no times: memory is what a process grew by (VmHWM), each step in a process of its own.
"""

import os
import resource
from collections.abc import Callable
from io import BytesIO
from typing import Any

from bench.figures import Figure

OWNER, PEOPLE, KNOWN = 1, 20_000, 10_000
MOST_MEMORY = 48.0  # MB more than at the start
MOST_STATEMENTS = 12.0
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u{n}\r\nFN:Person Number{n}\r\nORG:Firm {m}\r\nTITLE:Role {m}\r\nEMAIL:p{n}@example.org\r\nTEL:+49301{n:06d}\r\nNOTE:met at the fair\r\nEND:VCARD\r\n"


def run(services: dict) -> list[Figure]:
    """Upload, read, look, apply and take back 20,000 people, half of whom are there already."""
    import django

    django.setup()
    from django.db import connection

    from bench import seed
    from contacts.models import Import

    seed.verified_people(OWNER, OWNER)
    _seed_contacts()
    body = _body("".join(CARD.format(n=n, m=n % 50) for n in range(PEOPLE)).encode())
    figures: list[Figure] = []
    for name, step, chunks in (
        ("uploading", lambda: _upload(body), 0),
        ("reading", _work, PEOPLE // 500),
        ("looking at a page", _look, 0),
        ("applying", _apply, PEOPLE // 200),
        ("taking back", _undo, PEOPLE // 200),
    ):
        connection.close()
        statements, megabytes = _measured(step)
        figures.append(Figure(f"MB of memory of {name} 20,000 contacts", megabytes, MOST_MEMORY))
        if chunks:
            figures.append(Figure(f"SQL of {name} 20,000 contacts, a chunk", statements / chunks, MOST_STATEMENTS))
        else:
            figures.append(Figure(f"SQL of {name} 20,000 contacts", statements, 30))
    source = Import.objects.get()
    assert (source.state, source.added, source.updated) == ("undone", PEOPLE - KNOWN, KNOWN)
    connection.close()
    for figure in figures:
        print(figure, flush=True)
    return figures


def _seed_contacts() -> None:
    from django.utils import timezone

    from contacts.models import Contact

    now = timezone.now()
    Contact.objects.bulk_create(
        [Contact(owner_id=OWNER, uid=f"u{n}", name=f"Person Number{n}", created_at=now) for n in range(KNOWN)],
        batch_size=2000,
    )


def _measured(step: Callable[[], Any]) -> tuple[int, float]:
    """Run a step in a child; return its statements and by how many megabytes it grew at most."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if not pid:
        from django.db import connection

        counter = _Counter()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with connection.execute_wrapper(counter):
            step()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os.write(write_end, f"{counter.count} {(after - before) / 1024}".encode())
        os._exit(0)
    os.close(write_end)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with os.fdopen(read_end) as pipe:
        answer = pipe.read()
    if status or not answer:
        raise RuntimeError(f"the step ended with {status}")
    statements, megabytes = answer.split()
    return int(statements), float(megabytes)


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def _client() -> Any:
    from django.test import Client

    from accounts.models import User

    client = Client(SERVER_NAME="waymark.test")
    client.force_login(User.objects.get(pk=OWNER), backend="accounts.backends.AuthenticationBackend")
    return client


def _body(text: bytes) -> bytes:
    """Return what a browser posts; made beforehand, so that it is not the page that pays for it."""
    from django.test.client import BOUNDARY, encode_multipart

    file = BytesIO(text)
    file.name = "people.vcf"
    return encode_multipart(BOUNDARY, {"file": file, "region": "DE"})


def _upload(body: bytes) -> None:
    from django.test.client import MULTIPART_CONTENT

    response = _client().generic("POST", "/contacts/import/", body, content_type=MULTIPART_CONTENT, secure=True)
    assert response.status_code == 302, response.status_code


def _look() -> None:
    from contacts.models import Import

    response = _client().get(Import.objects.get().get_absolute_url(), secure=True)
    assert response.status_code == 200, response.status_code


def _work() -> None:
    from contacts.imports.work import work
    from contacts.models import Import

    while Import.objects.filter(state__in=Import.WORKED_ON).exists():
        work()


def _apply() -> None:
    from django.utils import timezone

    from contacts.models import Import
    from contacts.services import importing

    assert importing.start(source=Import.objects.get(), at=timezone.now())
    _work()


def _undo() -> None:
    from django.utils import timezone

    from contacts.models import Import
    from contacts.services import importing

    assert importing.start_undo(source=Import.objects.get(), at=timezone.now())
    _work()
