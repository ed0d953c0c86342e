"""What the copy holds of the account itself."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db.models import Prefetch

from accounts.models import User
from home.export.document import CHUNK, Row, pick, section
from home.models import CalendarFeed, Snooze
from mail.models import DeliveryEvent, Message, Preference
from sharing.models import Block


@section("email_addresses")
def _addresses(user: User) -> Iterator[Row]:
    for address in EmailAddress.objects.filter(user=user).order_by("pk"):
        yield pick(address, "email", "primary", "verified")


@section("devices")
def _devices(user: User) -> Iterator[Row]:
    for device in UserSession.objects.filter(user=user).order_by("pk"):
        yield pick(device, "created_at", "last_seen_at", "ip", "user_agent")


@section("breaks")
def _breaks(user: User) -> Iterator[Row]:
    for row in user.breaks.order_by("from_on", "pk"):
        yield pick(row, "from_on", "until_on")


@section("mail_switches")
def _switches(user: User) -> Iterator[Row]:
    for kind, is_on in Preference.objects.for_user(user).items():
        yield {"kind": kind, "is_on": is_on}


@section("calendar_feed")
def _calendar_feed(user: User) -> Iterator[Row]:
    # Its address is not known here either: the database holds a hash of it.
    for feed in CalendarFeed.objects.owned_by(user):
        yield pick(feed, "created_at", "shows_titles", "read_at", "read_by")


@section("mails_to_me")
def _mails(user: User) -> Iterator[Row]:
    heard = Prefetch("delivery_events", DeliveryEvent.objects.filter(state="counted").order_by("happened_at", "pk"))
    for message in Message.objects.filter(user=user).order_by("pk").prefetch_related(heard).iterator(CHUNK):
        events = [pick(event, "what", "status", "happened_at", "source") for event in message.delivery_events.all()]
        yield pick(message, "kind", "state", "reason", "queued_at", "finished_at") | {"heard_later": events}


@section("set_aside")
def _snoozes(user: User) -> Iterator[Row]:
    for row in Snooze.objects.filter(owner=user).order_by("pk"):
        yield pick(row, "kind", "number", "until_on", "at")


@section("blocked_people")
def _blocks(user: User) -> Iterator[Row]:
    for row in Block.objects.owned_by(user).select_related("blocked"):
        yield {"name": str(row.blocked), "since": row.created_at}
