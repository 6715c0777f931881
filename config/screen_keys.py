"""The keys of the configuration that concern the full-screen app: how it looks, its keys, the user's views."""

from config.key import Key, Kind, key_of
from config.model import COLUMNS, SORTS

SCREEN: tuple[Key, ...] = (
    key_of(
        "screen.theme",
        Kind.TEXT,
        "auto",
        "画面の配色。auto は端末の明暗に合わせる。ほかに light、dark、nord、gruvbox など（アプリの「配色」に一覧）",
        "colours of the screen; auto: light or dark as the terminal is; or light, dark, nord … (the app lists them)",
    ),
    key_of(
        "screen.plain",
        Kind.FLAG,
        False,
        "スクリーンリーダー向け: 罫線や記号を使わず、状態を言葉で出す（otosata --plain と同じ）",
        "for screen readers: no lines and glyphs, states in words (as otosata --plain)",
    ),
    key_of(
        "screen.columns",
        Kind.CHOICES,
        list(COLUMNS),
        "一覧の列とその順番。狭い画面では大事なものから残る",
        "the columns of the list and their order; in a narrow terminal the important ones stay",
        allowed=COLUMNS,
    ),
)
KEY_BINDINGS: tuple[Key, ...] = (
    key_of(
        "keys.*",
        Kind.TEXTS,
        None,
        "キーの割り当て。左は動作の名前（アプリの ? の一覧にある）、右はキー",
        "keys of your own: on the left what is done (the app's ? names it), on the right the keys",
        example='["f5", "r"]',
    ),
)
VIEWS: tuple[Key, ...] = (
    key_of(
        "views.*.query",
        Kind.QUERY,
        "",
        "一覧の絞り込みに名前を付けたもの。アプリでは v か数字キーで選ぶ。書き方は docs/configuration.md",
        "a filter of the list under a name of yours, chosen in the app by v or a digit; see docs/configuration.md",
        example='"platform:lancers level:>=warn -is:snoozed"',
    ),
    key_of(
        "views.*.sort",
        Kind.CHOICE,
        SORTS[0],
        "その一覧の並び順",
        "the order of that list",
        allowed=SORTS,
    ),
)
