"""HTML to readable text and links: what a person would see, in one pass over the tags, without building a tree.

Not selectolax: its parser takes quadratic time in nesting and in attributes (40,000 open elements 4 s, one tag with
100,000 attributes 46 s), and one mail must not stop a poll. Tags are cut as the HTML standard's tokenizer cuts them
(section 13.2.5), in linear time.
"""

import re
from html import unescape

HTML_CHARACTERS = 1_000_000
STYLE_CHARACTERS = 2000

_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_TAG = re.compile(
    r"(/?+)([A-Za-z][^\s/>]*+)"
    r"((?:[\s/]++|=?+[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\s>]*+))?+|=)*+)>"
)
_ATTRIBUTE = re.compile(r"(=?+[^\s/>=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|((?![\"'])[^\s>]*+)))?")
_MAY_HIDE = re.compile(r"none|hid|opacity|max-height", re.IGNORECASE)

_RAW = frozenset(("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript"))
"""Their content is no markup; none of it is seen."""
_UNSEEN = frozenset(("template", "svg", "math", "object", "select", "audio", "video", "canvas", "map"))
_EMPTY = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr", "source", "param", "embed")
)
_ENDS_ITSELF = frozenset(("p", "li", "td", "th", "tr", "dd", "dt", "option"))
"""The next one of its kind closes it."""
_LINES = frozenset(
    ("address", "article", "aside", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
     "header", "hr", "li", "main", "nav", "pre", "section", "tr")
)  # fmt: skip
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table"))
_BREAK, _LINE, _PARAGRAPH, _CELL = "\x1c", "\x1d", "\x1e", "\x1f"
_MARKS = {
    "br": _BREAK,
    "td": _CELL,
    "th": _CELL,
    **dict.fromkeys(_LINES, _LINE),
    **dict.fromkeys(_PARAGRAPHS, _PARAGRAPH),
}
# Not font-size: layouts made by MJML set it to 0 around text that sets its own.
_HIDING_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all"
    r"|(?:opacity|max-height):0(?![.\d]*[1-9])"
)


def read(source: str) -> tuple[str, tuple[str, ...]]:
    """Visible text and the http(s) targets of visible links, in order of appearance. Not sanitised."""
    page = _Page(re.sub("[\x1c-\x1f]", "", source[:HTML_CHARACTERS]))
    page.read()
    return _tidy("".join(page.pieces)), tuple(page.links)


class _Page:
    """One pass: the text and marks seen so far, and the hidden element we are in, if any."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._hidden = ""
        self._depth = 0
        self.pieces: list[str] = []
        self.links: list[str] = []

    def read(self) -> None:
        position = 0
        while markup := _MARKUP.search(self._source, position):
            self._text(position, markup.start())
            position = self._markup(markup.end())
        self._text(position, len(self._source))

    def _text(self, start: int, end: int) -> None:
        if start < end and not self._hidden:
            self.pieces.append(self._source[start:end])

    def _markup(self, position: int) -> int:
        """Read what begins behind a `<`; returns where the text goes on."""
        if self._source.startswith("!--", position):
            return self._behind("-->", position + 1)  # `<!-->` is a whole comment
        tag = _TAG.match(self._source, position)
        if tag is None:
            is_tag = self._source[position : position + 2].lstrip("/")[:1].isalpha()
            return len(self._source) if is_tag else self._behind(">", position)
        name = tag[2].lower()
        if tag[1]:
            self._close(name)
        else:
            self._open(name, tag[3])
            if name in _RAW:
                end = re.compile(f"</{name}", re.IGNORECASE).search(self._source, tag.end())
                return end.start() if end else len(self._source)
        return tag.end()

    def _behind(self, end: str, position: int) -> int:
        found = self._source.find(end, position)
        return found + len(end) if found >= 0 else len(self._source)

    def _open(self, name: str, attributes: str) -> None:
        if self._hidden:
            if name == self._hidden and name not in _EMPTY:
                if name not in _ENDS_ITSELF:
                    self._depth += 1
                    return
                self._hidden = ""
            else:
                return
        self.pieces.append(_MARKS.get(name, ""))
        is_link = name in ("a", "area")
        values = _attributes(attributes) if is_link or _MAY_HIDE.search(attributes) else {}
        if name not in _EMPTY and (name in _UNSEEN or "hidden" in values or _hides(values.get("style", ""))):
            self._hidden, self._depth = name, 1
        elif is_link:
            target = values.get("href", "").strip()
            if target[:8].lower().startswith(("http://", "https://")):
                self.links.append(target)

    def _close(self, name: str) -> None:
        if name == self._hidden:
            self._depth -= 1
            if self._depth == 0:
                self._hidden = ""
        if not self._hidden and name not in ("td", "th", "br"):
            self.pieces.append(_MARKS.get(name, ""))


def _attributes(source: str) -> dict[str, str]:
    """Attributes by lower-case name; of two with one name the first, as in the standard."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(source):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _hides(style: str) -> bool:
    return bool(style) and _HIDING_STYLE.search(re.sub(r"\s", "", style[:STYLE_CHARACTERS]).lower()) is not None


def _tidy(text: str) -> str:
    """White space to single blanks, then marks to line breaks (no character reference makes a mark)."""
    text = re.sub(r"[ \t\r\n\f]+", " ", unescape(text))
    text = re.sub(r" ?([\x1c-\x1f]) ?", r"\1", text)
    return re.sub(r"[\x1c-\x1f]+", _white_space, text).strip()


def _white_space(match: re.Match[str]) -> str:
    run = match[0]
    if _PARAGRAPH in run or run.count(_BREAK) > 1:
        return "\n\n"
    return "  " if run == _CELL * len(run) else "\n"
