"""Turns the bytes of a mail into the letters that were meant, whatever its charset is called."""

import codecs
import re

# Names that mail programs use and Python does not know.
_ALSO_CALLED = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp-ms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
}
# What a name stands for in practice, as browsers take it (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "ascii": "utf-8",
}
# Some codecs Python counts as text take quadratic time, or decode no text at all.
_KNOWN = re.compile(r"utf-?_?(7|8|16|32)|ascii|iso8859|latin|cp\d|koi8|gb|big5|shift_jis|euc_|iso2022|mac|hz|johab|tis")
# Written in the letters of ASCII, so that any other charset would "understand" them.
_STATEFUL = re.compile(r"iso2022|hz|utf-7")
# Japanese programs write ① or ㈱ in ISO-2022-JP too, which only the larger set of the same places has.
_JIS, _LARGER_JIS = b"\x1b$B", b"\x1b$(Q"


def decode(data: bytes, charset: str) -> str:
    """Return the text: in its charset if that is true of it, else in UTF-8, else in the Western one."""
    name = _python_name(charset)
    for codec in (name, "utf-8"):
        try:
            return data.decode(codec)
        except (UnicodeError, LookupError):
            if codec.startswith("iso2022_jp"):
                return data.replace(_JIS, _LARGER_JIS).decode("iso2022_jp_2004", "replace")
            if _STATEFUL.match(codec):
                return data.decode(codec, "replace")
    return data.decode("cp1252", "replace")


def _python_name(charset: str) -> str:
    name = charset.strip().lower()[:40] or "utf-8"
    try:
        known = codecs.lookup(_ALSO_CALLED.get(name, name)).name
    except (LookupError, UnicodeError, ValueError):
        return "utf-8"
    return _MEANT.get(known, known) if _KNOWN.match(known) else "utf-8"
