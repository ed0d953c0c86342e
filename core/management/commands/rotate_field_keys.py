from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from core.encrypted import EncryptedTextField, rotate_elsewhere

BATCH = 200


class Command(BaseCommand):
    """Encrypt every private text again with the first key of FIELD_KEYS, so that older keys can be dropped."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk all encrypted columns in batches; safe to stop and run again, also while people write."""
        for model in apps.get_models():
            names = [field.name for field in model._meta.get_fields() if isinstance(field, EncryptedTextField)]
            if not names:
                continue
            changed, last = 0, 0
            manager = model._base_manager
            while rows := list(manager.filter(pk__gt=last).order_by("pk")[:BATCH]):
                for row in rows:
                    # The update compares nothing but the key: a text saved meanwhile is already under the new key.
                    with_lock = manager.select_for_update().filter(pk=row.pk)
                    changed += self._encrypt_again(with_lock, names)
                last = rows[-1].pk
            self.stdout.write(f"{model._meta.label}: {changed} rows encrypted again.")
        self.stdout.write(f"Elsewhere: {rotate_elsewhere()} rows encrypted again.")

    @staticmethod
    def _encrypt_again(query: Any, names: list[str]) -> int:
        from django.db import transaction

        with transaction.atomic():
            row = query.first()
            if row is None:
                return 0
            row.save(update_fields=names)
            return 1
