"""PGP in the text itself, as mail programs wrote it before there was a part of its own for it (RFC 4880, 6.2 and 7)."""

import re

_SEALED = re.compile(r"\s*-----BEGIN PGP MESSAGE-----[ ]*$", re.MULTILINE)
_SIGNED, _SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_ESCAPED = re.compile(r"^- ", re.MULTILINE)


def is_sealed(text: str) -> bool:
    """Tell whether a text begins as an encrypted one, so that nothing of it can be read here."""
    return bool(_SEALED.match(text))


def without_signature(text: str) -> str:
    """Return a signed text as its writer typed it."""
    before, signed, rest = text.partition(f"{_SIGNED}\n")
    _, blank, rest = rest.partition("\n\n")  # the head names the hash
    words, signature, rest = rest.partition(f"\n{_SIGNATURE}")
    _, end, after = rest.partition(_END)
    if not (signed and blank and signature and end) or (before and not before.endswith("\n")):
        return text
    return before + _ESCAPED.sub("", words) + after
