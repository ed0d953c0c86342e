from home.views.mentees import mentee_detail, mentee_list, mentee_seen

__all__ = ["mentee_detail", "mentee_list", "mentee_seen"]
