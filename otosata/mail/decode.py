"""From bytes to text: the label first, what the bytes themselves say where the label lies, never an exception.

Codec names come from an allow-list: a mail may name `zip`, `punycode` or `unicode_escape`, and Python would run them.
"""

import binascii
import re

from otosata.mail import jis

_JIS = "iso-2022-jp"
_SHIFT_JIS = "cp932"
_EUC = "euc-jp"
_GUESS = ""

_CODECS: dict[str, str] = {
    **dict.fromkeys(
        ("iso2022jp", "iso2022jp1", "iso2022jp2", "iso2022jp3", "iso2022jp2004", "iso2022jpext", "iso2022jpms",
         "csiso2022jp", "cp50220", "cp50221", "cp50222", "xwindowsiso2022jp", "jis", "jis7"), _JIS),
    **dict.fromkeys(
        ("shiftjis", "sjis", "xsjis", "shiftjis2004", "sjisopen", "sjiswin", "mskanji", "csshiftjis", "cp932", "ms932",
         "windows932", "windows31j", "cswindows31j", "ibm943", "cp943"), _SHIFT_JIS),
    **dict.fromkeys(
        ("eucjp", "xeucjp", "ujis", "cp51932", "eucjpms", "eucjpwin", "cseucpkdfmtjapanese", "cp20932"), _EUC),
    **dict.fromkeys(("utf8", "unicode11utf8", "utf8mb4", "utf8n", "xunicode20utf8"), "utf-8"),
    **dict.fromkeys(("usascii", "ascii", "ansix341968", "iso646us", "unknown8bit", "unknown", "default", "binary",
                     "8bit", "7bit", "none", "xunknown"), _GUESS),
    "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be", "utf7": "utf-7", "unicode11utf7": "utf-7",
    **dict.fromkeys(("gb2312", "gbk", "cp936", "gb18030", "xgbk", "csgb2312", "ms936"), "gb18030"),
    **dict.fromkeys(("big5", "cnbig5", "cp950", "xxbig5"), "cp950"), "big5hkscs": "big5hkscs",
    **dict.fromkeys(("euckr", "ksc56011987", "ksc5601", "cp949", "uhc", "ms949", "ksc56011989"), "cp949"),
    "iso2022kr": "iso2022_kr", "hzgb2312": "hz",
    "koi8r": "koi8-r", "koi8u": "koi8-u", "macintosh": "mac-roman", "tis620": "tis-620",
    **dict.fromkeys(("latin1", "iso88591", "l1", "cp819", "cp1252", "windows1252"), "cp1252"),
    **{f"iso8859{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)},
    **{f"{prefix}{page}": f"cp{page}" for page in (1250, 1251, *range(1253, 1259), 437, 850, 852, 866, 874)
       for prefix in ("cp", "windows", "ibm")},
}  # fmt: skip
"""Label in lower case, letters and digits only -> codec, or a family that has a decoder of its own below."""

_MANY_BYTES = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-7", "iso2022_kr", "hz"})
"""Stateful or wide codecs: ASCII bytes are not ASCII text in them, so they are not second-guessed."""


def codec(label: str | None) -> str | None:
    """The codec or family for a charset label; the empty string means guess, None an unknown label."""
    if not label:
        return _GUESS
    return _CODECS.get(re.sub("[^a-z0-9]", "", label[:60].lower()))


def text(data: bytes, label: str | None = None) -> str:
    """Decode a body or a header value that claims to be `label`; never raises. Not sanitised."""
    name = codec(label)
    if name in _MANY_BYTES:
        return data.decode(name, "replace")
    if jis.has_escapes(data, shifts=name == _JIS) and name in (_JIS, _GUESS, None, "utf-8", "cp1252"):
        return jis.decode(data, _kana_or_guess if name == _JIS else _guess)
    if data.isascii():
        return data.decode("ascii")
    if name == _JIS:
        return _kana_or_guess(data)
    if not name:
        return _guess(data)
    return _as_labelled(data, name)


def _as_labelled(data: bytes, name: str) -> str:
    strict = _strictly(data, name)
    if strict is not None:
        return _utf_8_in_disguise(data, name) or strict
    return _best(data, (name, "utf-8", _SHIFT_JIS, _EUC) if name in _JAPANESE else (name, "utf-8"))


def _utf_8_in_disguise(data: bytes, name: str) -> str | None:
    """UTF-8 under another label decodes by chance; words of Japanese in Shift_JIS are never valid UTF-8."""
    if name not in _MISTAKEN:
        return None
    utf_8 = _strictly(data, "utf-8")
    if utf_8 is None or (name != "cp1252" and len(_JAPANESE_TEXT.findall(utf_8)) < _SOME_WORDS):
        return None
    return utf_8


_KANA = re.compile(rb"[\x00-\x7f\xa1-\xdf]*+\Z")


def _kana_or_guess(data: bytes) -> str:
    """Under the label ISO-2022-JP a byte with the eighth bit is half-width kana (cp50221) if all can be."""
    return data.decode(_SHIFT_JIS) if _KANA.match(data) else _guess(data)


def _guess(data: bytes) -> str:
    return _strictly(data, "utf-8") or _best(data, ("utf-8", _SHIFT_JIS, _EUC, "cp1252"))


def _best(data: bytes, names: tuple[str, ...]) -> str:
    """The decoding with the least damage; of equals the one named first."""
    return min((_loosely(data, name) for name in names), key=_damage)


_JAPANESE = frozenset({_SHIFT_JIS, _EUC, "utf-8"})
_MISTAKEN = frozenset({_SHIFT_JIS, _EUC, "cp1252"})
"""Labels under which UTF-8 is really sent."""
_SOME_WORDS = 4
"""Characters; two kanji of Shift_JIS can be valid UTF-8 by chance."""
_JAPANESE_TEXT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60]")
_RARE = re.compile("[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122\ue000-\uf8ff\uff61-\uff9f]")


