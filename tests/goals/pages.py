"""What the tests of goals' pages share."""

HTMX = {"hx-request": "true"}


def page_of(response):
    return response.content.decode()
