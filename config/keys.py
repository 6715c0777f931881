"""Every key of the configuration in one table: reading, checking, the commented file and the schema come from it."""

from config.key import ANY, Key, Kind, key_of
from config.model import AccountType, AuthenticationPolicy, SecretKind, Tls
from config.notify_keys import NOTIFY_KEYS
from config.screen_keys import KEY_BINDINGS, SCREEN, VIEWS
from config.threshold_keys import CLIENTS, DEALS, PLATFORMS

ACCOUNTS = "accounts"
"""Written as an array of tables; inside the program known by name, so that files can add to one another."""
VERSION = 2
"""Of the notation: one more whenever a key gets another name (`moved.py`)."""

_K = Kind

_GENERAL = (
    key_of(
        "language",
        _K.CHOICE,
        "auto",
        "画面の言語。auto は環境（LANG）に従う",
        "language of the screen; auto: that of the environment (LANG)",
        allowed=("auto", "ja", "en"),
    ),
    key_of(
        "interval",
        _K.PERIOD,
        "15m",
        "メールを確認する間隔（s, m, h, d）",
        "time between two looks at the mail (s, m, h, d)",
        low=30,
        high=86400,
    ),
    key_of(
        "stale_after",
        _K.PERIOD,
        None,
        "最後の受信確認がこれより古いアカウントは stale（既定は間隔の 2 倍、最低 2 時間）",
        "an account not read for so long is stale (default: two intervals, at least 2 h)",
        low=60,
        high=30 * 86400,
        example='"2h"',
    ),
    key_of(
        "look_back",
        _K.PERIOD,
        "180d",
        "最初の同期でどこまでさかのぼって読むか",
        "how far the first sync looks back",
        low=86400,
        high=3650 * 86400,
    ),
    key_of(
        "include",
        _K.TEXTS,
        [],
        "先に読むファイル（このファイルからの場所。* も使える）。このファイルが優先される",
        "files to read first, seen from this one (* is allowed); this file lies over them",
        example='["thresholds/*.toml"]',
    ),
    key_of(
        "config_version",
        _K.WHOLE,
        VERSION,
        "この設定ファイルの書き方の版",
        "version of the notation that this file is written in",
        low=1,
        high=VERSION,
    ),
)

