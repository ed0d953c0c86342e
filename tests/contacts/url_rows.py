from django.core.files.base import ContentFile

from tests.access import Row, only, signed_in
from tests.contacts import event_rows, giving_rows, interview_rows

SECRETS = ("SECRETCONTACT", "SECRETCLINIC", "SECRETWHY", "SECRETNOTES", "secretaddress", "SECRETTALK", "SECRETPROMISE")
TWIN = ("SECRETTWIN", "SECRETOTHERTWIN")
GONE = ("SECRETGONECONTACT",)
# Contacts are never shared: for everybody but their owner they are not there.
MINE, DONE = only("owner"), only("owner", status=302)
ROWS_OF_WAYS = {"ways-TOTAL_FORMS": "0", "ways-INITIAL_FORMS": "0"}


def contact(world):
    return {"pk": world.contact.pk}


def deleted(world):
    return {"pk": world.deleted_contact.pk}


def two(world):
    return {"pk": world.contact.pk, "other": world.twin.pk}


def merged(world):
    return {"pk": world.merge.pk}


def versions(world):
    return {"version": "1", "other_version": "1"}


def words(world):
    return {"name": "Written by a test", "circle": "none", "version": "1", **ROWS_OF_WAYS}


def talk(world):
    return {"pk": world.interaction.pk}


def deleted_talk(world):
    return {"pk": world.deleted_talk.pk}


def promise(world):
    return {"pk": world.follow_up.pk}


def deleted_promise(world):
    return {"pk": world.deleted_follow_up.pk}


def talk_words(world):
    return {"kind": "talked", "happened_on": "2026-11-16", "notes": "Written by a test"}


def edited_talk(world):
    return talk_words(world) | {"people": [world.contact.pk], "version": "1"}


def promise_words(world):
    return {"text": "Written by a test", "due_on": "2026-12-01", "direction": "i_owe", "version": "1"}


