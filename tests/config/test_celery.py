import gc

from celery.signals import worker_process_init

import config.celery  # noqa: F401 - connects its receivers


def test_a_new_worker_process_spares_what_was_loaded():
    try:
        worker_process_init.send(sender=None)

        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
