"""The settings a development machine hands to config/settings.py, which itself has no defaults for them."""

import base64
import os
import secrets
from pathlib import Path

from devstack.places import ROOT


def fresh_secrets() -> dict[str, str]:
    """New values for what must be secret."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


def kept_secrets(folder: Path = ROOT / "var" / "secrets") -> dict[str, str]:
    """The secrets of this checkout's development server: made once, readable by its owner alone, then the same."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    kept = {}
    for name, value in fresh_secrets().items():
        path = folder / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(value)
        kept[name] = path.read_text().strip()
    return kept


def run_environment(address: str) -> dict[str, str]:
    """Settings of `make run`, less the addresses of the services it starts."""
    return kept_secrets() | {
        "DEVELOPMENT": "true",
        "BASE_URL": address,
        "OPERATOR_NAME": "you, on this machine",
        "OPERATOR_EMAIL": "operator@example.org",
        "SIGNUP_OPEN": "true",
        "DEFAULT_FROM_EMAIL": "Waymark <waymark@example.org>",
        "REPLY_DOMAIN": "reply.example.org",  # the local mailbox takes it
    }


def tool_environment() -> dict[str, str]:
    """Settings for tests, type checker and `manage.py` checks: no service is named that could be met by accident."""
    return fresh_secrets() | {
        "DEVELOPMENT": "true",
        "BASE_URL": "http://waymark.test",  # not the test client's host: a link built from the request shows
        "OPERATOR_NAME": "The test operator",
        "OPERATOR_EMAIL": "operator@waymark.test",
        "SIGNUP_OPEN": "true",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "memory://",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "DEFAULT_FROM_EMAIL": "Waymark <waymark@waymark.test>",
        "REPLY_DOMAIN": "",
    }
