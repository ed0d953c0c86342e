from home.views.mentees import mentee_detail, mentee_list, mentee_seen
from home.views.reflection import reflection

__all__ = ["mentee_detail", "mentee_list", "mentee_seen", "reflection"]
