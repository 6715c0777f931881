"""Invented words in the place of private ones: the same word always gets the same, of the same script and length."""

import re
from collections.abc import Iterable

from adapters.folding import normalise

_KANJI = "春夏秋冬東西南北松竹梅桜杉柳藤萩菊蘭桐楓峰岸浜磯里森泉雪霜霧雲星暁昼夕宵畑苗穂芽葉枝幹根鈴笛弦琴舟帆橋塔窓庭"
_HIRAGANA = "さくらうみそらかわはなつきゆきほしにじもりたけまつ"
_KATAKANA = "サクラウミソラカワハナツキユキホシニジモリタケマツ"
_SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "mi", "no", "pe", "ru", "sa", "ti", "vo", "we", "zu")
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_CJK = re.compile(r"[\u3400-\u9fff々〆\uf900-\ufaff\U00020000-\U0003ffff]")
_HIRA, _KATA = re.compile(r"[ぁ-ゖゝゞ]"), re.compile(r"[ァ-ヺーｦ-ﾟ]")
_TRIES = 40
_LONG_WORD = 14
"""A longer run of letters is no word but an id."""


class Pseudonyms:
    """Gives and remembers them. None is a word of the mail itself."""

    def __init__(self, avoid: Iterable[str] = ()) -> None:
        """`avoid`: folded words that no invented one may be; of kanji and kana, no letter of theirs is used."""
        words = frozenset(avoid)
        letters = frozenset("".join(words))
        self._avoid = words
        self._kanji = "".join(letter for letter in _KANJI if letter not in letters) or _KANJI
        self._hiragana = "".join(letter for letter in _HIRAGANA if letter not in letters) or _HIRAGANA
        self._katakana = "".join(letter for letter in _KATAKANA if letter not in letters) or _KATAKANA
        self._given: dict[str, str] = {}
        self._used: set[str] = set()

    @property
    def replaced(self) -> frozenset[str]:
        """The private words so far, folded."""
        return frozenset(self._given)

    def word(self, token: str) -> str:
        """The word in place of a run of letters and digits, written as it: capitals, full width."""
        key = normalise(token).casefold()
        if key not in self._given:
            self._given[key] = self._invented(key)
        return _written_as(token, self._given[key])

    def numbered(self, key: str, form: str) -> str:
        """A name with a number in place of an address, host or the like: `form` holds `{}`."""
        folded = f"{form}\n{key.casefold()}"
        if folded not in self._given:
            taken = sum(given.startswith(f"{form}\n") for given in self._given)
            self._given[folded] = form.format(taken + 1)
        return self._given[folded]

    def _invented(self, key: str) -> str:
        """A word that the mail does not hold and nobody else has; where short ones run out, two share one."""
        shared = key + key
        for number in range(_TRIES):
            word = self._candidate(key, len(self._given) + number)
            if word == key or word in self._avoid:
                continue
            if word not in self._used:
                self._used.add(word)
                return word
            shared = word
        return shared

    def _candidate(self, key: str, number: int) -> str:
        length = len(key)
        if key.isdecimal():
            return _digits(key, number)
        for script, letters in ((_CJK, self._kanji), (_HIRA, self._hiragana), (_KATA, self._katakana)):
            if script.match(key):
                return _spelled(number * 7 + length, letters, length)
        if key.isalpha() and length <= _LONG_WORD:
            return "".join(
                _SYLLABLES[int(digit, 15)] for digit in _base_15((number * 1117 + 211) % 3375 + number // 3375)
            )
        return "".join(_same_kind(letter, number * 7 + place * 3) for place, letter in enumerate(key))


def _base_15(number: int) -> str:
    """Three digits or more."""
    digits = ""
    while number or len(digits) < 3:
        number, digit = divmod(number, 15)
        digits += f"{digit:x}"
    return digits


def _digits(key: str, number: int) -> str:
    """As many digits; a leading zero stays one."""
    size = 10 ** len(key)
    digits = str((number * 7919 + 1234567) % size).zfill(len(key))
    if len(key) == 1:
        return digits
    first = "0" if key[0] == "0" else "123456789"[number % 9]
    return first + digits[1:]


def _spelled(number: int, letters: str, length: int) -> str:
    spelled = ""
    for _ in range(length):
        number, place = divmod(number, len(letters))
        spelled += letters[(place + len(spelled)) % len(letters)]
    return spelled


def _same_kind(letter: str, number: int) -> str:
    if letter.isdecimal():
        return str((int(letter) * 3 + number) % 10)
    return _LOWER[(ord(letter) * 5 + number) % 26] if letter.isalpha() else letter


def _written_as(token: str, word: str) -> str:
    """Capitals and full width as in the token."""
    narrow = normalise(token)
    if len(narrow) == len(word) and not narrow.isalpha():
        word = "".join(new.upper() if old.isupper() else new for old, new in zip(narrow, word, strict=True))
    elif narrow.isupper() and len(narrow) > 1:
        word = word.upper()
    elif narrow[:1].isupper():
        word = word.capitalize()
    if token != narrow and all("！" <= letter <= "～" for letter in token):
        word = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)
    return word
