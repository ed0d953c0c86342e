"""The links with which mail is stopped (RFC 8058): they need no sign-in and never expire."""

from dataclasses import dataclass
from functools import lru_cache
from hmac import HMAC

from django.conf import settings
from django.core.signing import BadSignature, Signer, b64_encode
from django.utils.crypto import salted_hmac

from mail.models import Message, address_hash
from mail.registry import PREFERENCES

# Old links keep working after a change of SECRET_KEY as long as the earlier key is in SECRET_KEY_FALLBACKS.
_SALT = "mail.unsubscribe"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link stops: one kind of mail to a person, or all mail to the address with this hash."""

    user_id: int | None = None
    preference: str = ""
    to_hash: str = ""


def unsubscribe_url(message: Message) -> str:
    """Return the address that stops mails like this one; empty for mail that cannot be stopped."""
    if message.user_id is None:
        token = stop_token(Stop(to_hash=address_hash(message.to)))
    elif message.preference:
        token = stop_token(Stop(user_id=message.user_id, preference=message.preference))
    else:
        return ""
    return f"{settings.BASE_URL}/mail/unsubscribe/{token}/"


def stop_token(stop: Stop) -> str:
    """Return the signed form of `stop` that stands in a link."""
    value = f"{stop.preference}.{stop.user_id}" if stop.user_id else f"all.{stop.to_hash}"
    mac = _begun(settings.SECRET_KEY).copy()
    mac.update(value.encode())
    return f"{value}~{b64_encode(mac.digest()).decode()}"


@lru_cache(maxsize=4)
def _begun(key: str) -> HMAC:
    """Return what Django's Signer begins each signature with; its key takes ten times as long as the signature."""
    return salted_hmac(f"{_SALT}signer", "", secret=key, algorithm="sha256")


def read_stop_token(token: str) -> Stop | None:
    """Return what a token stops; None if this server did not make it."""
    try:
        name, _, rest = Signer(salt=_SALT, sep="~").unsign(token).partition(".")
    except BadSignature:
        return None
    if name in PREFERENCES and rest.isdecimal():
        return Stop(user_id=int(rest), preference=name)
    return Stop(to_hash=rest) if name == "all" else None
