"""The lines of a vCard: taken apart, put together, and kept where they are not ours (RFC 6350, 3.3; RFC 2426; vCard 2.1)."""

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from contacts.cards.files import decode
from core.text import clean_line, clean_text

# Names count in any case (RFC 6350, 3.3); these go out as the one program that reads them writes them.
_AS_APPLE = {"X-ABLABEL": "X-ABLabel", "X-ABSHOWAS": "X-ABShowAs"}
_FRAME = {"BEGIN", "END", "VERSION"}
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
# Parameters of 2.1 and 3.0 without a meaning in 4.0: how the value was written, or what is the rule there.
_SPENT = {"CHARSET", "ENCODING"}
_SPENT_TYPES = {"internet", "voice", "dom", "intl", "postal", "parcel"}
_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUOTE_OR_COLON = re.compile(rb'[":]')
HEAD_BYTES = 4096  # name and parameters, as they stand in the file and as we write them again
# The most that writing makes of a byte, as characters become UTF-8 and a caret two; and of a line, with what we add.
_GROWTH, _OWN_PARAMS = 3, 40
# TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=D0=94):... is how Android names a label of one's own.
_ANDROID_LABEL = re.compile(r"X-CUSTOM\(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,([^)]*)\)", re.IGNORECASE)
_OLD_PLACE = re.compile(r"(-?[0-9.]+)[;,] ?(-?[0-9.]+)")  # degrees; 4.0 has the geo: of RFC 5870
_CHARSET = re.compile(rb'(;CHARSET="?)([A-Za-z0-9_.:-]{1,40})', re.IGNORECASE)
_OLD_ESCAPE = re.compile(r"\\([;,:\\nN])?")
_CARET = re.compile(r"\^([n^'])")
_CARETS = {"n": "\n", "^": "^", "'": '"'}
Param = tuple[str, tuple[str, ...]]


class NotALine(ValueError):
    """No property can be read from this; the text says why, in words for the person."""


@dataclass(frozen=True)
class Property:
    """One content line. `value` is in the syntax of vCard 4.0, still escaped, and has no line break."""

    name: str  # in capitals
    value: str
    params: tuple[Param, ...] = ()
    group: str = ""
    is_base64: bool = False

    @property
    def types(self) -> list[str]:
        """The values of TYPE in small letters."""
        return [kind for name, values in self.params if name == "TYPE" for kind in values]

    def param(self, name: str) -> str:
        return next((values[0] for found, values in self.params if found == name), "")

    @property
    def text(self) -> str:
        return clean_text(unescape(self.value))

    @property
    def line(self) -> str:
        """The value as one line of text."""
        return clean_line(unescape(self.value))

    @property
    def parts(self) -> list[str]:
        """The components of a structured value, as lines of text."""
        return [clean_line(unescape(part)) for part in split_escaped(self.value, ";")]

    @property
    def items(self) -> list[str]:
        """The values of a list, as lines of text."""
        return [clean_line(unescape(part)) for part in split_escaped(self.value, ",")]

    def without(self, param: str) -> "Property":
        return replace(self, params=tuple(row for row in self.params if row[0] != param))

    def says_all_of(self, other: "Property") -> bool:
        """Tell whether the other line says no more than this one; empty components at its end say nothing."""
        mine, others = (split_escaped(row.value.rstrip(";"), ";") for row in (self, other))
        same_value = (self.group, self.name, mine) == (other.group, other.name, others)
        return same_value and set(self.params) == set(other.params)

    def to_json(self) -> dict[str, Any]:
        """Return the line as it waits in `Contact.extra`."""
        row: dict[str, Any] = {"name": self.name, "value": self.value}
        if self.params:
            row["params"] = [[name, *values] for name, values in self.params]
        return row | ({"group": self.group} if self.group else {})

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Return the line that `to_json` wrote. Raises ValueError for what is no line of a person, whoever wrote it."""
        params = tuple((name, tuple(map(clean_text, values))) for name, *values in row.get("params", ()))
        names = [row["name"], *(name for name, _ in params), *filter(None, [row.get("group", "")])]
        if row["name"] in _FRAME or not all(_NAME.fullmatch(name) for name in names):
            raise ValueError("not a line of a card")
        return cls(row["name"], clean_text(row["value"]).replace("\n", "\\n"), params, row.get("group", ""))

    @property
    def head(self) -> str:
        """What stands before the colon: group, name and parameters."""
        params = "".join(f";{name}={','.join(_param_value(value) for value in values)}" for name, values in self.params)
        return f"{self.group + '.' if self.group else ''}{_AS_APPLE.get(self.name, self.name)}{params}"

    def __str__(self) -> str:
        """The content line of vCard 4.0, not folded yet."""
        return f"{self.head}:{self.value}"


def parse_line(raw: bytes, *, version: str) -> Property:
    """Take one unfolded line apart, in one pass and without searching back. Raises NotALine."""
    head, colon, value = _cut_outside_quotes(raw)
    if not colon:
        raise NotALine("there is no colon in it")
    if len(head) > HEAD_BYTES:
        raise NotALine("what stands before its colon is too long")
    label, *rest = _split(_ANDROID_LABEL.sub(_custom, decode(head)), ";")
    group, _, name = label.strip().rpartition(".")
    if not _NAME.fullmatch(name) or (group and not _NAME.fullmatch(group)):
        raise NotALine("it does not begin with the name of a property")
    params = [_param(part, carets=version == "4.0") for part in rest if part.strip()]
    encoding = next((values[0].upper() for found, values in params if found == "ENCODING"), "")
    charset = next((values[0] for found, values in params if found == "CHARSET"), "")
    if encoding == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value)
    found = Property(
        name.upper(),
        _to_4(name.upper(), decode(value, charset), version),
        tuple(_params_of_4(params)),
        group,
        is_base64=encoding in ("B", "BASE64"),
    )
    if len(head) * _GROWTH > HEAD_BYTES and len(found.head.encode()) > HEAD_BYTES - _OWN_PARAMS:
        raise NotALine("what stands before its colon is too long")
    return found


def is_quoted_printable(raw: bytes | bytearray) -> bool:
    """Tell whether the head of this line says that lines ending in "=" go on."""
    return b"QUOTED-PRINTABLE" in raw[:HEAD_BYTES].partition(b":")[0].upper()


def as_unicode(raw: bytes) -> str:
    """Return an unfolded line as it stands, to be handed out in UTF-8: a CHARSET that said otherwise is made to say that."""
    head, colon, value = raw.partition(b":")
    if value.isascii() or not (charset := _CHARSET.search(head)):
        return decode(raw)
    return decode(_CHARSET.sub(rb"\1UTF-8", head) + colon) + decode(value, charset[2].decode(errors="replace"))


def unescape(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def escape(value: str) -> str:
    """Return a text for a value of any property: a component or an item of a list too."""
    return re.sub(r"([\\,;])", r"\\\1", clean_text(value)).replace("\n", "\\n")


def split_escaped(value: str, at: str) -> list[str]:
    """Split where the character stands without a backslash before it."""
    parts, start, position = [], 0, 0
    while position < len(value):
        if value[position] == "\\":
            position += 1
        elif value[position] == at:
            parts.append(value[start:position])
            start = position + 1
        position += 1
    return [*parts, value[start:]]


def _custom(found: re.Match[str]) -> str:
    label = clean_line(decode(quopri.decodestring(found[1].encode()))).replace('"', "")
    return f'X-CUSTOM="{label}"'


def _cut_outside_quotes(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Cut at the first colon outside quotation marks; at the first at all where a mark is never closed."""
    is_quoted = False
    for found in _QUOTE_OR_COLON.finditer(raw):
        if found[0] == b'"':
            is_quoted = not is_quoted
        elif not is_quoted:
            return raw[: found.start()], b":", raw[found.end() :]
    return raw.partition(b":")


