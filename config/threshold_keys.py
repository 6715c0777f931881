"""The keys that tune the alarms: thresholds of a platform's stages, of a client, of a deal."""

from collections.abc import Iterator

from config.key import Key, Kind, key_of

_K = Kind

_ROW = (
    (
        "notice",
        _K.SPANS,
        "これだけ経ったら notice（すべて満たしたとき）",
        "notice once all of these have passed",
        '["3d", "2bd"]',
    ),
    ("warn", _K.SPANS, "これだけ経ったら warn", "warn once all of these have passed", '["5d", "3bd"]'),
    ("critical", _K.SPANS, "これだけ経ったら critical", "critical once all of these have passed", '["7d@silence"]'),
    ("notice_before", _K.SPANS, "期限までこれ以下なら notice", "notice when at most that much remains", '["14d"]'),
    ("warn_before", _K.SPANS, "期限までこれ以下なら warn", "warn when at most that much remains", '["7d"]'),
    ("critical_before", _K.SPANS, "期限までこれ以下なら critical", "critical when at most that much remains", '["3d"]'),
    ("stale", _K.SPANS, "これだけ経ったら一覧から外す", "the deal leaves the main list", '["30d"]'),
    ("limit", _K.SPAN, "プラットフォームの期限", "the platform's hard date", '"168h@filing"'),
)

ROW_KEYS = tuple(name for name, *_ in _ROW)
SUB_ROWS = ("client", "me", "asked")


def _row(prefix: str) -> Iterator[Key]:
    for name, kind, ja, en, example in _ROW:
        yield key_of(f"{prefix}.{name}", kind, None, ja, en, example=example)


def _stage(prefix: str) -> Iterator[Key]:
    yield from _row(prefix)
    for sub in SUB_ROWS:
        yield from _row(f"{prefix}.{sub}")


PLATFORMS: tuple[Key, ...] = (
    key_of(
        "platforms.*.my_names",
        _K.TEXTS,
        [],
        "このプラットフォームでの自分の表示名",
        "how you are called there",
        example='["yamada_design"]',
    ),
    key_of(
        "platforms.*.closed",
        _K.CLOSED,
        [],
        "事務局の休業日（このプラットフォームの営業日から除く）",
        "days on which the platform's office is closed: no business dates there",
        example="[{ from = 2026-12-29, to = 2027-01-03 }]",
    ),
    key_of(
        "platforms.*.templates.*",
        _K.PROSE,
        None,
        "催促文のテンプレート（A〜F、または自分の名前）。{client} {me} {title} などが置き換わる",
        "a reminder message (A to F, or a name of yours); {client} {me} {title} … are filled in",
        example='"{client} 様\\n…"',
    ),
    *_stage("platforms.*.stages.*"),
    *_row("platforms.*.asked"),
    *_row("platforms.*.deal_limit"),
)

DEALS: tuple[Key, ...] = (
    key_of("deals.*.due", _K.DATE, None, "合意した納期", "the agreed date of delivery (納期)", example="2026-12-25"),
    *_row("deals.*"),
    *_stage("deals.*.stages.*"),
)

CLIENTS: tuple[Key, ...] = (*_row("clients.*"), *_stage("clients.*.stages.*"))
