"""Turns what the environment says into Django's settings, and refuses what is unsafe."""

from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

# Django's own check (security.W009) asks for fifty characters.
SECRET_KEY_MIN_LENGTH = 50
LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}


def database_from_url(url: str, *, statement_timeout_ms: int) -> dict[str, Any]:
    """Return a Django database entry for a libpq connection url, unix sockets included.

    A statement gives up after `statement_timeout_ms` (0: never) and a lock after 2 s, so that one stuck
    table costs one page and not every connection; a dead server is noticed within 10 s.
    """
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:  # its words hold parts of the url, and so perhaps the password
        raise ImproperlyConfigured("DATABASE_URL must be like postgresql://user:password@host/name.") from None
    options = f"-c statement_timeout={statement_timeout_ms} -c lock_timeout=2000 -c timezone=UTC"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "waymark"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "tcp_user_timeout": 10_000,
            "options": options,
            # Only core/compiled.py prepares, and says so each time; without a threshold psycopg would not let it.
            "prepare_threshold": 5,
            **parts,
        },
    }


def celery_broker_from_url(url: str) -> str:
    """Return the url as Celery spells it: a unix socket is `redis+socket://` there and `unix://` in redis-py."""
    return url.replace("unix://", "redis+socket://", 1) if url.startswith("unix://") else url


def smtp_from_url(url: str) -> dict[str, Any]:
    """Return Django's EMAIL_* settings for `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://` (TLS from the start)."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"}:
        raise ImproperlyConfigured("EMAIL_URL must start with smtp://, smtp+tls:// or smtps://.")
    query = parse_qs(parts.query)
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": int(query.get("timeout", ["30"])[0]),
    }


def _is_weak(secret: str) -> bool:
    return len(secret) < SECRET_KEY_MIN_LENGTH or len(set(secret)) < 5 or secret.startswith("django-insecure-")


def refuse_unsafe(settings: dict[str, Any]) -> None:
    """Raise ImproperlyConfigured naming every setting a production server must not start with, never its value."""
    wrong: list[str] = []
    base = urlsplit(settings["BASE_URL"])
    if _is_weak(settings["SECRET_KEY"]):
        wrong.append(f"SECRET_KEY must be at least {SECRET_KEY_MIN_LENGTH} random characters")
    if any(_is_weak(key) for key in settings["SECRET_KEY_FALLBACKS"]):
        wrong.append(f"SECRET_KEY_FALLBACKS must be earlier keys of at least {SECRET_KEY_MIN_LENGTH} random characters")
    for key in settings["FIELD_KEYS"] or [""]:
        try:
            Fernet(key)
        except ValueError:
            wrong.append("FIELD_KEYS must be one or more Fernet keys, newest first, separated by commas")
            break
    is_address = base.scheme in {"http", "https"} and base.hostname and base.path in {"", "/"}
    if not is_address or base.username or base.query or base.fragment:
        wrong.append("BASE_URL must be the public address: https:// and a host, without path or user")
    for name in ("OPERATOR_EMAIL", "DEFAULT_FROM_EMAIL"):
        try:
            validate_email(parseaddr(settings[name])[1])
        except ValidationError:
            wrong.append(f"{name} must be an e-mail address")
    if settings["TRUSTED_PROXY_COUNT"] < 0:
        wrong.append("TRUSTED_PROXY_COUNT must be 0 or more")
    if not settings["DEVELOPMENT"]:
        if settings["DEBUG"]:
            wrong.append("DEBUG must be off")
        if base.scheme != "https":
            wrong.append("BASE_URL must be https, because sign-in cookies and passkeys need it")
        elif settings["TRUSTED_PROXY_COUNT"] == 0:
            wrong.append("TRUSTED_PROXY_COUNT must say how many proxies are in front: gunicorn itself speaks no TLS")
        if settings["FAILPOINT"]:
            wrong.append("WAYMARK_FAILPOINT is for fault tests and must be empty")
        if settings["EMAIL_HOST"] not in LOOPBACK and not (settings["EMAIL_USE_TLS"] or settings["EMAIL_USE_SSL"]):
            wrong.append("EMAIL_URL must use smtp+tls:// or smtps:// unless the mail server is on this machine")
        if settings["OIDC_SERVER_URL"] and not settings["OIDC_SERVER_URL"].startswith("https://"):
            wrong.append("OIDC_SERVER_URL must be https")
        if settings["REDIS_URL"].startswith("memory://"):
            wrong.append("REDIS_URL must name a Redis or Valkey server")
        if "*" in settings["ALLOWED_HOSTS"]:
            wrong.append("ALLOWED_HOSTS must not be *")
    if wrong:
        raise ImproperlyConfigured("Waymark does not start: " + "; ".join(wrong) + ".")
