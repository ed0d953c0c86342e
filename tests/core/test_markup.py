from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.markup import fill, fill_each

HOSTILE = "<script>alert('1')</script> & \"more\""


def test_fill_escapes_like_format_html():
    values = (HOSTILE, SafeString("<b>"), 7, None)

    filled = fill("<i>{}</i>{}{}{}", *values)

    assert filled == format_html("<i>{}</i>{}{}{}", *values)
    assert "<script>" not in filled
    assert isinstance(filled, SafeString)


def test_fill_leaves_braces_that_people_wrote():
    assert fill("{}", "{0.__class__} {}") == "{0.__class__} {}"


def test_fill_each():
    assert fill_each("<i>{}{}</i>", ((1, "<"), (2, "&"))) == "<i>1&lt;</i><i>2&amp;</i>"
    assert fill_each("<i>{}</i>", ()) == ""
