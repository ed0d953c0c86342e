from contacts.forms.contact import ContactForm, WayRows, ways_of
from contacts.forms.export import ExportForm

__all__ = ["ContactForm", "ExportForm", "WayRows", "ways_of"]
