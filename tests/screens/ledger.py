"""A real desk on a ledger of its own, with deals of two platforms and mails in triage: to test what the user does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from otosata.deals.event import Deal
from otosata.deals.notice import Notice
from otosata.deals.vocabulary import Actor, Evidence
from otosata.hand import Entry, add_deal, log
from otosata.mail.model import Verdict
from otosata.store.store import Store
from otosata.store.values import MailRow, MailState
from tests.screens.world import NOW
from tui.app import OtosataApp, make

LANCERS, OTHER, COCONALA = "lancers-1", "lancers-2", "coconala-1"


def real_desk(folder: Path, lang: str = "en") -> Desk:
    """A desk whose clock stands at NOW, on an empty folder with a few deals in its ledger."""
    config = folder / "config.toml"
    names = '\n[platforms.lancers]\nmy_names = ["鈴木 花"]\n'
    config.write_text(f'language = "{lang}"\n{names}', encoding="utf-8")
    desk = Desk(assemble(Options(config=config, data=folder / "data"), {}), lambda: NOW)
    desk.act(lambda store, _: _fill(store))
    desk.poll()  # judges what waits by the rules of the day, as the app's first poll would
    return desk


def app_of(desk: Desk) -> OtosataApp:
    """The real app on it."""
    return make(desk)


def day(count: float) -> datetime:
    """So many days before NOW."""
    return (NOW - timedelta(days=count)).astimezone(UTC)


def _fill(store: Store) -> None:
    url = "https://www.lancers.jp/work/detail/4567890"
    first = Deal("", "lancers", "株式会社みどり商事", "サイトの文章", url, (("work", "4567890"),))
    _deal(
        store,
        first,
        ("client", "contract", 20),
        ("client", "fund", 19),
        ("client", "message", 10),
        ("me", "message", 9),
    )
    _deal(store, Deal("", "lancers", "みどり商事", "サイトの文章２"), ("client", "contract", 3))
    _deal(store, Deal("", "coconala", "喫茶ほたる", "メニュー表"), ("client", "purchase", 5), ("me", "message", 4.9))
    with store.writing() as writer:
        for row in (*WAITING,):
            writer.add_mail(row)


def _deal(store: Store, deal: Deal, *entries: tuple[str, str, float]) -> None:
    (by, kind, at), *rest = entries
    made = add_deal(store, deal, Entry(kind, by, at=day(at)), day(at))
    for by, kind, at in rest:
        log(store, made, Entry(kind, by, at=day(at)), day(at))


_UNKNOWN = MailRow(
    "main",
    "INBOX",
    1,
    1,
    "a" * 64,
    MailState.TRIAGE,
    "unrecognised",
    sender="noreply@lancers.co.jp",
    subject="[ランサーズ] サイトの文章 について大切なお知らせ",
    text="鈴木 花 様\n\n株式会社みどり商事 さんの件でお知らせがあります。\nhttps://www.lancers.jp/work/detail/4567890",
    links=("https://www.lancers.jp/work/detail/4567890",),
    received=day(0.5),
    verdict=Verdict.VERIFIED,
    adapter="lancers",
    notice=Notice("lancers", None, "unrecognised", Actor.PLATFORM, Evidence.INFERRED, refs=(("work", "4567890"),)),
)
WAITING = (
    _UNKNOWN,
    replace(
        _UNKNOWN,
        uid=2,
        digest="b" * 64,
        why="ambiguous",
        candidates=(LANCERS, OTHER),
        subject="[ランサーズ] みどり商事 さんからメッセージが届いています",
        text="みどり商事 さんからメッセージが届いています。",
        links=(),
        received=day(0.4),
        notice=Notice("lancers", "lancers/message_from", "message", Actor.CLIENT, Evidence.INFERRED, "みどり商事"),
    ),
    replace(
        _UNKNOWN,
        uid=3,
        digest="c" * 64,
        sender="no-reply@mail.coconala.com",
        subject="［ココナラ］　見たことのない知らせ",
        text=None,
        links=(),
        received=day(0.3),
        verdict=Verdict.UNVERIFIED,
        adapter="coconala",
        notice=None,
    ),
)
"""Mails that wait for the user's word."""
