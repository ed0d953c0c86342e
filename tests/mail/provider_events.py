"""What mail providers post about a mail, in the shape that was seen from each; and how they prove who they are."""

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from email.utils import unquote

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "events:a-long-secret-of-the-tests"
MAILGUN_KEY = "key-of-the-tests"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
SETTINGS = {
    "WEBHOOK_SECRET": PASSWORD,
    "MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY,
}
UNKNOWN_USER = "550 5.1.1 The email account that you tried to reach does not exist."
FULL = "452 4.2.2 The email account that you tried to reach is over quota."


def basic_auth(secret=PASSWORD):
    return {"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def sendgrid_public_key():
    pem = SENDGRID_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return "".join(pem.decode().splitlines()[1:-1])


def sendgrid_signature(body, *, at=None):
    stamp = str(int(at if at is not None else time.time()))
    signature = SENDGRID_KEY.sign(stamp.encode() + body.encode(), ec.ECDSA(hashes.SHA256()))
    return {
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": stamp,
    }


def mailgun_signature(*, signed_at=None, key=MAILGUN_KEY, token="651869375b9df3c98fc15c4889b102119add1235c38fc92824"):
    stamp = str(int(signed_at if signed_at is not None else time.time()))
    digest = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": stamp, "token": token, "signature": digest}


def mailgun(what, reference, recipient, *, at=None, **signature):
    """`what`: delivered, failed, put_off, full, rejected, complained, unsubscribed, opened, clicked."""
    at = at or datetime.now(UTC)
    event = {"put_off": "failed", "full": "failed"}.get(what, what)
    data = {
        "event": event,
        "id": "hTWCTD81RtiDN-",
        "timestamp": at.timestamp(),
        "log-level": "info",
        "recipient": recipient,
        "recipient-domain": recipient.rpartition("@")[2],
        "tags": [],
        "user-variables": {},
        "envelope": {"sender": "waymark@waymark.test", "targets": recipient, "transport": "smtp"},
        "flags": {"is-routed": False, "is-authenticated": True, "is-system-test": False, "is-test-mode": False},
        "message": {
            "headers": {"to": recipient, "message-id": unquote(reference), "from": "waymark@waymark.test"},
            "attachments": [],
            "size": 809,
        },
    }
    said = {"delivered": "OK", "failed": UNKNOWN_USER[4:], "put_off": "Greylisted", "full": FULL[4:]}.get(what)
    if said:
        data["delivery-status"] = {"attempt-no": 1, "code": 550, "description": "", "message": said, "tls": True}
    if what in {"failed", "full"}:
        data |= {"severity": "permanent", "reason": "bounce"}
    if what == "put_off":
        data |= {"severity": "temporary", "reason": "generic"}
    if what == "rejected":
        data["reject"] = {"reason": "Sandbox subdomains are for test purposes only.", "description": ""}
    return {"signature": mailgun_signature(**signature), "event-data": data}


def postmark(what, reference, recipient, *, at=None):
    """`what`: a RecordType (Delivery, Open, Click), or a Type of a Bounce, SpamComplaint or SubscriptionChange."""
    at = (at or datetime.now(UTC)).isoformat()
    if what == "Delivery":
        return {"RecordType": what, "ServerID": 23, "MessageID": reference, "Recipient": recipient, "Tag": "",
                "DeliveredAt": at, "Details": "smtp;250 2.0.0 OK", "Metadata": {}}  # fmt: skip
    if what in {"Open", "Click"}:
        return {"RecordType": what, "MessageID": reference, "Recipient": recipient, "ReceivedAt": at,
                "UserAgent": "Mozilla/5.0", "Geo": {}}  # fmt: skip
    if what == "ManualSuppression":
        return {"RecordType": "SubscriptionChange", "MessageID": reference, "ServerID": 23, "ChangedAt": at,
                "MessageStream": "outbound", "Recipient": recipient, "Origin": "Recipient", "SuppressSending": True,
                "SuppressionReason": what, "Tag": "", "Metadata": {}}  # fmt: skip
    said = {"HardBounce": f"smtp;{UNKNOWN_USER}", "SoftBounce": "smtp;550 5.0.0 try later", "Blocked": ""}
    return {
        "RecordType": "SpamComplaint" if what == "SpamComplaint" else "Bounce",
        "ID": 901542550,
        "Type": what,
        "TypeCode": 1,
        "ServerID": 23,
        "MessageID": reference,
        "Description": "The server was unable to deliver your message.",
        "Details": said.get(what, "Test details"),
        "Email": recipient,
        "From": "waymark@waymark.test",
        "BouncedAt": at,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Your week",
    }


def sendgrid(what, reference, recipient, *, at=None):
    """`what`: delivered, bounce, blocked, deferred, dropped:<reason>, spamreport, unsubscribe, processed, open, click."""
    name, _, reason = what.partition(":")
    event = {
        "email": recipient,
        "timestamp": int((at or datetime.now(UTC)).timestamp()),
        "smtp-id": reference,
        "sg_event_id": f"{what}-nOSv8m0eTQ",
        "sg_message_id": "wrfRRvF7Q0GgwUo2CvDmEA.filter0425p1mdw1.13037.57168B4A1D.0",
        "event": "bounce" if name == "blocked" else name,
    }
    if name in {"bounce", "blocked"}:
        event |= {"type": name, "status": "5.1.1", "reason": UNKNOWN_USER} if name == "bounce" else {"type": name}
    if name == "deferred":
        event["response"] = "Email was deferred: [IPs were throttled by recipient server]"
    if name == "dropped":
        event["reason"] = reason
    return [event]


def brevo(what, reference, recipient, *, at=None):
    """`what`: an event of Brevo's, such as hard_bounce; `deferred` carries what was seen: a code for good."""
    reasons = {
        "hard_bounce": " RecipientError: 550 5.5.0 Requested action not taken: mailbox unavailable.",
        "soft_bounce": "undefined Unable to find MX of domain no-mx.example.com",
        "deferred": "550 RecipientError: 550 5.1.1 <x@example.com>: Recipient address rejected: User unknown",
        "blocked": "blocked : due to blacklist user",
    }
    return {
        "event": what,
        "email": recipient,
        "id": 9999999,
        "date": "2026-11-20 11:10:23",
        "ts": 1520331023,
        "ts_epoch": int((at or datetime.now(UTC)).timestamp() * 1000),
        "message-id": reference,
        "subject": "Your week",
        "reason": reasons.get(what, ""),
        "tags": [],
    }


# Provider: event of its own, and what we make of it (None: not worth a row).
EVENTS = [
    ("mailgun", "delivered", "delivered"),
    ("mailgun", "failed", "bounced"),
    ("mailgun", "full", "put_off"),
    ("mailgun", "put_off", "put_off"),
    ("mailgun", "rejected", "put_off"),
    ("mailgun", "complained", "complained"),
    ("mailgun", "unsubscribed", "unsubscribed"),
    ("mailgun", "opened", None),
    ("mailgun", "clicked", None),
    ("mailgun", "something-new", None),
    ("postmark", "Delivery", "delivered"),
    ("postmark", "HardBounce", "bounced"),
    ("postmark", "SoftBounce", "put_off"),
    ("postmark", "Transient", "put_off"),
    ("postmark", "BadEmailAddress", "bounced"),
    ("postmark", "Blocked", "put_off"),
    ("postmark", "SpamComplaint", "complained"),
    ("postmark", "ManualSuppression", "unsubscribed"),
    ("postmark", "AutoResponder", None),
    ("postmark", "Open", None),
    ("postmark", "Click", None),
    ("sendgrid", "delivered", "delivered"),
    ("sendgrid", "bounce", "bounced"),
    ("sendgrid", "blocked", "put_off"),
    ("sendgrid", "deferred", "put_off"),
    ("sendgrid", "dropped:Bounced Address", "bounced"),
    ("sendgrid", "dropped:Invalid", "bounced"),
    ("sendgrid", "dropped:Unsubscribed Address", "unsubscribed"),
    ("sendgrid", "dropped:Content as spam", "put_off"),
    ("sendgrid", "spamreport", "complained"),
    ("sendgrid", "unsubscribe", "unsubscribed"),
    ("sendgrid", "processed", None),
    ("sendgrid", "open", None),
    ("sendgrid", "click", None),
    ("brevo", "delivered", "delivered"),
    ("brevo", "hard_bounce", "bounced"),
    ("brevo", "soft_bounce", "put_off"),
    ("brevo", "deferred", "bounced"),
    ("brevo", "blocked", "put_off"),
    ("brevo", "invalid_email", "bounced"),
    ("brevo", "spam", "complained"),
    ("brevo", "unsubscribe", "unsubscribed"),
    ("brevo", "request", None),
    ("brevo", "error", None),
    ("brevo", "opened", None),
]
BUILD = {"mailgun": mailgun, "postmark": postmark, "sendgrid": sendgrid, "brevo": brevo}


def post(client, provider, payload, *, headers=None):
    """Post a payload (or a raw string) as its provider does."""
    body = payload if isinstance(payload, str) else json.dumps(payload)
    headers = basic_auth() if headers is None else headers
    return client.post(f"/mail/events/{provider}/", body, content_type="application/json", headers=headers)
