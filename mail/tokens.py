"""The addresses that a mail can be answered at: `reply+<token>@<REPLY_DOMAIN>`.

The token is worked out from the mail's own Message-ID with SECRET_KEY, so that a mail tried twice says the same and no
row has to be written when it is sent; its row keeps a hash. Whoever reads the database alone cannot make the token. A
token in a mail that left is known by its hash, whatever becomes of the key; between queueing and sending an earlier key
must stand in SECRET_KEY_FALLBACKS, else the mail leaves without such an address.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from core.tokens import hash_token
from mail import registry
from mail.models import Message

VALID = timedelta(days=60)
_BYTES = 16
# In lower case, because mail servers and programs fold the case of the part before the @.
_LOCAL = re.compile(r"\Areply\+([a-z2-7]{26})\Z")


def is_configured() -> bool:
    """Tell whether this server takes mail at reply addresses."""
    return bool(settings.REPLY_DOMAIN)


def new_reply_hash(kind: str, message_id: str) -> str:
    """Return what a new mail keeps of its token; empty for a mail that cannot be answered by replying."""
    if not (is_configured() and registry.takes_replies(kind)):
        return ""
    return hash_token(_token(settings.SECRET_KEY, message_id))


def reply_address(message: Message) -> str:
    """Return the address that answers to this mail go to; empty if it has none."""
    if message.reply_hash and is_configured():
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = _token(key, message.message_id)
            if hmac.compare_digest(hash_token(token), message.reply_hash):
                return f"reply+{token}@{settings.REPLY_DOMAIN}"
    return ""


def find_hash(addresses: Iterable[str]) -> str:
    """Return the hash of the token in the first of these that is a reply address; empty if none is."""
    for address in addresses:
        if is_reply_address(address):
            return hash_token(address.lower().partition("@")[0].removeprefix("reply+"))
    return ""


def is_reply_address(address: str) -> bool:
    """Tell whether this looks like a reply address of this server, known or not."""
    local, _, domain = address.strip().lower().rpartition("@")
    return is_configured() and domain == settings.REPLY_DOMAIN and bool(_LOCAL.match(local))


def is_expired(message: Message, *, now: datetime) -> bool:
    """Tell whether a mail left too long ago to be answered by replying."""
    return (message.finished_at or message.not_before) + VALID < now


def _token(key: str, message_id: str) -> str:
    digest = hmac.digest(key.encode(), b"mail.reply:" + message_id.encode(), hashlib.sha256)
    return base64.b32encode(digest[:_BYTES]).decode("ascii").rstrip("=").lower()
