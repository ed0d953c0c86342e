import gc
import os

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _spare_what_stays(**_: object) -> None:
    """Keep the garbage collector off what was loaded at the start: it took a tenth of the time of a batch of mails."""
    gc.collect()
    gc.freeze()
