"""Paragraphs again from `format=flowed` (RFC 3676), which breaks lines where a screen ended."""

import re

_QUOTES = re.compile(r"^>*")


def unflow(text: str, *, delsp: bool) -> str:
    """Return the text with its soft line breaks taken out; quoted lines keep one mark per level."""
    lines: list[str] = []
    open_depth = -1  # of the paragraph that goes on, -1 if none does
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        depth = len(_QUOTES.match(line).group())  # type: ignore[union-attr] # it matches nothing, too
        words = line[depth:].removeprefix(" ")
        is_signature = words == "-- "
        if depth == open_depth and not is_signature:
            lines[-1] += words
        else:
            lines.append(f"{'>' * depth} {words}" if depth else words)
        flows = words.endswith(" ") and not is_signature
        open_depth = depth if flows else -1
        if flows and delsp:
            lines[-1] = lines[-1][:-1]
    return "\n".join(line if line == "-- " else line.rstrip() for line in lines)
