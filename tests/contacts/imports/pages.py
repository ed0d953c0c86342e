"""What the tests of these pages share."""

from django.core.files.base import ContentFile

NEW = "/contacts/import/"


def send(client, content, name="people.vcf", **more):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(NEW, {"file": ContentFile(content, name), "region": "DE", **more})


def page_of(client, source, query=""):
    return client.get(source.get_absolute_url() + query).content.decode()


def choose(client, source, rows, decision="skip", *, theirs=(), fragment=False, **more):
    data = {"row": [row.pk for row in rows]}
    data |= {f"decision-{row.pk}": decision for row in rows} | {f"theirs-{row.pk}": theirs for row in rows}
    headers = {"hx-request": "true"} if fragment else {}
    return client.post(f"{source.get_absolute_url()}choose/", data | more, headers=headers)
