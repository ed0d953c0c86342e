"""What the tests of these pages share."""

import re

CSRF = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+}')


def text_of(response):
    return CSRF.sub("", response.content.decode())
