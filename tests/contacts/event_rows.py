"""Events and associations in the matrix of access: nobody but their owner knows that they are there."""

from tests.access import Row, only, signed_in

EVENT = ("SECRETEVENT", "SECRETAIM", "SECRETWHO", "SECRETPLAN", "SECRETPLACE")
PAST = ("SECRETEVENING", "SECRETCONTACT", "SECRETCLINIC")
BODY = ("SECRETBODY", "SECRETBELONG")
GONE = ("SECRETGONEEVENT", "SECRETGONEBODY")
OWNER, OWNER_POST = only("owner"), only("owner", status=302)
NEW_EVENT = {"name": "Written by a test", "happens_on": "2026-11-20", "version": "1"}


def event(world):
    return {"pk": world.event.pk}


def past(world):
    return {"pk": world.past_event.pk}


def deleted(world):
    return {"pk": world.deleted_event.pk}


def body(world):
    return {"pk": world.association.pk}


ROWS = [
    Row("contacts:event_list", get=signed_in(), secrets=(*EVENT[:2], PAST[0], *BODY), told=("owner",)),
    Row("contacts:event_bin", get=signed_in(), secrets=GONE, told=("owner",)),
    Row(
        "contacts:event_new",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: NEW_EVENT,
        secrets=(*EVENT, *BODY),
        told=("owner",),
        note="The owner's form offers their own associations.",
    ),
    Row("contacts:event_detail", get=OWNER, args=event, secrets=(*EVENT, BODY[0])),
    Row("contacts:event_detail", get=OWNER, args=past, secrets=PAST),
    Row("contacts:event_edit", get=OWNER, post=OWNER_POST, args=event, data=lambda world: NEW_EVENT, secrets=EVENT),
    Row(
        "contacts:event_prepare",
        get=OWNER,
        post=OWNER_POST,
        args=event,
        data=lambda world: {"aim": "Meet one", "version": "1"},
        secrets=EVENT,
    ),
    Row(
        "contacts:event_people",
        get=OWNER,
        post=OWNER_POST,
        args=past,
        data=lambda world: {"people": "Ayo Bello, Northmoor"},
        secrets=PAST,
    ),
    Row(
        "contacts:event_attend",
        post=OWNER_POST,
        args=lambda world: {"pk": world.missed_event.pk},
        secrets=EVENT,
        told=("owner",),
    ),
    Row("contacts:event_miss", post=OWNER_POST, args=lambda world: {"pk": world.missed_event.pk}, told=("owner",)),
    Row("contacts:event_delete", post=OWNER_POST, args=event, secrets=EVENT, told=("owner",)),
    Row("contacts:event_restore", post=OWNER_POST, args=deleted, secrets=GONE, told=("owner",)),
    Row(
        "contacts:association_new",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: {"name": "Written by a test"},
        secrets=BODY,
        told=("owner",),
    ),
    Row("contacts:association_detail", get=OWNER, args=body, secrets=BODY),
    Row(
        "contacts:association_edit",
        get=OWNER,
        post=OWNER_POST,
        args=body,
        data=lambda world: {"name": "Other", "version": "1"},
        secrets=BODY,
    ),
    Row("contacts:association_delete", post=OWNER_POST, args=body, secrets=BODY, told=("owner",)),
    Row(
        "contacts:association_restore",
        post=OWNER_POST,
        args=lambda world: {"pk": world.deleted_association.pk},
        secrets=GONE,
        told=("owner",),
    ),
]
