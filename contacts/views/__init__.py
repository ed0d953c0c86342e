from contacts.views.bin import contact_archive, contact_bin, contact_delete, contact_restore, contact_unarchive
from contacts.views.people import contact_detail, contact_edit, contact_list, contact_new

__all__ = [
    "contact_archive",
    "contact_bin",
    "contact_delete",
    "contact_detail",
    "contact_edit",
    "contact_list",
    "contact_new",
    "contact_restore",
    "contact_unarchive",
]
