"""Names of clients and jobs in the form in which they are compared."""

import unicodedata

_HONORIFICS = ("様", "さん", "さま", "氏")


def fold(text: str) -> str:
    """NFKC, case and white space out of the way: two spellings of one name are equal."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_name(text: str) -> str:
    """`fold`, and the honorific behind a name is no part of it."""
    name = fold(text)
    for honorific in _HONORIFICS:
        if len(name) > len(honorific):
            name = name.removesuffix(honorific)
    return name
