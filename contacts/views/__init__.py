"""One file per subject."""

from contacts.views.association import (
    association_delete,
    association_detail,
    association_edit,
    association_new,
    association_restore,
)
from contacts.views.bin import contact_archive, contact_bin, contact_delete, contact_restore, contact_unarchive
from contacts.views.event import (
    event_attend,
    event_bin,
    event_delete,
    event_detail,
    event_edit,
    event_list,
    event_miss,
    event_new,
    event_people,
    event_prepare,
    event_restore,
)
from contacts.views.lists import contact_list, tag_list
from contacts.views.people import contact_detail, contact_edit, contact_new

__all__ = [
    "association_delete",
    "association_detail",
    "association_edit",
    "association_new",
    "association_restore",
    "contact_archive",
    "contact_bin",
    "contact_delete",
    "contact_detail",
    "contact_edit",
    "contact_list",
    "contact_new",
    "contact_restore",
    "contact_unarchive",
    "event_attend",
    "event_bin",
    "event_delete",
    "event_detail",
    "event_edit",
    "event_list",
    "event_miss",
    "event_new",
    "event_people",
    "event_prepare",
    "event_restore",
    "tag_list",
]
