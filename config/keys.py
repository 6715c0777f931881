"""Every key of the configuration in one table: reading, checking, the commented file and the schema come from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from config.model import AccountType, AuthenticationPolicy, SecretKind, Tls

ANY = "*"
"""In a path: a name the user gives (account, deal) or an adapter knows (platform, stage)."""
ACCOUNTS = "accounts"
"""Written as an array of tables; inside the program known by name, so that files can add to one another."""


class Kind(StrEnum):
    """What a value looks like; `kinds.py` reads each."""

    TEXT = "text"
    TEXTS = "texts"
    CHOICE = "choice"
    WHOLE = "whole"
    PERIOD = "period"
    SPAN = "span"
    SPANS = "spans"
    DATE = "date"
    CLOSED = "closed"
    PATH = "path"
    ZONE = "zone"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: where it stands, how it reads, and what it is for."""

    path: tuple[str, ...]
    kind: Kind
    default: object
    """As TOML has it; None: no value unless somebody writes one."""
    ja: str
    en: str
    allowed: tuple[str, ...] = ()
    """The words a choice may be."""
    low: int = 0
    high: int = 0
    example: str = ""
    """TOML of a value, for the commented file, where the default says too little."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path[-1]

    def text(self, lang: str) -> str:
        """What it is for, in `ja` or `en`."""
        return self.ja if lang == "ja" else self.en


def _key(  # noqa: PLR0913 - one row of the table below
    path: str,
    kind: Kind,
    default: object,
    ja: str,
    en: str,
    *,
    allowed: tuple[str, ...] = (),
    low: int = 0,
    high: int = 0,
    example: str = "",
) -> Key:
    return Key(tuple(path.split(".")), kind, default, ja, en, allowed, low, high, example)


_K = Kind

_GENERAL = (
    _key(
        "language",
        _K.CHOICE,
        "auto",
        "画面の言語。auto は環境（LANG）に従う",
        "language of the screen; auto: that of the environment (LANG)",
        allowed=("auto", "ja", "en"),
    ),
    _key(
        "interval",
        _K.PERIOD,
        "15m",
        "メールを確認する間隔（s, m, h, d）",
        "time between two looks at the mail (s, m, h, d)",
        low=30,
        high=86400,
    ),
    _key(
        "stale_after",
        _K.PERIOD,
        None,
        "最後の受信確認がこれより古いアカウントは stale（既定は間隔の 2 倍、最低 2 時間）",
        "an account not read for so long is stale (default: two intervals, at least 2 h)",
        low=60,
        high=30 * 86400,
        example='"2h"',
    ),
    _key(
        "look_back_days",
        _K.WHOLE,
        180,
        "最初の同期で何日前のメールまで読むか",
        "how many days the first sync looks back",
        low=1,
        high=3650,
    ),
)

_ACCOUNTS = (
    _key(
        "accounts.*.name",
        _K.TEXT,
        None,
        "画面とコマンドで使う名前。重複不可",
        "name on the screen and in commands; unique",
        example='"main"',
    ),
    _key(
        "accounts.*.type",
        _K.CHOICE,
        "imap",
        "imap、または path で示すファイル",
        "imap, or files named by path",
        allowed=tuple(AccountType),
    ),
    _key("accounts.*.host", _K.TEXT, None, "IMAP サーバー", "IMAP server", example='"imap.example.com"'),
    _key("accounts.*.port", _K.WHOLE, 993, "ポート番号", "port of the server", low=1, high=65535),
    _key("accounts.*.user", _K.TEXT, None, "ログイン名", "login name", example='"me@example.com"'),
    _key(
        "accounts.*.tls",
        _K.CHOICE,
        "implicit",
        "暗号化の方法。143 番ポートなら starttls。off はこのパソコン内のサーバーのみ",
        "how the connection is encrypted; starttls for port 143; off: a server on this machine only",
        allowed=tuple(Tls),
    ),
    _key(
        "accounts.*.ca_file",
        _K.PATH,
        None,
        "自前サーバーの認証局証明書（PEM）",
        "certificate authority of a server of your own (PEM)",
        example='"~/ca.pem"',
    ),
    _key(
        "accounts.*.secret",
        _K.CHOICE,
        "keyring",
        "パスワードの置き場所（このファイルには書かない）",
        "where the password is kept; never in this file",
        allowed=tuple(SecretKind),
    ),
    _key(
        "accounts.*.command",
        _K.TEXTS,
        None,
        "secret = command: パスワードを出力するコマンド。oauth2: アクセストークンを出力するコマンド",
        "command that prints the password (secret = command) or an access token (oauth2)",
        example='["pass", "show", "mail"]',
    ),
    _key(
        "accounts.*.env",
        _K.TEXT,
        None,
        "secret = env のときの環境変数名",
        "environment variable for secret = env",
        example='"MAIL_PASSWORD"',
    ),
    _key(
        "accounts.*.file",
        _K.PATH,
        None,
        "secret = file のときのファイル（自分だけが読めること）",
        "file for secret = file; nobody else may read it",
        example='"~/.config/otosata/secret"',
    ),
    _key(
        "accounts.*.token_url",
        _K.TEXT,
        None,
        "secret = oauth2: トークンの URL（リフレッシュトークンはキーリングから）",
        "secret = oauth2: where tokens come from; the refresh token stands in the keyring",
        example='"https://oauth2.googleapis.com/token"',
    ),
    _key(
        "accounts.*.client_id",
        _K.TEXT,
        None,
        "secret = oauth2: クライアント ID",
        "secret = oauth2: client id",
        example='"…"',
    ),
    _key(
        "accounts.*.scope",
        _K.TEXT,
        None,
        "secret = oauth2: スコープ",
        "secret = oauth2: scope",
        example='"https://mail.google.com/"',
    ),
    _key("accounts.*.folders", _K.TEXTS, ["INBOX"], "読むフォルダー", "folders to read"),
    _key(
        "accounts.*.path",
        _K.PATH,
        None,
        "maildir / mbox / eml の場所",
        "where the maildir, mbox or eml folder is",
        example='"~/Mail"',
    ),
    _key(
        "accounts.*.authentication",
        _K.CHOICE,
        "auto",
        "メールの認証をどこまで求めるか",
        "what a mail must prove before it counts as contact",
        allowed=tuple(AuthenticationPolicy),
    ),
    _key(
        "accounts.*.authserv_ids",
        _K.TEXTS,
        [],
        "信頼する Authentication-Results の id。空なら自動判定、id なし（Outlook）は (none)",
        "ids whose Authentication-Results count; empty: found out, (none): a header without id (Outlook)",
        example='["mx.google.com"]',
    ),
    _key(
        "accounts.*.forwarders",
        _K.TEXTS,
        [],
        "通知を手で転送してくる自分のアドレス。転送メールは読むが、連絡とは数えない",
        "addresses of yours that forward notifications by hand: read and shown, never a contact",
        example='["me@work.example"]',
    ),
    _key(
        "accounts.*.timeout",
        _K.PERIOD,
        "30s",
        "サーバーの応答を待つ時間",
        "how long to wait for the server",
        low=1,
        high=600,
    ),
    _key(
        "accounts.*.interval",
        _K.PERIOD,
        None,
        "このアカウントだけの確認間隔",
        "time between two looks at this account",
        low=30,
        high=86400,
        example='"5m"',
    ),
)

_CALENDAR = (
    _key(
        "calendar.timezone",
        _K.ZONE,
        "Asia/Tokyo",
        "表示に使うタイムゾーン（営業日は常に日本時間）",
        "time zone of what is shown; business dates stay in Asia/Tokyo",
    ),
    _key(
        "calendar.country",
        _K.COUNTRY,
        "JP",
        "祝日を休みとする国。空なら祝日なし",
        "country whose public holidays are no business dates; empty: none",
    ),
    _key(
        "calendar.closed",
        _K.CLOSED,
        [],
        "自分の休業日。日付、または from と to",
        "your own days off: dates, or from and to",
        example="[2026-12-30, { from = 2026-12-31, to = 2027-01-04 }]",
    ),
)

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
        yield _key(f"{prefix}.{name}", kind, None, ja, en, example=example)


def _stage(prefix: str) -> Iterator[Key]:
    yield from _row(prefix)
    for sub in SUB_ROWS:
        yield from _row(f"{prefix}.{sub}")


_PLATFORMS = (
    _key(
        "platforms.*.my_names",
        _K.TEXTS,
        [],
        "このプラットフォームでの自分の表示名",
        "how you are called there",
        example='["yamada_design"]',
    ),
    *_stage("platforms.*.stages.*"),
    *_row("platforms.*.asked"),
    *_row("platforms.*.deal_limit"),
)

_DEALS = (
    _key("deals.*.due", _K.DATE, None, "合意した納期", "the agreed date of delivery (納期)", example="2026-12-25"),
    *_row("deals.*"),
    *_stage("deals.*.stages.*"),
)

KEYS: tuple[Key, ...] = (*_GENERAL, *_ACCOUNTS, *_CALENDAR, *_PLATFORMS, *_DEALS)
"""The table."""

Tree = dict[str, "Tree | Key"]


def _tree() -> Tree:
    root: Tree = {}
    for key in KEYS:
        node = root
        for part in key.path[:-1]:
            below = node.setdefault(part, {})
            assert isinstance(below, dict), key.path  # noqa: S101 - a table that contradicts itself is a bug of ours
            node = below
        node[key.name] = key
    return root


TREE: Tree = _tree()
"""The same table as nested dicts: what may stand below each key."""


def find(path: tuple[str, ...]) -> Key | None:
    """The row of the table for a concrete path such as `("accounts", "main", "host")`."""
    node: Tree | Key = TREE
    for part in path:
        if isinstance(node, Key):
            return None
        below = node.get(part, node.get(ANY))
        if below is None:
            return None
        node = below
    return node if isinstance(node, Key) else None
