from contacts.forms.contact import ContactForm, WayRows, ways_of

__all__ = ["ContactForm", "WayRows", "ways_of"]
