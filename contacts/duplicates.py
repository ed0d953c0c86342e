"""Who of one's contacts may be the same person: the same address, the same number, and, as a mere hint, the same name."""

from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from contacts.models import Contact
from contacts.reach import assumed

SHOWN = 25
# Many people share the address of an office: what is looked at ends here, before their pairs are sorted.
LOOKED_AT = 500
REASONS = {"email": "Same email", "phone": "Same number", "name": "Same name, which alone says little"}

# The pairs of each reason; nobody in the bin or the archive, and nobody who was said to be somebody else.
_PAIRS = f"""
WITH alike AS (
    (SELECT a.contact_id AS first, b.contact_id AS second, CASE a.kind WHEN 'email' THEN 1 ELSE 2 END AS rank, a.value,
        b.value AS other, a.compared
    FROM contacts_way a
    JOIN contacts_way b ON b.owner_id = a.owner_id AND b.compared = a.compared AND b.contact_id > a.contact_id
    WHERE a.owner_id = %(owner)s AND a.compared <> '' LIMIT {LOOKED_AT})
    UNION ALL
    (SELECT a.id, b.id, 3, a.name, b.name, '' FROM contacts_contact a
    JOIN contacts_contact b ON b.owner_id = a.owner_id AND b.sort_name = a.sort_name AND b.id > a.id
        AND b.deleted_at IS NULL AND b.archived_at IS NULL
    WHERE a.owner_id = %(owner)s AND a.deleted_at IS NULL AND a.archived_at IS NULL LIMIT {LOOKED_AT})
), best AS (SELECT DISTINCT ON (first, second) * FROM alike ORDER BY first, second, rank)
SELECT p.first, p.second, p.rank, p.value, p.other, p.compared FROM best p
JOIN contacts_contact a ON a.id = p.first AND a.deleted_at IS NULL AND a.archived_at IS NULL
JOIN contacts_contact b ON b.id = p.second AND b.deleted_at IS NULL AND b.archived_at IS NULL
WHERE NOT EXISTS (SELECT 1 FROM contacts_apart x WHERE x.first_id = p.first AND x.second_id = p.second)
ORDER BY p.rank, a.sort_name, p.first, p.second LIMIT {SHOWN + 1}
"""  # noqa: S608 - built of constants, the owner apart


@dataclass(frozen=True)
class Pair:
    """Two contacts that may be one person, why one may think so, and what was assumed for it."""

    first: Contact
    second: Contact
    reason: str
    value: str
    assumed: str = ""


def pairs_of(owner: User) -> list[Pair]:
    """Return the first pairs of somebody's contacts, the surest reasons first, and one more than is `SHOWN` if there is one;
    two statements.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"owner": owner.pk})
        rows = cursor.fetchall()
    people = Contact.objects.owned_by(owner).in_bulk({pk for row in rows for pk in row[:2]}) if rows else {}
    reasons = list(REASONS.values())
    return [
        Pair(people[first], people[second], reasons[rank - 1], value, assumed(value, key) or assumed(other, key))
        for first, second, rank, value, other, key in rows
    ]
