"""What a page costs: CPU in H, statements, blocks, bytes. Called by `python -m bench`."""

import gzip
import os
import re
import statistics
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.figures import Figure
from bench.servers import ROOT, Web, tree_cpu

ROUNDS, REQUESTS = 3, 150
SMALL, LARGE = 350, 33_400  # people with 30 goals each: about 10,000 goals, then about 1,000,000
HEADERS = {"X-Forwarded-Proto": "https", "Host": "waymark.test", "Accept-Encoding": "identity"}
CSRF_SECRET = "bench" * 6 + "ok"  # as long as Django's, and any will do
FORM_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "X-CSRFToken": CSRF_SECRET,
    "Origin": "https://waymark.test",
}
# What the goal form posts at each pause in typing.
GOAL_FORM = urlencode(
    {
        "title": "Build a portfolio of three research case studies",
        "why": "Interviewers keep asking to see my work. I want to show how I think, not just list what I did.",
        "measure": "number",
        "start_value": "0",
        "target_value": "3",
        "unit": "case studies",
        "due_on": "2199-07-31",
        "computed": "pace",
        "hours_a_week": "3",
        "achievable": "Two free evenings, and a colleague reads.",
        "rows": "3",
        **{f"new{number}-{part}": text for number in range(3) for part, text in (("title", "A step"), ("due_on", ""))},
        "version": "0",
        "at": "title",
    }
)
PEERS_CPU, PEERS_SQL = "55 / 65 / 41", "10 / 11 / 12"


@dataclass(frozen=True)
class Page:
    """A page with its limits: CPU in H, statements (frame counts included). `posted` is a form that is sent to it."""

    name: str
    path: str
    cpu: float
    sql: float
    is_fragment: bool = False
    posted: str = ""


class Meter:
    """Reads the counters of the servers around a number of requests."""

    def __init__(self, web: Web, services: dict, cookies: list[str]) -> None:
        self.web, self.cookies = web, cookies
        self.postgres, self.valkey = services["postgres"], services["valkey"]

    def get(self, page: Page, turn: int = 0) -> bytes:
        headers = HEADERS | {"Cookie": self.cookies[turn % len(self.cookies)]}
        if page.is_fragment:
            headers["HX-Request"] = "true"
        if page.posted:
            headers |= FORM_HEADERS | {"Cookie": f"{headers['Cookie']}; __Host-csrf={CSRF_SECRET}"}
        status, body = self.web.get(page.path, headers, page.posted)
        if status != 200:
            raise RuntimeError(f"{page.path} answers {status}")
        return body

    def cpu(self) -> float:
        """CPU seconds so far of web server, Postgres and Valkey together."""
        return self.web.cpu() + tree_cpu(self.postgres.process.pid) + tree_cpu(self.valkey.process.pid)

    def statements(self, page: Page, requests: int = 20) -> tuple[float, float]:
        """Return SQL statements and shared blocks per request, on warm connections."""
        from django.db import connection

        for turn in range(12):  # each worker thread has its connection, each session its place in the cache
            self.get(page, turn % 2)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_statements_reset()")
            for _ in range(requests):
                self.get(page)
            cursor.execute(
                """SELECT sum(calls), sum(shared_blks_hit + shared_blks_read) FROM pg_stat_statements
                   WHERE query NOT LIKE '%%pg_stat_statements%%'"""
            )
            calls, blocks = cursor.fetchone()
        return float(calls) / requests, float(blocks) / requests


def sign_in(people: list[int]) -> list[str]:
    """Return session cookies of these people, as a sign-in would have left them."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    from accounts.models import User

    cookies = []
    for user in User.objects.filter(pk__in=people).order_by("pk"):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


def calibrate(hello: Web) -> float:
    """Return the CPU milliseconds of one hello request in this moment."""
    before = hello.cpu()
    for _ in range(REQUESTS):
        hello.get("/", {})
    return (hello.cpu() - before) / REQUESTS * 1000


def measure_cpu(meter: Meter, hello: Web, pages: list[Page]) -> dict[str, float]:
    """Return each page's CPU in H: the median of interleaved rounds."""
    ratios: dict[str, list[float]] = {page.name: [] for page in pages}
    for page in pages:
        for turn in range(30):
            meter.get(page, turn)
    for _ in range(30):
        hello.get("/", {})
    for _ in range(ROUNDS):
        unit = calibrate(hello)
        for page in pages:
            before = meter.cpu()
            for turn in range(REQUESTS):
                meter.get(page, turn)
            ratios[page.name].append((meter.cpu() - before) / REQUESTS * 1000 / unit)
    return {name: statistics.median(values) for name, values in ratios.items()}