ROWS = [
    *event_rows.ROWS,
    *interview_rows.ROWS,
    *giving_rows.ROWS,
    Row("contacts:contact_list", get=signed_in(), secrets=SECRETS + GONE, told=("owner",)),
    Row(
        "contacts:contact_list",
        get=signed_in(),
        query="?q=secretclinic&show=close&tag=secrettag",
        secrets=("SECRETCONTACT", "SECRETWHY"),
        told=("owner",),
    ),
    Row("contacts:tag_list", get=signed_in(), secrets=("SECRETTAG", "SECRETCLINIC"), told=("owner",)),
    Row("contacts:contact_new", get=signed_in(), post=signed_in(302), data=words, secrets=SECRETS + GONE),
    Row("contacts:duplicate_list", get=signed_in(), secrets=SECRETS + TWIN, told=("owner",)),
    Row("contacts:contact_country", post=signed_in(302), data=lambda world: {"code": "DE"}, secrets=SECRETS + TWIN),
    Row(
        "contacts:contact_list",
        get=signed_in(),
        query="?q=secretconatct&order=talked",
        secrets=("SECRETCONTACT", "SECRETWHY"),
        told=("owner",),
        note="the nearest words are those of one's own people",
    ),
    Row(
        "contacts:contact_list",
        get=signed_in(),
        query="?org=secretclinic&at=secretclinic&topic=nothing&due=notyet",
        secrets=("SECRETCONTACT", "SECRETWHY"),
    ),
    Row("contacts:merge_choose", get=MINE, args=contact, secrets=SECRETS + TWIN),
    Row("contacts:contact_merge", get=MINE, post=DONE, args=two, data=versions, secrets=SECRETS + TWIN),
    Row("contacts:contact_apart", post=DONE, args=two, secrets=SECRETS + TWIN, told=("owner",)),
    Row("contacts:merge_undo", post=DONE, args=merged, secrets=SECRETS + TWIN, told=("owner",)),
    Row("contacts:contact_bin", get=signed_in(), secrets=GONE, told=("owner",)),
    Row("contacts:contact_detail", get=MINE, args=contact, secrets=SECRETS),
    Row("contacts:contact_detail", get=only(), args=deleted, secrets=GONE),
    Row("contacts:contact_edit", get=MINE, post=DONE, args=contact, data=words, secrets=SECRETS),
    Row("contacts:contact_archive", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_unarchive", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_delete", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_card", get=MINE, args=contact, secrets=SECRETS),
    Row("contacts:contact_card", get=only(), args=deleted, secrets=GONE),
    Row("contacts:contact_export", get=signed_in(302), post=signed_in(302), note="asks for the password first"),
    Row("contacts:contact_restore", post=DONE, args=deleted, secrets=GONE, told=("owner",)),
    # Conversations, promises, whose turn it is
    Row("contacts:conversation_list", get=MINE, post=DONE, args=contact, data=talk_words, secrets=SECRETS),
    Row("contacts:conversation_edit", get=MINE, post=DONE, args=talk, data=edited_talk, secrets=SECRETS),
    Row(
        "contacts:conversation_held",
        post=DONE,
        args=talk,
        data=lambda world: {"held": "0"},
        secrets=SECRETS,
        told=("owner",),
    ),
    Row("contacts:conversation_delete", post=DONE, args=talk, secrets=SECRETS, told=("owner",)),
    Row("contacts:conversation_restore", post=DONE, args=deleted_talk, secrets=("SECRETGONETALK",), told=("owner",)),
    Row("contacts:conversation_edit", get=only(), args=deleted_talk, secrets=("SECRETGONETALK",)),
    Row("contacts:conversation_bin", get=signed_in(), secrets=("SECRETGONETALK", "SECRETGONEPROMISE"), told=("owner",)),
    Row("contacts:person_options", get=signed_in(), query="?who=secretcontact", secrets=SECRETS, told=("owner",)),
    Row("contacts:follow_up_list", get=signed_in(), secrets=SECRETS + GONE, told=("owner",)),
    Row("contacts:follow_up_new", get=MINE, post=DONE, args=contact, data=promise_words, secrets=SECRETS),
    Row("contacts:follow_up_edit", get=MINE, post=DONE, args=promise, data=promise_words, secrets=SECRETS),
    Row("contacts:follow_up_done", post=DONE, args=promise, secrets=SECRETS, told=("owner",)),
    Row(
        "contacts:follow_up_outcome",
        post=only("owner", status=400),
        args=promise,
        secrets=SECRETS,
        note="Still open.",
        told=("owner",),
    ),
    Row("contacts:follow_up_drop", post=DONE, args=promise, secrets=SECRETS, told=("owner",)),
    Row("contacts:follow_up_reopen", post=DONE, args=promise, secrets=SECRETS, told=("owner",)),
    Row(
        "contacts:follow_up_later",
        post=DONE,
        args=promise,
        data=lambda world: {"later": "week"},
        secrets=SECRETS,
        told=("owner",),
    ),
    Row("contacts:follow_up_delete", post=DONE, args=promise, secrets=SECRETS, told=("owner",)),
    Row("contacts:follow_up_restore", post=DONE, args=deleted_promise, secrets=("SECRETGONEPROMISE",), told=("owner",)),
    Row("contacts:due_list", get=signed_in(), secrets=SECRETS + GONE, told=("owner",)),
    Row(
        "contacts:due_pace", post=signed_in(302), data=lambda world: {"per_week": "3"}, secrets=SECRETS, told=("owner",)
    ),
    Row("contacts:contact_in_touch", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row(
        "contacts:contact_snooze",
        post=DONE,
        args=contact,
        data=lambda world: {"later": "week"},
        secrets=SECRETS,
        told=("owner",),
    ),
    Row("contacts:contact_skip", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_stop", post=DONE, args=contact, secrets=SECRETS, told=("owner",)),
    Row("contacts:contact_turn_back", post=DONE, args=contact, query="?circle=close", secrets=SECRETS, told=("owner",)),
]

FILES = ("SECRETFILE", "SECRETROW", "SECRETRAW", "SECRETCOLUMN", "SECRETCELL")


def ready(world):
    return {"pk": world.ready_import.pk}


def new(world):
    return {"pk": world.new_import.pk}


def done(world):
    return {"pk": world.done_import.pk}


def chosen(world):
    pk = world.import_row.pk
    return {"row": [pk], f"decision-{pk}": "skip"}


def a_file(world):
    return {"file": ContentFile(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nEND:VCARD\r\n", "a.vcf"), "region": "DE"}


ROWS += [
    Row("contacts:import_new", get=signed_in(), post=signed_in(302), data=a_file, secrets=FILES, told=("owner",)),
    Row("contacts:import_detail", get=MINE, args=ready, secrets=SECRETS[:1] + FILES[:3]),
    Row("contacts:import_detail", get=MINE, args=done, secrets=FILES, query="?after=x"),
    Row(
        "contacts:import_columns", get=MINE, post=DONE, args=new, data=lambda world: {"column-0": "name"}, secrets=FILES
    ),
    Row("contacts:import_choose", post=DONE, args=ready, data=chosen, secrets=FILES, told=("owner",)),
    Row(
        "contacts:import_choose_all",
        post=DONE,
        args=ready,
        data=lambda world: {"finding": "look", "decision": "skip"},
        secrets=FILES,
        told=("owner",),
    ),
    Row("contacts:import_apply", post=DONE, args=ready, secrets=FILES, told=("owner",)),
    Row("contacts:import_undo", post=DONE, args=done, secrets=FILES, told=("owner",)),
    Row("contacts:import_retry", post=DONE, args=ready, secrets=FILES, told=("owner",)),
    Row("contacts:import_discard", post=DONE, args=ready, secrets=FILES, told=("owner",)),
    Row("contacts:import_bad_rows", get=MINE, args=ready, secrets=FILES),
]
