"""HTML of a reply as text whose quoted parts carry the marks that plain mails give them."""

import re

from lxml import etree, html

# Deeper HTML than this was written by nobody; libxml2 itself stops at 256.
_SKIPPED = {"script", "style", "head", "title", "template", "noscript", "object", "svg"}
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "table"}
# Boxes in which mail programs put what is answered, where they do not use <blockquote>.
_QUOTED = re.compile(r"\b(yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-forward-container)\b")
_SIGNED = re.compile(
    r"\b(gmail_signature|moz-signature|protonmail_signature_block|ms-outlook-mobile-signature|Signature)\b"
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_BLANK = re.compile(r"\n{3,}")


def to_text(source: str) -> str:
    """Return what a reader of this HTML sees, a paragraph a line, quoted lines behind `>`; empty for no words at all."""
    source = source.replace("\0", "").strip()
    if not source:
        return ""
    try:
        # As bytes: a declaration of another encoding inside would be an error for a str.
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return ""
    writer = _Writer()
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if _is_hidden(element):
                walk.skip_subtree()
                writer.leave_hidden.add(element)
                continue
            writer.start(element)
        elif element in writer.leave_hidden:
            writer.write(element.tail)
        else:
            writer.end(element)
    return writer.text()


def _is_hidden(element: etree._Element) -> bool:
    return not isinstance(element.tag, str) or element.tag in _SKIPPED or bool(_HIDDEN.search(element.get("style", "")))


def _first_number(numbered: etree._Element) -> int:
    first = numbered.get("start", "")
    return int(first) if re.fullmatch(r"[0-9]{1,4}", first) else 1


class _Writer:
    """Collects lines while a tree is walked."""

    def __init__(self) -> None:
        self.leave_hidden: set[etree._Element] = set()
        self._lines: list[str] = []
        self._line = ""
        self._depth = 0  # of quotes
        self._pre = 0
        self._numbers: list[int] = []  # of the next item, for each numbered list that is open
        self._bullet = ""  # of the item that is being written

    def start(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._break(blank=tag in _PARAGRAPHS)
        if tag == "br":
            self._newline()
        elif tag == "ol":
            self._numbers.append(_first_number(element))
        elif tag == "li":
            self._line = self._bullet = self._next_bullet(element)
        elif tag == "pre":
            self._pre += 1
        if self._is_quote(element):
            self._break()
            self._depth += 1
        elif _SIGNED.search(f"{element.get('class', '')} {element.get('id', '')}"):
            self._break()
            self._lines.append(self._marked("-- "))
        self.write(element.text)

    def end(self, element: etree._Element) -> None:
        tag = element.tag
        if self._is_quote(element):
            self._break()
            self._depth -= 1
        if tag == "pre":
            self._pre -= 1
        elif tag == "ol":
            self._numbers.pop()
        elif tag == "li":
            self._bullet = ""
        if tag in _BLOCKS:
            self._break(blank=tag in _PARAGRAPHS)
        elif tag in {"td", "th"}:
            self._line += " "
        self.write(element.tail)

    def write(self, text: str | None) -> None:
        if not text:
            return
        if self._pre:
            first, *rest = text.split("\n")
            self._line += first
            for line in rest:
                self._newline()
                self._line += line
            return
        words = _SPACE.sub(" ", text)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def text(self) -> str:
        self._break()
        return _BLANK.sub("\n\n", "\n".join(self._lines)).strip("\n")

    @staticmethod
    def _is_quote(element: etree._Element) -> bool:
        return element.tag == "blockquote" or bool(
            _QUOTED.search(f"{element.get('class', '')} {element.get('id', '')}")
        )

    def _marked(self, line: str) -> str:
        return f"{'>' * self._depth} {line}" if self._depth else line

    def _next_bullet(self, item: etree._Element) -> str:
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return "- "
        self._numbers[-1] += 1
        return f"{self._numbers[-1] - 1}. "

    def _newline(self) -> None:
        self._lines.append(self._marked(self._line.rstrip()))
        self._line = ""

    def _break(self, *, blank: bool = False) -> None:
        """End the line that is being written, if any, and leave one free after a paragraph.

        The words of an item stand behind its bullet, also where they are a paragraph of their own.
        """
        if self._line and self._line == self._bullet:
            return
        if self._line.strip():
            self._newline()
        self._line = ""
        if blank and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._marked("").rstrip())
