"""HTML to readable text and links: what a person would see, without running or fetching anything."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

HTML_CHARACTERS = 1_000_000
NODES = 100_000
"""Visited at most; a notification has some hundred."""

_UNSEEN = frozenset(
    ("script", "style", "title", "head", "template", "noscript", "svg", "math", "object", "iframe", "select",
     "textarea", "audio", "video", "canvas", "map", "meta", "link")
)  # fmt: skip
_LINES = frozenset(
    ("address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul")
)  # fmt: skip
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table"))
_CELLS = frozenset(("td", "th"))
_HIDING_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?![.\d]*[1-9])|opacity:0(?![.\d]*[1-9])|max-height:0(?![.\d]*[1-9])"
)


def read(source: str) -> tuple[str, tuple[str, ...]]:
    """Visible text and the http(s) targets of visible links, in order of appearance. Not sanitised."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 (10 ms, and many mails have no HTML)

    tree = LexborHTMLParser(source[:HTML_CHARACTERS])
    links: list[str] = []
    root = tree.body
    return (_tidy("".join(_walk(root, links))) if root is not None else ""), tuple(links)


def _walk(root: "LexborNode", links: list[str]) -> Iterator[str]:
    """Depth first without recursion: hostile mail nests a hundred thousand elements."""
    node: LexborNode | None = root
    end = root.mem_id
    for _ in range(NODES):
        if node is None:
            return
        descend = False
        if node.is_text_node:
            yield re.sub(r"[ \t\r\n\f]+", " ", node.text_content or "")
        elif node.is_element_node and not _hidden(node):
            yield _opening(node, links)
            descend = node.child is not None
        if descend:
            node = node.child
            continue
        while node is not None and node.mem_id != end and node.next is None:
            node = node.parent
            yield _closing(node) if node is not None else ""
        node = node.next if node is not None and node.mem_id != end else None


def _hidden(node: "LexborNode") -> bool:
    if node.tag in _UNSEEN:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    style = re.sub(r"\s", "", attributes.get("style") or "").lower()
    return "hidden" in attributes or bool(style and _HIDING_STYLE.search(style))


def _opening(node: "LexborNode", links: list[str]) -> str:
    if node.tag in ("a", "area"):
        target = (node.attributes.get("href") or "").strip()
        if target[:8].lower().startswith(("http://", "https://")):
            links.append(target)
        return ""
    if node.tag == "br":
        return "\n"
    if node.tag in _CELLS:
        return "\x1f"
    return _closing(node)


def _closing(node: "LexborNode") -> str:
    if node.tag in _PARAGRAPHS:
        return "\x1e"
    return "\x1d" if node.tag in _LINES else ""


def _tidy(text: str) -> str:
    r"""Marks to line breaks: an element begins a line (\x1d), leaves one empty (\x1e), or is a cell set off (\x1f)."""
    text = re.sub(r" *([\n\x1d\x1e\x1f]) *", r"\1", re.sub(" {2,}", " ", text))
    text = re.sub(r"(?:\x1f*[\x1d\x1e\n]\x1f*)+", _break, text).replace("\x1f", "  ")
    return text.strip()


def _break(match: re.Match[str]) -> str:
    run = match[0]
    breaks = run.count("\n")
    if "\x1e" in run:
        return "\n\n"
    return "\n" * min(max(breaks, 1), 2)
