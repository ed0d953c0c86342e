"""What a view is given: never more than the one rule of sight allows."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404

from accounts.models import User

Row = TypeVar("Row", bound=Model)


def own_or_403(rows: Any, user: User, pk: int) -> Any:
    """Return a row `user` may change; 403 for one they only see, 404 for every other id.

    `rows` is a queryset with `editable_by` and `visible_to`.
    """
    row = rows.editable_by(user).filter(pk=pk).first()
    if row is not None:
        return row
    if rows.visible_to(user).filter(pk=pk).exists():
        raise PermissionDenied("You can see this, and only its owner changes it.")
    raise Http404