_ACCOUNTS = (
    key_of(
        "accounts.*.name",
        _K.TEXT,
        None,
        "画面とコマンドで使う名前。重複不可",
        "name on the screen and in commands; unique",
        example='"main"',
    ),
    key_of(
        "accounts.*.type",
        _K.CHOICE,
        "imap",
        "imap、または path で示すファイル",
        "imap, or files named by path",
        allowed=tuple(AccountType),
    ),
    key_of("accounts.*.host", _K.TEXT, None, "IMAP サーバー", "IMAP server", example='"imap.example.com"'),
    key_of("accounts.*.port", _K.WHOLE, 993, "ポート番号", "port of the server", low=1, high=65535),
    key_of("accounts.*.user", _K.TEXT, None, "ログイン名", "login name", example='"me@example.com"'),
    key_of(
        "accounts.*.tls",
        _K.CHOICE,
        "implicit",
        "暗号化の方法。143 番ポートなら starttls。off はこのパソコン内のサーバーのみ",
        "how the connection is encrypted; starttls for port 143; off: a server on this machine only",
        allowed=tuple(Tls),
    ),
    key_of(
        "accounts.*.ca_file",
        _K.PATH,
        None,
        "自前サーバーの認証局証明書（PEM）",
        "certificate authority of a server of your own (PEM)",
        example='"~/ca.pem"',
    ),
    key_of(
        "accounts.*.secret",
        _K.CHOICE,
        "keyring",
        "パスワードの置き場所（このファイルには書かない）",
        "where the password is kept; never in this file",
        allowed=tuple(SecretKind),
    ),
    key_of(
        "accounts.*.command",
        _K.TEXTS,
        None,
        "secret = command: パスワードを出力するコマンド。oauth2: アクセストークンを出力するコマンド",
        "command that prints the password (secret = command) or an access token (oauth2)",
        example='["pass", "show", "mail"]',
    ),
    key_of(
        "accounts.*.env",
        _K.TEXT,
        None,
        "secret = env のときの環境変数名",
        "environment variable for secret = env",
        example='"MAIL_PASSWORD"',
    ),
    key_of(
        "accounts.*.file",
        _K.PATH,
        None,
        "secret = file のときのファイル（自分だけが読めること）",
        "file for secret = file; nobody else may read it",
        example='"~/.config/otosata/secret"',
    ),
    key_of(
        "accounts.*.token_url",
        _K.TEXT,
        None,
        "secret = oauth2: トークンの URL（リフレッシュトークンはキーリングから）",
        "secret = oauth2: where tokens come from; the refresh token stands in the keyring",
        example='"https://oauth2.googleapis.com/token"',
    ),
    key_of(
        "accounts.*.client_id",
        _K.TEXT,
        None,
        "secret = oauth2: クライアント ID",
        "secret = oauth2: client id",
        example='"…"',
    ),
    key_of(
        "accounts.*.scope",
        _K.TEXT,
        None,
        "secret = oauth2: スコープ",
        "secret = oauth2: scope",
        example='"https://mail.google.com/"',
    ),
    key_of("accounts.*.folders", _K.TEXTS, ["INBOX"], "読むフォルダー", "folders to read"),
    key_of(
        "accounts.*.path",
        _K.PATH,
        None,
        "maildir / mbox / eml の場所",
        "where the maildir, mbox or eml folder is",
        example='"~/Mail"',
    ),
    key_of(
        "accounts.*.authentication",
        _K.CHOICE,
        "auto",
        "メールの認証をどこまで求めるか",
        "what a mail must prove before it counts as contact",
        allowed=tuple(AuthenticationPolicy),
    ),
    key_of(
        "accounts.*.authserv_ids",
        _K.TEXTS,
        [],
        "信頼する Authentication-Results の id。空なら自動判定、id なし（Outlook）は (none)",
        "ids whose Authentication-Results count; empty: found out, (none): a header without id (Outlook)",
        example='["mx.google.com"]',
    ),
    key_of(
        "accounts.*.forwarders",
        _K.TEXTS,
        [],
        "通知を手で転送してくる自分のアドレス。転送メールは読むが、連絡とは数えない",
        "addresses of yours that forward notifications by hand: read and shown, never a contact",
        example='["me@work.example"]',
    ),
    key_of(
        "accounts.*.timeout",
        _K.PERIOD,
        "30s",
        "サーバーの応答を待つ時間",
        "how long to wait for the server",
        low=1,
        high=600,
    ),
    key_of(
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
    key_of(
        "calendar.timezone",
        _K.ZONE,
        "Asia/Tokyo",
        "表示に使うタイムゾーン（営業日は常に日本時間）",
        "time zone of what is shown; business dates stay in Asia/Tokyo",
    ),
    key_of(
        "calendar.country",
        _K.COUNTRY,
        "JP",
        "祝日を休みとする国。空なら祝日なし",
        "country whose public holidays are no business dates; empty: none",
    ),
    key_of(
        "calendar.closed",
        _K.CLOSED,
        [],
        "自分の休業日。日付、または from と to",
        "your own days off: dates, or from and to",
        example="[2026-12-30, { from = 2026-12-31, to = 2027-01-04 }]",
    ),
    key_of(
        "calendar.working_hours",
        _K.HOURS,
        ["9:00-18:00"],
        "営業時間（日本時間）。bh（営業時間での時間数）はこの中で数える",
        "working hours in Japan's time: bh counts inside them",
        example='["9:00-12:00", "13:00-18:00"]',
    ),
)

KEYS: tuple[Key, ...] = (
    *_GENERAL,
    *_ACCOUNTS,
    *_CALENDAR,
    *SCREEN,
    *KEY_BINDINGS,
    *VIEWS,
    *PLATFORMS,
    *CLIENTS,
    *DEALS,
    *NOTIFY_KEYS,
)
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
