import gc
import os

from celery import Celery
from celery.signals import worker_process_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TRANSPORT_ALIASES |= {"redis": "config.broker:Transport", "rediss": "config.broker:Transport"}

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("config.worker:SilenceWatch")


@worker_process_init.connect
def _spare_what_stays(**_: object) -> None:
    """Keep the garbage collector off what was loaded at the start, and off a batch of mails, which is made and let go
    without it: each took it a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)
