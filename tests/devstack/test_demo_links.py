"""Every link a demo person meets leads somewhere: walked from the first page, with the demo lives loaded."""

import re
from collections import Counter
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from devstack.people import PEOPLE

LINK = re.compile(r'\s(?:href|src|hx-get)="([^"]*)"')
# Of addresses that differ only in ids and query a few tell enough.
MOST_OF_A_KIND = 8


def walk(client):
    """Follow links from `/` over all pages; returns the addresses that failed, each with the page it stands on."""
    queue, seen, kinds, wrong = [("/", "")], {"/"}, Counter(), []
    while queue:
        url, origin = queue.pop(0)
        response = client.get(url)
        if response.status_code not in {200, 302}:
            wrong.append(f"{response.status_code} {url} (on {origin})")
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in LINK.findall(response.content.decode()):
            target = urljoin(url, urldefrag(unescape(link)).url)
            path = urlsplit(target).path
            if target in seen or urlsplit(target).scheme:
                continue
            seen.add(target)
            kind = re.sub(r"[0-9]+", "N", path)
            kinds[kind] += 1
            if path.startswith(settings.STATIC_URL):
                if not finders.find(path.removeprefix(settings.STATIC_URL)):
                    wrong.append(f"no file {target} (on {url})")
            elif kinds[kind] <= MOST_OF_A_KIND:
                queue.append((target, url))
    return wrong


def walk_as(key):
    """Walk as one of the demo people, None: as a visitor; what failed is told with their name."""
    client = Client()
    if key:
        client.force_login(User.objects.get(email=f"{key}@example.org"), backend=settings.AUTHENTICATION_BACKENDS[0])
    return [f"{key or 'a visitor'}: {line}" for line in walk(client)]


@pytest.mark.once
@pytest.mark.django_db
def test_every_link_leads_somewhere():
    call_command("demo", verbosity=0)

    wrong = [line for key in [None, *(person.key for person in PEOPLE)] for line in walk_as(key)]

    assert not wrong, "\n".join(wrong)
