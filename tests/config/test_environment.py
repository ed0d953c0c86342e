"""What a production server refuses to start with, and what it is told then."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.environment import celery_broker_from_url, database_from_url, refuse_unsafe, smtp_from_url

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "b3vQ1xZk7Tn0LwYf2RrJ8sUeHc5GdMiPqAoVt9XyKzN4mCb6"
GOOD = {
    "BASE_URL": "https://waymark.example.org",
    "OPERATOR_NAME": "Northmoor",
    "OPERATOR_EMAIL": "operator@example.org",
    "SECRET_KEY": SECRET + "abcdefgh",
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "DATABASE_URL": "postgresql://waymark:hush-database@db.example.org/waymark",
    "REDIS_URL": "redis://:hush-redis@redis.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://waymark:hush-mail@smtp.example.org:587",
    "DEFAULT_FROM_EMAIL": "Waymark <waymark@example.org>",
    "TRUSTED_PROXY_COUNT": "1",
}


def start(command="check --deploy --fail-level WARNING", **changes):
    """Run manage.py, or only read the settings, with a production environment and nothing else in it."""
    arguments = ["manage.py", *command.split()] if command else ["-c", "import config.settings"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | GOOD | changes
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_production_environment_passes_djangos_deployment_check():
    result = start()

    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


REQUIRED = [
    "BASE_URL",
    "OPERATOR_NAME",
    "OPERATOR_EMAIL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
]


def unsafe(**changes):
    """Check settings as config/settings.py hands them over, with these changes; return what is said."""
    settings = {
        "BASE_URL": GOOD["BASE_URL"],
        "SECRET_KEY": GOOD["SECRET_KEY"],
        "SECRET_KEY_FALLBACKS": [],
        "FIELD_KEYS": [GOOD["FIELD_KEYS"]],
        "DEVELOPMENT": False,
        "DEBUG": False,
        "FAILPOINT": "",
        "REDIS_URL": GOOD["REDIS_URL"],
        "ALLOWED_HOSTS": ["waymark.example.org"],
        "OPERATOR_NAME": "Northmoor",
        "OPERATOR_EMAIL": "operator@example.org",
        "DEFAULT_FROM_EMAIL": GOOD["DEFAULT_FROM_EMAIL"],
        "OIDC_SERVER_URL": "",
        "TRUSTED_PROXY_COUNT": 1,
        "DATABASES": {"default": {"HOST": "db.example.org", "PASSWORD": "hush"}},
        **smtp_from_url(GOOD["EMAIL_URL"]),
    }
    try:
        refuse_unsafe(settings | changes)
    except ImproperlyConfigured as error:
        return str(error)
    return ""


def test_good_settings_are_not_refused():
    assert unsafe() == ""


@pytest.mark.parametrize("name", REQUIRED)
def test_missing_setting_is_named(name):
    result = start("", **{name: None})

    assert result.returncode != 0
    assert name in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short-secret-value"),
        ("SECRET_KEY", "django-insecure-" + "q1w2e3r4t5y6u7i8o9p0" * 3),
        ("SECRET_KEY", "a" * 80),
        ("SECRET_KEY_FALLBACKS", ["weak-fallback-value"]),
        ("FIELD_KEYS", ["not-a-fernet-key"]),
        ("FIELD_KEYS", []),
        ("BASE_URL", "http://plain.example.org"),
        ("BASE_URL", "bare.example.org"),
        ("BASE_URL", "https://waymark.example.org/some/path"),
        ("BASE_URL", "https://user:hunter2@waymark.example.org"),
        ("DEBUG", True),
        ("FAILPOINT", "outbox.after_claim:kill"),
        ("REDIS_URL", "memory://somewhere"),
        ("ALLOWED_HOSTS", ["*"]),
        ("OPERATOR_EMAIL", "nobody-at-all"),
        ("DEFAULT_FROM_EMAIL", "not an address"),
        ("OIDC_SERVER_URL", "http://id.plain.example"),
        ("TRUSTED_PROXY_COUNT", -1),
        ("TRUSTED_PROXY_COUNT", 0),  # every request would be sent on to https, for ever
    ],
)
def test_unsafe_setting_is_named_and_its_value_is_not(name, value):
    said = unsafe(**{name: value})

    shown = {"FAILPOINT": "WAYMARK_FAILPOINT"}.get(name, name)
    assert shown in said
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str) and part != "*":
            assert part not in said
    assert "hunter2" not in said


def test_mail_without_tls_is_refused_unless_it_stays_on_this_machine():
    assert "EMAIL_URL" in unsafe(**smtp_from_url("smtp://waymark:hush@smtp.example.org"))
    assert unsafe(**smtp_from_url("smtp://localhost:25")) == ""


def test_all_that_is_wrong_is_said_at_once():
    said = unsafe(DEBUG=True, SECRET_KEY="x", REDIS_URL="memory://")

    assert all(name in said for name in ("DEBUG", "SECRET_KEY", "REDIS_URL"))


def test_refusal_shows_no_value_in_the_output_of_the_process():
    result = start("", SECRET_KEY="weak-and-visible", FIELD_KEYS="visible-field-key", DEBUG="true")

    text = result.stdout + result.stderr
    assert result.returncode != 0
    assert all(name in text for name in ("SECRET_KEY", "FIELD_KEYS", "DEBUG"))
    for value in ("weak-and-visible", "visible-field-key", "hush-database", "hush-redis", "hush-mail"):
        assert value not in text


@pytest.mark.parametrize("server", ["config.wsgi", "config.celery"])
def test_web_and_worker_refuse_as_well(server):
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"} | GOOD | {"DEBUG": "true"}
    code = f"import {server} as m; getattr(m, 'app', m).conf.broker_url if hasattr(m, 'app') else None"

    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert result.returncode != 0
    assert "DEBUG must be off" in result.stderr


def test_production_settings_of_cookies_and_transport():
    code = (
        "import django; from django.conf import settings as s; django.setup();"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, end='; ');"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_PATH,"
        " s.SESSION_COOKIE_DOMAIN, end='; ');"
        "print(s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS, s.DEBUG,"
        " 'devstack' in s.INSTALLED_APPS, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"} | GOOD,
        capture_output=True,
        text=True,
    )

    cookies, secure, transport = result.stdout.split("; ")
    assert cookies == "__Host-session __Host-csrf __Host-language", result.stderr
    assert secure == "True True True / None"  # what the __Host- prefix demands (RFC 6265bis)
    assert transport == "31536000 True ['waymark.example.org'] False False False\n"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock"),
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("rediss://host:6379/0", "rediss://host:6379/0"),
    ],
)
def test_broker_url(url, expected):
    assert celery_broker_from_url(url) == expected


def test_database_url_with_a_socket():
    database = database_from_url("postgresql://me@%2Ftmp%2Fsocket/waymark?sslmode=prefer", statement_timeout_ms=5000)

    assert (database["HOST"], database["NAME"], database["USER"]) == ("/tmp/socket", "waymark", "me")
    assert database["OPTIONS"]["sslmode"] == "prefer"
    assert "statement_timeout=5000" in database["OPTIONS"]["options"]
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["OPTIONS"]["prepare_threshold"]


@pytest.mark.parametrize("url", ["", "http://mail", "smtp//host"])
def test_bad_mail_url_is_refused_without_its_value(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        smtp_from_url(url)

    assert "EMAIL_URL" in str(refusal.value)


def test_bad_database_url_is_refused_without_its_value():
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_from_url("postgresql://me:hush-database@host/name?nonsense=hush-too", statement_timeout_ms=0)

    assert "DATABASE_URL" in str(refusal.value)
    assert "hush" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_mail_url_decodes_its_password():
    assert smtp_from_url("smtp+tls://me:p%40ss@host")["EMAIL_HOST_PASSWORD"] == "p@ss"
