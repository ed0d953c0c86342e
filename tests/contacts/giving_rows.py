"""Giving in the matrix of access: nobody but their owner knows that it is there."""

from tests.access import Row, only, signed_in

WORDS = ("SECRETCONTACT", "SECRETMATCH", "SECRETOTHER")
OWNER, OWNER_POST = only("owner"), only("owner", status=302)


def introduction(world):
    return {"pk": world.contacts_introduction.pk}


ROWS = [
    Row("contacts:giving_list", get=signed_in(), secrets=WORDS, told=("owner",)),
    Row(
        "contacts:giving_new",
        get=signed_in(),
        post=only("owner", status=302, others=422),
        data=lambda world: {"to": world.contact.name, "what": "article", "words": "A test"},
        secrets=("SECRETCLINIC",),
        told=("owner",),
        note="The name is the owner's contact: nobody else has one called so, whatever they type.",
    ),
    Row(
        "contacts:introduction_new",
        get=signed_in(),
        post=only("owner", status=302, others=422),
        data=lambda world: {"first": world.contact.name, "second": "SECRETOTHER"},
        secrets=("SECRETCLINIC", "SECRETMATCH"),
        told=("owner",),
    ),
    Row(
        "contacts:introduction_edit",
        get=OWNER,
        post=OWNER_POST,
        args=introduction,
        data=lambda world: {"first": world.contact.name, "second": "SECRETOTHER", "why": "Both plan", "version": "1"},
        secrets=WORDS,
    ),
    Row(
        "contacts:introduction_back",
        post=OWNER_POST,
        args=lambda world: {"pk": world.introduction_under_way.pk},
        query="?from=asked_first&to=wanted",
        secrets=WORDS,
        told=("owner",),
    ),
    Row("contacts:introduction_bin", get=signed_in(), secrets=WORDS, told=("owner",)),
    Row(
        "contacts:introduction_step",
        post=OWNER_POST,
        args=introduction,
        data=lambda world: {"step": "ask"},
        secrets=WORDS,
        told=("owner",),
    ),
    Row("contacts:introduction_delete", post=OWNER_POST, args=introduction, secrets=WORDS, told=("owner",)),
    Row(
        "contacts:introduction_restore",
        post=OWNER_POST,
        args=lambda world: {"pk": world.deleted_introduction.pk},
        secrets=WORDS,
        told=("owner",),
    ),
]