def _split(text: str, at: str) -> list[str]:
    """Split outside quotation marks."""
    parts = [""]
    for number, piece in enumerate(text.split('"')):
        if number % 2:
            parts[-1] += f'"{piece}"'
            continue
        first, *others = piece.split(at)
        parts[-1] += first
        parts += others
    return parts


def _param(part: str, *, carets: bool) -> Param:
    name, equals, rest = part.partition("=")
    name = clean_line(name).upper()
    if not equals:  # 2.1 leaves the name out
        return ("ENCODING" if name in _ENCODINGS else "TYPE"), (name,)
    values = [clean_text(value.strip().replace('"', "")) for value in _split(rest, ",")]
    if carets:
        values = [_CARET.sub(lambda found: _CARETS[found[1]], value) for value in values]
    return name, tuple(values)


def _params_of_4(params: Iterable[Param]) -> Iterator[Param]:
    """Yield the parameters as 4.0 has them: `TYPE=pref` is `PREF=1`, types are one list in small letters."""
    types: list[str] = []
    for name, values in params:
        if not _NAME.fullmatch(name) or name in _SPENT:
            continue
        if name != "TYPE":
            yield name, values
            continue
        for kind in (kind.strip().lower() for value in values for kind in value.split(",")):
            if kind == "pref":
                yield "PREF", ("1",)
            elif kind and kind not in _SPENT_TYPES and kind not in types:
                types.append(kind)
    if types:
        yield "TYPE", tuple(types)


def _to_4(name: str, text: str, version: str) -> str:
    """Return a value in the syntax of 4.0: in 2.1 only a semicolon is escaped, and line breaks stand as they are."""
    text = clean_text(text)
    if version == "2.1":
        text = _OLD_ESCAPE.sub(lambda found: found[0] if found[1] else r"\\", text)
    if name == "GEO" and version != "4.0" and (place := _OLD_PLACE.fullmatch(text.strip())):
        return f"geo:{place[1]},{place[2]}"
    return text.replace("\n", "\\n")


def _param_value(value: str) -> str:
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if re.search(r"[,;:]", value) else value
