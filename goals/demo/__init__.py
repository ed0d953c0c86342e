"""The goals of the demo people, with dates around today (devstack.demo)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from contacts.models import Contact
from goals.demo.stories import STORIES, Story
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate, Revision, Seen, Suggestion
from sharing.models import Mentorship


def fill(cast: Any, today: date) -> None:
    """Write the stories that are not there yet; a goal is known by its owner and its title."""
    for story in STORIES:
        owner: User = getattr(cast, story.owner)
        if not Goal.objects.filter(owner=owner, title=story.title).exists():
            _tell(story, owner, cast, today)


def _tell(story: Story, owner: User, cast: Any, today: date) -> None:
    def moment(ago: int, clock: str = "18:30") -> datetime:
        hour = time.fromisoformat(clock)
        return datetime.combine(today - timedelta(days=ago), hour, tzinfo=owner.time_zone)

    def day(distance: int | None) -> date | None:
        return None if distance is None else today + timedelta(days=distance)

    start, target, unit = story.count or (None, None, "")
    latest = min([story.began, *(log.ago for log in story.logs), *(said.ago for said in story.said)])
    goal = Goal.objects.create(
        owner=owner,
        title=story.title,
        why=story.why,
        achievable=story.achievable,
        measure=story.measure,
        unit=unit,
        start_value=None if start is None else Decimal(str(start)),
        target_value=None if target is None else Decimal(str(target)),
        starts_on=today - timedelta(days=story.began),
        due_on=day(story.due),
        evidence=story.evidence,
        hours_a_week=None if story.hours is None else Decimal(str(story.hours)),
        importance=story.importance,
        status=story.status,
        paused_on=None if story.resting is None else today - timedelta(days=story.resting),
        closed_at=None if story.ended is None else moment(story.ended),
        closing_note=story.note,
        closing_helped=story.helped,
        closing_differently=story.differently,
        created_at=moment(story.began, "09:00"),
        updated_at=moment(story.ended if story.ended is not None else latest),
    )
    relations: dict[str, Mentorship] = {key: cast.mentorships[story.owner, key] for key in story.readers}
    goal.shared_with.set(relations.values())
    goal.contacts.set(Contact.objects.owned_by(owner).filter(name__in=story.helped_by))
    milestones = {
        step.title: Milestone.objects.create(
            goal=goal,
            kind=Milestone.Kind.TASK if step.is_task else Milestone.Kind.MILESTONE,
            title=step.title,
            due_on=day(step.due),
            at_value=None if step.at is None else Decimal(step.at),
            done_at=None if step.done is None else moment(step.done),
            position=position,
        )
        for position, step in enumerate(story.steps, start=1)
    }
    for log in story.logs:
        update = ProgressUpdate.objects.create(
            goal=goal,
            value=None if log.value is None else Decimal(str(log.value)),
            happened_on=today - timedelta(days=log.ago),
            note=log.note,
            confidence=log.sure,
            hours=None if log.hours is None else Decimal(str(log.hours)),
            created_at=moment(log.ago),
        )
        for reader in log.seen:
            Seen.objects.create(update=update, mentorship=relations[reader], seen_at=moment(log.ago, "21:00"))
    for said in story.said:
        relation = relations[said.reader]
        comment = GoalComment.objects.create(
            item=goal,
            mentorship=relation,
            author=owner if said.mine else relation.mentor,
            text=said.text,
            created_at=moment(said.ago, said.clock),
            milestone=milestones.get(said.about),
            thanked_at=None if said.thanked is None else moment(said.thanked, "21:10"),
        )
        if said.milestone:
            words, due = said.milestone
            Suggestion.objects.create(comment=comment, kind=Suggestion.Kind.MILESTONE, words=words, day=day(due))
    for change in story.changes:
        old, new = change.old, change.new
        if change.field == "due_on":
            old, new = (str(today + timedelta(days=int(text))) for text in (old, new))
        Revision.objects.create(
            goal=goal,
            field=change.field,
            old=old,
            new=new,
            reason=change.reason,
            suggested_by=getattr(cast, change.by) if change.by else None,
            was_suggested=bool(change.by),
            changed_at=moment(change.ago),
        )
