"""Redis or Valkey as Celery's broker: kombu's transport, but for what it does when the broker cannot be told something."""

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Lets go of a message that is answered, whether or not the broker could be told so.

    kombu keeps it where the broker does not answer in time. It then counts against what the worker may hold for as long
    as this lives, and after as many hiccups as it may hold messages the worker fetches no more. Untold, the broker hands
    the message out again after `visibility_timeout`, as after the death of a worker.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel
