"""Replaces the private words of an HTML page: its texts and attributes; tags and styles stay."""

import html
import re

from adapters.kit.anonymise.text import URL, Replacer

_PIECES = re.compile(
    r"(?P<script><script\b[^>]*>.*?</script\s*>)|(?P<style><style\b[^>]*>.*?</style\s*>)"
    r"|(?P<comment><!--.*?-->)|(?P<tag></?[A-Za-z!][^>]*>)|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""(?P<before>\s(?P<name>[A-Za-z_:][\w:.-]*)\s*=\s*)(?P<value>"[^"]*"|'[^']*'|[^\s>"']+)""")
_PLAIN = frozenset(
    (
        *("style", "width", "height", "align", "valign", "border", "cellpadding", "cellspacing", "bgcolor", "color"),
        *("face", "size", "type", "rel", "lang", "xml:lang", "dir", "charset", "http-equiv", "name", "role", "target"),
        *("colspan", "rowspan", "media", "xmlns", "hspace", "vspace", "nowrap", "start", "method"),
    )
)
"""Attributes that say how, not what."""
_LINKS = frozenset(("href", "src", "action", "background", "cite", "data", "poster", "srcset"))


def page(source: str, replacer: Replacer) -> str:
    """The page without private words. Scripts are emptied, so are comments that hide no HTML."""
    return _PIECES.sub(lambda piece: _piece(piece, replacer), source)


def _piece(piece: re.Match[str], replacer: Replacer) -> str:
    what = piece[0]
    match piece.lastgroup:
        case "text":
            what = _text(what, replacer)
        case "tag":
            what = _ATTRIBUTE.sub(lambda found: _attribute(found, replacer), what)
        case "style":
            what = URL.sub(lambda link: replacer.url(link[0]), what)
        case "script":
            what = re.sub(r">.*<", "><", what, count=1, flags=re.DOTALL)
        case "comment":
            what = _comment(what, replacer)
    return what


def _comment(comment: str, replacer: Replacer) -> str:
    """A condition for Outlook keeps what it hides; any other comment is emptied."""
    if "[if" not in comment and "[endif" not in comment:
        return "<!-- -->"
    return comment[:4] + page(comment[4:-3], replacer) + comment[-3:]


def _text(text: str, replacer: Replacer) -> str:
    """Entities are read first: a name can be written in them."""
    if not text.strip():
        return text
    if "&" not in text:
        return replacer.text(text)
    return html.escape(replacer.text(html.unescape(text)), quote=False)


def _attribute(found: re.Match[str], replacer: Replacer) -> str:
    name, value = found["name"].lower(), found["value"]
    mark = value[0] if value[0] in "\"'" else ""
    inner = value.strip(mark) if mark else value
    if name in _PLAIN and "://" not in inner:
        return found[0]
    plain = html.unescape(inner)
    if name in _LINKS and not re.match(r"[a-z]+:", plain, re.IGNORECASE):
        said = replacer.path(plain)
    else:
        said = replacer.text(plain)
    return found["before"] + mark + html.escape(said, quote=bool(mark)) + mark