def _damage(decoded: str) -> tuple[int, int]:
    """Replaced bytes count most; then half-width kana, private use, accents: so looks Japanese in a wrong encoding."""
    return decoded.count("\ufffd"), len(_RARE.findall(decoded))


def _strictly(data: bytes, name: str) -> str | None:
    """None where a byte does not fit. A character cut off at the very end is left out: mails are fetched to a cap."""
    if name == _EUC:
        decoded = _euc(data)
        return None if "\ufffd" in decoded else decoded
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        cut_off = len(data) - error.start <= 3 and error.start > 16
        return data[: error.start].decode(name, "replace") if cut_off else None


def _loosely(data: bytes, name: str) -> str:
    return _euc(data) if name == _EUC else data.decode(name, "replace")


_EUC_PIECE = re.compile(
    rb"([\x00-\x7f]+)|((?:[\xa1-\xfe]{2})+)|((?:\x8e[\xa1-\xdf])+)|((?:\x8f[\xa1-\xfe]{2})+)|[\x80-\xff]"
)


def _euc(data: bytes) -> str:
    """EUC-JP with NEC row 13 (cp51932), which Python's codec lacks; U+FFFD where a byte does not fit."""
    pieces = []
    for match in _EUC_PIECE.finditer(data):
        ascii_text, pairs, kana, supplement = match.groups()
        if ascii_text:
            pieces.append(ascii_text.decode("ascii"))
        elif pairs:
            pieces.append(jis.jis_x_0208(pairs))
        elif kana or supplement:
            pieces.append(match[0].decode("euc_jp", "replace"))
        else:
            pieces.append("\ufffd")
    return "".join(pieces)


def transfer(data: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding (RFC 2045), also a damaged one; an unknown one is left as it is."""
    match encoding.strip().lower():
        case "base64":
            return _base64(data)
        case "quoted-printable":
            return binascii.a2b_qp(data)
    return data


def _base64(data: bytes) -> bytes:
    """Base64 without padding, with foreign characters, or several of them one behind the other."""
    decoded = []
    for run in re.split(b"=+", re.sub(rb"[^A-Za-z0-9+/=]", b"", data)):
        whole = run[:-1] if len(run) % 4 == 1 else run
        decoded.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(decoded)


_ENCODED_WORD = re.compile(rb"=\?([!->@-~]{1,60})\?([bBqQ])\?((?:[^?\r\n]|\?(?!=)){0,4000})\?=")
_Q = re.compile(rb"=([0-9A-Fa-f]{2})")


def header(value: bytes) -> str:
    """Decode an unfolded header value: encoded words (RFC 2047) wherever they stand, raw bytes of any kind.

    Adjacent encoded words of one charset are joined before they are decoded: senders cut inside a character.
    Not sanitised.
    """
    pieces: list[str] = []
    position, waiting, charset = 0, b"", ""
    for match in _ENCODED_WORD.finditer(value):
        between = value[position : match.start()]
        label = match[1].decode("ascii").partition("*")[0].lower()
        if position and not between.strip() and label == charset:
            waiting += _word(match)
        else:
            pieces.append(text(waiting, charset) if waiting else "")
            pieces.append(text(between) if between.strip() or not position else "")
            waiting, charset = _word(match), label
        position = match.end()
    pieces.append(text(waiting, charset) if waiting else "")
    pieces.append(text(value[position:]))
    return "".join(pieces)


def _word(match: re.Match[bytes]) -> bytes:
    if match[2] in b"bB":
        return _base64(match[3])
    return _Q.sub(lambda hexadecimal: bytes((int(hexadecimal[1], 16),)), match[3].replace(b"_", b" "))
