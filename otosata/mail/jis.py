"""ISO-2022-JP as it is really sent: Python's codec knows neither NEC row 13 nor half-width kana.

RFC 1468, 1554 and 2237 with what cp50221 adds. Mapping as in Windows and the WHATWG encoding standard, so 0x2141 is
U+FF5E whichever of the Japanese encodings carried it.
"""

import re
from collections.abc import Callable, Iterator

_SHIFT = re.compile(
    rb"\x1b\$\(?([@ABCDOPQ])"  # two bytes a character
    rb"|\x1b\(([BJHI])"  # one byte a character
    rb"|(\x1b&@)"  # announces JIS X 0208-1990; the ESC $ B after it does the work
    rb"|([\x0e\x0f])"  # SO: half-width kana, SI: back
    rb"|(\n)"  # a line begins in ASCII (RFC 1468)
)


def has_escapes(data: bytes, *, shifts: bool) -> bool:
    """Whether the bytes switch character sets the ISO-2022 way; `shifts`: SO counts too."""
    return b"\x1b$" in data or b"\x1b(" in data or (shifts and b"\x0e" in data)


def decode(data: bytes, eight_bit: Callable[[bytes], str]) -> str:
    """Decode; never raises. What stands outside of the escape sequences with the eighth bit set goes to `eight_bit`."""
    return "".join(_segments(data, eight_bit))


def _segments(data: bytes, eight_bit: Callable[[bytes], str]) -> Iterator[str]:
    mode, shifted, position = b"B", False, 0
    two_bytes = False
    for match in _SHIFT.finditer(data):
        yield _decode_segment(data[position : match.start()], mode, two_bytes, shifted, eight_bit)
        position = match.end()
        double, single, _announcer, shift, newline = match.groups()
        if double:
            mode, two_bytes = double, True
        elif single:
            mode, two_bytes = single, False
        elif shift:
            shifted = shift == b"\x0e"
        elif newline:
            mode, two_bytes, shifted = b"B", False, False
            yield "\n"
    yield _decode_segment(data[position:], mode, two_bytes, shifted, eight_bit)


def _decode_segment(data: bytes, mode: bytes, two_bytes: bool, shifted: bool, eight_bit: Callable[[bytes], str]) -> str:
    if not data:
        return ""
    if two_bytes:
        return _TWO_BYTES[mode](data)
    if shifted or mode == b"I":
        return "".join(
            chr(0xFF61 + (byte & 0x7F) - 0x21) if 0x21 <= byte & 0x7F <= 0x5F else chr(byte & 0x7F) for byte in data
        )
    return data.decode("ascii") if data.isascii() else eight_bit(data)


_PAIR = re.compile(rb"[\x21-\x7e]{2}|[\xa1-\xfe]{2}|[\x00-\xff]")


def jis_x_0208(data: bytes) -> str:
    """JIS X 0208 with the vendors' rows, by way of Shift_JIS: cp932 has NEC row 13 and the NEC-selected IBM rows."""
    return _pairs(data, _shift_jis, "cp932")


def _shift_jis(first: int, second: int) -> bytes:
    lead = ((first - 1) >> 1) + (0x71 if first <= 0x5E else 0xB1)
    trail = second + (0x1F if second < 0x60 else 0x20) if first % 2 else second + 0x7E
    return bytes((lead, trail))


def _high_bits(prefix: bytes, codec: str) -> Callable[[bytes], str]:
    """The EUC form of a 94 by 94 set: both bytes with the eighth bit, `prefix` before the second plane."""
    return lambda data: _pairs(data, lambda first, second: prefix + bytes((first | 0x80, second | 0x80)), codec)


def _pairs(data: bytes, encode: Callable[[int, int], bytes], codec: str) -> str:
    converted = bytearray()
    for pair in _PAIR.findall(data):
        converted += encode(pair[0] & 0x7F, pair[1] & 0x7F) if len(pair) == 2 else bytes((pair[0] & 0x7F,))
    return converted.decode(codec, "replace")


_TWO_BYTES: dict[bytes, Callable[[bytes], str]] = {
    b"@": jis_x_0208,  # JIS C 6226-1978: the same table for all that mail carries
    b"B": jis_x_0208,
    b"D": _high_bits(b"\x8f", "euc_jp"),  # JIS X 0212
    b"O": _high_bits(b"", "euc_jis_2004"),  # JIS X 0213:2000 plane 1
    b"Q": _high_bits(b"", "euc_jis_2004"),  # JIS X 0213:2004 plane 1
    b"P": _high_bits(b"\x8f", "euc_jis_2004"),  # JIS X 0213 plane 2
    b"A": _high_bits(b"", "gb2312"),
    b"C": _high_bits(b"", "euc_kr"),
}
