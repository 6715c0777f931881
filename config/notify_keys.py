"""The keys of what the program says by itself: when, through which channels, and the dead man's switch."""

from config.key import Key, Kind, key_of
from config.model import CHANNEL_SECRETS, Details, Private, QuietLets
from otosata.notify.kinds import CHOICES, TYPES

CHANNELS = "channels"
_K = Kind

_NOTIFY = (
    key_of(
        "notify.limit_before",
        _K.PERIOD,
        "1d",
        "プラットフォームの期限がこれより近づいたら知らせる",
        "tell of a platform's hard date when it is so near",
        low=3600,
        high=30 * 86400,
    ),
    key_of(
        "notify.remind_every",
        _K.PERIOD,
        "1d",
        "warn / critical のままのとき、再び知らせる間隔",
        "time between two reminders while a deal stays at warn or critical",
        low=3600,
        high=30 * 86400,
    ),
    key_of(
        "notify.reminders",
        _K.WHOLE,
        3,
        "再通知の回数。0 なら再通知しない",
        "how many reminders; 0: none",
        low=0,
        high=100,
    ),
    key_of(
        "notify.blind_after",
        _K.PERIOD,
        "30m",
        "メールを読めない状態がこれより続いたら知らせる",
        "tell that a mailbox cannot be read when it lasts so long",
        low=0,
        high=7 * 86400,
    ),
    key_of(
        "notify.digest",
        _K.CLOCK,
        None,
        "毎日この時刻にまとめを送る（既定: 送らない）",
        "send a digest every day at this time (default: none)",
        example='"08:00"',
    ),
    key_of(
        "notify.quiet_hours",
        _K.NIGHT,
        None,
        "この時間帯は送らず、終わってから送る（既定: なし）",
        "hold everything back in these hours and send it afterwards (default: none)",
        example='"22:00-07:00"',
    ),
    key_of(
        "notify.quiet_lets",
        _K.CHOICE,
        "nothing",
        "quiet_hours の間も送るもの",
        "what is sent in the quiet hours all the same",
        allowed=tuple(QuietLets),
    ),
)


def _secret(prefix: str, ja: str, en: str, default: str | None = "keyring") -> tuple[Key, ...]:
    """Where an address, key or password is kept: as for mailboxes, never in the file."""
    return (
        key_of(f"{prefix}.secret", _K.CHOICE, default, ja, en, allowed=CHANNEL_SECRETS, example='"keyring"'),
        key_of(
            f"{prefix}.command",
            _K.TEXTS,
            None,
            "secret = command: 1 行目に出力するコマンド",
            "command that prints it on its first line (secret = command)",
            example='["pass", "show", "chat"]',
        ),
        key_of(
            f"{prefix}.env",
            _K.TEXT,
            None,
            "secret = env のときの環境変数名",
            "environment variable for secret = env",
            example='"CHAT_WEBHOOK"',
        ),
        key_of(
            f"{prefix}.file",
            _K.PATH,
            None,
            "secret = file のときのファイル（自分だけが読めること）",
            "file for secret = file; nobody else may read it",
            example='"~/.config/otosata/chat"',
        ),
    )


def _line(prefix: str) -> tuple[Key, ...]:
    """How far a message may go."""
    return (
        key_of(
            f"{prefix}.private_addresses",
            _K.CHOICE,
            "refuse",
            "自分のパソコンや LAN 内のサーバーへ送るなら allow",
            "allow: for a server on this machine or the local network",
            allowed=tuple(Private),
        ),
        key_of(
            f"{prefix}.ca_file",
            _K.PATH,
            None,
            "自前サーバーの認証局証明書（PEM）",
            "certificate authority of a server of your own (PEM)",
            example='"~/ca.pem"',
        ),
    )


_CHANNELS = (
    key_of(
        "channels.*.type",
        _K.CHOICE,
        None,
        "通知先の種類",
        "what kind of channel it is",
        allowed=TYPES,
        example='"slack"',
    ),
    *_secret(
        "channels.*",
        "URL、トークン、パスワードの置き場所（このファイルには書かない）。keyring なら otosata notify login",
        "where the address, key or password is kept, never in this file; keyring: `otosata notify login`",
    ),
    key_of(
        "channels.*.to",
        _K.TEXTS,
        [],
        "宛先: chatwork のルーム ID、line のユーザー ID、pushover のユーザーキー、email のアドレス",
        "receiver: room (chatwork), user id (line), user key (pushover), addresses (email)",
        example='["me@example.com"]',
    ),
    key_of(
        "channels.*.server",
        _K.TEXT,
        None,
        "gotify のサーバー",
        "server of gotify",
        example='"https://gotify.example.com"',
    ),
    key_of(
        "channels.*.template",
        _K.TEXT,
        None,
        "webhook で送る JSON。$title $body $deal $level などが使える",
        "JSON that a webhook gets; $title, $body, $deal, $level and the like are filled in",
        example='\'{"text": "$title"}\'',
    ),
    key_of(
        "channels.*.host", _K.TEXT, None, "email: SMTP サーバー", "email: SMTP server", example='"smtp.example.com"'
    ),
    key_of(
        "channels.*.port",
        _K.WHOLE,
        465,
        "email: ポート番号。465 以外は STARTTLS",
        "email: port; STARTTLS on any but 465",
        low=1,
        high=65535,
    ),
    key_of("channels.*.user", _K.TEXT, None, "email: ログイン名", "email: login name", example='"me@example.com"'),
    key_of("channels.*.from", _K.TEXT, None, "email: 差出人", "email: sender", example='"me@example.com"'),
    key_of(
        "channels.*.level",
        _K.CHOICE,
        "warn",
        "この段階以上の変化と再通知を送る",
        "changes of level and reminders from here on",
        allowed=("notice", "warn", "critical"),
    ),
    key_of(
        "channels.*.on",
        _K.CHOICES,
        list(CHOICES),
        "送るもの",
        "what is sent",
        allowed=CHOICES,
    ),
    key_of(
        "channels.*.platforms",
        _K.TEXTS,
        [],
        "送るプラットフォーム（空ならすべて）",
        "platforms it hears of; empty: all",
        example='["lancers"]',
    ),
    key_of(
        "channels.*.details",
        _K.CHOICE,
        "none",
        "案件番号だけか（none）、依頼者名も（client）、件名も（full）",
        "the deal's id alone, the client's name as well, or the title too",
        allowed=tuple(Details),
    ),
    *_line("channels.*"),
)

_HEARTBEAT = (
    *_secret(
        "heartbeat",
        "見張り役の URL の置き場所。keyring なら otosata notify login heartbeat",
        "where the address of the dead man's switch is kept; keyring: `otosata notify login heartbeat`",
        default=None,
    ),
    *_line("heartbeat"),
)

NOTIFY_KEYS: tuple[Key, ...] = (*_NOTIFY, *_CHANNELS, *_HEARTBEAT)
"""Their part of the table."""
