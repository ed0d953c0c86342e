"""The secrets in links: 128 random bits, of which the database keeps a hash."""

import hashlib
import secrets


def new_token() -> str:
    """Return 128 random bits as 22 characters that an address can hold."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> str:
    """Return what is stored of a token. It has 128 random bits, so a plain hash cannot be reversed by guessing."""
    return hashlib.sha256(token.encode()).hexdigest()
