"""Many changed rows in one statement."""

from collections.abc import Collection, Sequence

from django.db.models import Model


def store_changes(rows: Collection[Model], fields: Sequence[str]) -> None:
    """Store these fields of rows that are there, and locked, with one statement.

    As an INSERT that meets its own rows: `bulk_update` writes a CASE for each field and row, and took two thirds of the
    time of an import.
    """
    if rows:
        manager = type(next(iter(rows)))._default_manager
        manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)
