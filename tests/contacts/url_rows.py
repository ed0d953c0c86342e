from tests.access import Row, only, signed_in
from tests.contacts import event_rows

SECRETS = ("SECRETCONTACT", "SECRETCLINIC", "SECRETWHY", "SECRETNOTES", "secretaddress", "SECRETTALK", "SECRETPROMISE")
GONE = ("SECRETGONECONTACT",)
# Contacts are never shared: for everybody but their owner they are not there.
MINE, DONE = only("owner"), only("owner", status=302)
ROWS_OF_WAYS = {"ways-TOTAL_FORMS": "0", "ways-INITIAL_FORMS": "0"}


def contact(world):
    return {"pk": world.contact.pk}


def deleted(world):
    return {"pk": world.deleted_contact.pk}


def words(world):
    return {"name": "Written by a test", "circle": "none", "version": "1", **ROWS_OF_WAYS}


ROWS = [
    *event_rows.ROWS,
    Row("contacts:contact_list", get=signed_in(), secrets=SECRETS + GONE, told=("owner",)),
    Row(
        "contacts:contact_list",
        get=signed_in(),
        query="?q=secretclinic&show=close&tag=secrettag",
        secrets=("SECRETCONTACT", "SECRETWHY"),
        told=("owner",),
    ),
    Row("contacts:tag_list", get=signed_in(), secrets=("SECRETTAG",), told=("owner",)),
    Row("contacts:contact_new", get=signed_in(), post=signed_in(302), data=words, secrets=SECRETS + GONE),
    Row("contacts:contact_bin", get=signed_in(), secrets=GONE, told=("owner",)),
    Row("contacts:contact_detail", get=MINE, args=contact, secrets=SECRETS),
    Row("contacts:contact_detail", get=only(), args=deleted, secrets=GONE),
    Row("contacts:contact_edit", get=MINE, post=DONE, args=contact, data=words, secrets=SECRETS),
    Row("contacts:contact_archive", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_unarchive", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_delete", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_restore", post=DONE, args=deleted, secrets=GONE, told=("owner",)),
]
