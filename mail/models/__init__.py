from mail.models.event import DeliveryEvent, DeliveryEventQuerySet
from mail.models.inbound import Inbound, InboundQuerySet
from mail.models.message import DEDUPE_LENGTH, PROVIDER_ID_LENGTH, Message, MessageQuerySet, OutboxState
from mail.models.preference import Preference, PreferenceQuerySet
from mail.models.suppression import (
    HALF_LIFE,
    POINTS_UNTIL_PAUSE,
    REST,
    AddressHash,
    Suppression,
    SuppressionQuerySet,
    address_hash,
)

__all__ = [
    "DEDUPE_LENGTH",
    "HALF_LIFE",
    "POINTS_UNTIL_PAUSE",
    "PROVIDER_ID_LENGTH",
    "REST",
    "AddressHash",
    "DeliveryEvent",
    "DeliveryEventQuerySet",
    "Inbound",
    "InboundQuerySet",
    "Message",
    "MessageQuerySet",
    "OutboxState",
    "Preference",
    "PreferenceQuerySet",
    "Suppression",
    "SuppressionQuerySet",
    "address_hash",
]
