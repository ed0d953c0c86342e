from django.db import models

from sharing.models import Comment


class GoalComment(Comment):
    """What the owner of a goal and one reader write to each other about it, or about one of its milestones."""

    item = models.ForeignKey("goals.Goal", models.CASCADE, related_name="comments")
    milestone = models.ForeignKey("goals.Milestone", models.SET_NULL, null=True, blank=True, related_name="comments")

    class Meta(Comment.Meta):
        indexes = [models.Index(fields=["item", "-created_at", "-id"], name="goals_comment_newest")]

    def get_absolute_url(self) -> str:
        return f"/goals/{self.item_id}/#comment-{self.pk}"
