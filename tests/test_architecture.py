"""What the structure promises: directions, public pages, settings, tasks."""

import re
import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from config.celery import app as celery_app

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LAYERS: list[str] = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]  # top first

# Every address that answers without sign-in, and why.
PUBLIC_URLS = {
    "healthz": "a load balancer asks",
    "readyz": "a load balancer asks; says nothing but red or green",
    "home:this_week": "signed out it says what Waymark is and who runs it",
    "home:calendar_feed": "a calendar program has no session; the secret address is the proof",
    "mail:inbound": "a mail provider has no session; the secret in its request is the proof",
    "mail:unsubscribe": "RFC 8058: the link in a mail works without sign-in",
    "mail:delivery_events": "a mail provider posts it; its signature or password is the proof",
    "mentors:invitation_detail": "the invited person reads who asks before they have an account",
    "mentors:invitation_decline": "declining must not need an account",
    "mentors:invitation_stop": "a stranger stops all mail to their address",
    "mentors:introduction_answer": "whoever is introduced needs no account",
    "mentors:introduction_accept": "whoever is introduced needs no account; the secret link is the proof",
    "mentors:introduction_refuse": "declining must not need an account",
    "mentors:introduction_stop": "a stranger stops all mail to their address",
}
# allauth marks its own; these are its pages before sign-in.
# devstack is there on development machines only.
PUBLIC_PREFIXES = ("account_", "mfa_", "socialaccount_", "openid_connect_", "admin:", "devstack:")


def layer_apps() -> list[str]:
    return [name for line in LAYERS for name in re.split(r"\s*[|:]\s*", line)]


def test_contract_names_every_app():
    folders = {path.parent.name for path in ROOT.glob("*/apps.py")}

    assert folders - {"devstack"} == set(layer_apps()) - {"config"}


def test_relations_point_down():
    height = {name: -index for index, line in enumerate(LAYERS) for name in re.split(r"\s*[|:]\s*", line)}
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in height
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many) and not field.auto_created
        if field.related_model and field.related_model._meta.app_label in height
        if field.related_model._meta.app_label != model._meta.app_label
        and height[field.related_model._meta.app_label] >= height[model._meta.app_label]
    ]

    assert not wrong


def test_no_default_is_a_fixed_moment():
    # Django's check takes one for a forgotten call of now(), but only within ten seconds of it: once a day for a time.
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field.default, (date, time))
    ]

    assert not wrong


def patterns(resolver: URLResolver | None = None, prefix: str = ""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or str(pattern.pattern)), pattern
        else:
            yield from patterns(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def test_public_urls_are_exactly_these():
    public = {
        name
        for name, pattern in patterns()
        if not getattr(pattern.callback, "login_required", True) and not name.startswith(PUBLIC_PREFIXES)
    }

    assert public <= set(PUBLIC_URLS), f"public without a reason: {sorted(public - set(PUBLIC_URLS))}"
    assert set(PUBLIC_URLS) <= public, f"no longer public: {sorted(set(PUBLIC_URLS) - public)}"


def test_public_views_say_why():
    """`@login_not_required` carries its reason on the same line."""
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in ROOT.glob("*/**/*.py")
        if not {"tests", ".venv", "var", "node_modules"} & set(path.relative_to(ROOT).parts)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.strip().startswith("@login_not_required") and "#" not in line
    ]

    assert not silent


def test_url_name_is_view_name():
    wrong = [
        f"{name} -> {pattern.callback.__name__}"
        for name, pattern in patterns()
        if ":" in name and name.split(":")[0] in layer_apps() and name.split(":")[-1] != pattern.callback.__name__
    ]

    assert not wrong


def test_every_setting_from_the_environment_is_documented():
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', (ROOT / "config/settings.py").read_text()))
    documented = set(re.findall(r"^#? ?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read
    assert read == documented


def test_nothing_reads_the_environment_but_settings():
    readers = [
        str(path.relative_to(ROOT))
        for app in layer_apps()
        for path in (ROOT / app).rglob("*.py")
        if "os.environ" in path.read_text() and path.name not in {"celery.py", "wsgi.py"}
    ]

    assert not readers


@pytest.mark.parametrize("name", [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()])
def test_beat_names_tasks_that_exist(name):
    celery_app.loader.import_default_modules()

    assert name in celery_app.tasks


def test_no_model_shows_encrypted_text_in_admin():
    from django.contrib import admin

    from core.encrypted import EncryptedTextField

    shown = [
        f"{model._meta.label}.{name}"
        for model, model_admin in admin.site._registry.items()
        for name in {field.name for field in model._meta.get_fields() if isinstance(field, EncryptedTextField)}
        & {*model_admin.get_fields(None), *model_admin.list_display, *model_admin.search_fields}
    ]

    assert not shown
