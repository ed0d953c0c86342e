from home.views.mentees import mentee_detail, mentee_list, mentee_seen
from home.views.reflection import reflection
from home.views.week import add, more, this_week, week_tick

__all__ = ["add", "mentee_detail", "mentee_list", "mentee_seen", "more", "reflection", "this_week", "week_tick"]