def transfer(html: bytes) -> tuple[float, float, int]:
    """Return kilobytes of a cold visit without fonts, of script in it, and the number of requests, fonts included."""
    from django.conf import settings

    paths = set(re.findall(r'(?:src|href)="/static/([^"#?]+)', html.decode()))
    paths |= set(re.findall(r'href="/static/([^"#?]+\.svg)#', html.decode()))
    sizes = {}
    for path in paths:
        file = settings.STATIC_ROOT / path
        packed = [file.with_name(file.name + ending) for ending in (".br", ".gz")]
        sizes[path] = min(one.stat().st_size for one in [file, *packed] if one.exists())
    script = sum(size for path, size in sizes.items() if path.endswith(".js"))
    total = len(gzip.compress(html, 6)) + sum(sizes.values())
    fonts = 2
    return total / 1024, script / 1024, 1 + len(sizes) + fonts


def run(services: dict) -> list[Figure]:
    """Seed, measure small, grow, measure blocks again; print as it goes and return the figures."""
    import django

    django.setup()
    from django.db import connection

    from bench import seed
    from core.encrypted import encrypt
    from goals.models import Goal
    from journal.models import Entry
    from sharing.models import Mentorship

    seed.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    cipher = encrypt("what gave me energy " * 25)
    seed.people(1, SMALL)
    seed.goals(1, SMALL)
    seed.updates(1, 40)
    seed.entries(1, SMALL, seed.ENTRIES_EACH, cipher)
    goal = Goal.objects.filter(owner_id=2).earliest("pk")
    entry = Entry.objects.filter(owner_id=2).latest("entry_on")
    mentorship = Mentorship.objects.get(mentee_id=1)
    goal_of_mentee = Goal.objects.filter(owner_id=1).order_by("pk")[:12]
    mentorship.goals.set(goal_of_mentee)
    seed.execute("SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), 1000000)")
    connection.close()
    seed.settle()

    pages = [
        Page("goals list, 25 rows", "/goals/", 12, 4),
        Page("journal list", "/journal/", 12, 4),
        Page("This week", "/", 25, 16),
        Page("goal page", f"/goals/{goal.pk}/", 15, 8),
        Page("your mentees", "/mentees/", 25, 16),
        Page("one mentee", f"/mentees/{mentorship.pk}/", 25, 16),
        Page("settings", "/settings/", 15, 8),
        Page("journal entry", f"/journal/{entry.pk}/", 15, 8),
        Page("writing a reflection", "/journal/write/", 25, 16),
        Page("mentors", "/mentors/", 15, 8),
        Page("the form for a new goal", "/goals/new/", 15, 8),
        Page("the form of a goal", f"/goals/{goal.pk}/edit/", 15, 8),
        Page("goals list as fragment", "/goals/", 5, 4, is_fragment=True),
        Page("SMART check as fragment", "/goals/new/check/", 5, 4, is_fragment=True, posted=GOAL_FORM),
        Page("draft of a goal as fragment", f"/goals/{goal.pk}/draft/", 5, 4, is_fragment=True, posted=GOAL_FORM),
    ]
    figures: list[Figure] = []

    def add(figure: Figure) -> None:
        figures.append(figure)
        print(figure, flush=True)

    hello, web = Web("bench.calibration.wsgi"), Web("config.wsgi")
    try:
        one = Meter(web, services, sign_in([2]))
        ratios = measure_cpu(one, hello, pages)
        for page in pages:
            add(Figure(f"CPU of {page.name}, in H", ratios[page.name], page.cpu, PEERS_CPU))
        small = {page.name: one.statements(page) for page in pages}
        for page in pages:
            extra = 0 if page.is_fragment else 1  # the counts in the frame
            add(Figure(f"SQL of {page.name}", small[page.name][0], page.sql + extra, PEERS_SQL))
        html = one.get(pages[0])
        kilobytes, script, requests = transfer(html)
        add(Figure("HTML of the goals list, KB", len(html) / 1024, 40, "71-99"))
        add(Figure("HTML of the goals list, gzipped, KB", len(gzip.compress(html, 6)) / 1024, 8, "6-11"))
        add(Figure("cold transfer of the goals list without fonts, KB", kilobytes, 60, "146"))
        add(Figure("script in it, KB", script, 20, "108"))
        add(Figure("requests of a cold visit", requests, 9, "5"))
        if not os.environ.get("BENCH_SMALL"):
            seed.people(SMALL + 2, LARGE)
            seed.goals(SMALL + 2, LARGE)
            seed.entries(SMALL + 2, LARGE, 150, cipher)
            seed.settle()
            for page in pages:
                blocks = one.statements(page)[1]
                ratio = blocks / small[page.name][1]
                add(Figure(f"blocks of {page.name} at 1M goals and 5M entries over 10k", ratio, 1.25, "up to 97"))
    finally:
        hello.stop()
        web.stop()
    return figures


__all__ = ["ROOT", "run"]
