"""A small fixed world for the screen: one platform, a dozen deals of every kind, and a desk that knows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from zoneinfo import ZoneInfo

from config.adjust import Section, Setting, Shift, Step, apply, change, sections, shifts
from config.assembly import Assembly, assemble
from config.days_off import DayOff, days_off
from config.desk import Desk as RealDesk
from config.enrol import Answers, Candidate, keys_of
from config.mailboxes import Mailbox
from config.model import Account, CalendarSettings, Closed, Settings
from config.places import Options
from config.teaching import Teaching
from config.texts.catalogue import Catalogue
from config.tuning import Tuning
from config.write import SettingsWriter
from otosata.deals.calendar import BusinessCalendar
from otosata.deals.duration import parse_span
from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.deals.habits import Habit, habits
from otosata.deals.notice import Notice
from otosata.deals.platform import (
    AdviceRule,
    Condition,
    DealLimit,
    LimitRule,
    Platform,
    Row,
    Source,
    Stage,
    Text,
    Transition,
)
from otosata.deals.reading import Rules, read
from otosata.deals.vocabulary import Actor, Evidence, Level, Turn
from otosata.judge import Policy
from otosata.mail.model import Trust, Verdict
from otosata.mail.source import Progress, SourceError
from otosata.overview import AccountHealth, AdapterHealth, Overview, Problem, survey
from otosata.overview import AccountState as Health
from otosata.store.errors import StoreError
from otosata.store.store import Store
from otosata.store.values import AccountState, ActRow, MailRow, MailState, Origin
from otosata.sync import PollReport
from otosata.why import Why, explain
from tui.app import OtosataApp
from tui.words import Words

T = TypeVar("T")
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=TOKYO)
CLIENT, ME, PLATFORM = Actor.CLIENT, Actor.ME, Actor.PLATFORM


def _row(notice: str, warn: str, critical: str) -> Row:
    levels = {Level.NOTICE: notice, Level.WARN: warn, Level.CRITICAL: critical}
    return Row({level: tuple(map(parse_span, spans.split())) for level, spans in levels.items()})


def _limit(after: str, ja: str, en: str) -> LimitRule:
    return LimitRule(parse_span(after), outcome=Text(ja, en))


_OFFICIAL = Source(
    "LA-01",
    "https://example.com/help/42",
    "official",
    date(2026, 11, 1),
    Text("7日返事がなければ連絡催促を申請できる", "A reminder can be filed after 7 days without an answer"),
)
_HABIT = Source("habit")
_WAITING = _row("3d", "5d", "7d@silence")
_ASKED = _row("1d", "2d", "4d")

RULES = Platform(
    id="lancers",
    name=Text("ランサーズ", "Lancers"),
    stages={
        stage.id: stage
        for stage in (
            Stage("proposed", Text("提案済み", "Proposed"), Turn.CLIENT, Turn.CLIENT, _row("7d", "10d", "30d")),
            Stage(
                "unfunded",
                Text("取引開始（仮払い前）", "Started, no escrow"),
                Turn.CLIENT,
                Turn.CLIENT,
                _WAITING,
                unfunded=True,
                source=_OFFICIAL,
            ),
            Stage(
                "working",
                Text("作業中", "Working"),
                Turn.ME,
                Turn.CLIENT,
                _WAITING,
                rows={"asked": _ASKED},
                limit=LimitRule(parse_span("0d@due")),
                source=_OFFICIAL,
            ),
            Stage("reported", Text("完了報告済み", "Completion reported"), Turn.CLIENT, Turn.CLIENT, _WAITING),
            Stage(
                "reminder_filed",
                Text("連絡催促申請済み", "Reminder filed"),
                Turn.CLIENT,
                Turn.CLIENT,
                limit=_limit("168h@filing", "報告済みなら支払い確定", "Reported work is paid"),
                detour=True,
            ),
            Stage("done", Text("完了", "Done"), Turn.NONE, Turn.NONE, over=True),
        )
    },
    transitions={
        (kind, actor.value): (Transition(to),)
        for kind, actor, to in (
            ("apply", ME, "proposed"),
            ("contract", CLIENT, "unfunded"),
            ("fund", CLIENT, "working"),
            ("deliver", ME, "reported"),
            ("file_reminder", ME, "reminder_filed"),
            ("accept", CLIENT, "done"),
        )
    },
    advice=(
        AdviceRule(
            "LAN_FILE",
            (Condition(turn=Turn.CLIENT, levels=frozenset({Level.CRITICAL})),),
            Text(
                "「連絡催促申請」ができます：プロジェクト管理→「取引相手と連絡がとれない場合はこちら」",
                "You can file a reminder: project page, “no contact with the client”.",
            ),
            source=_OFFICIAL,
        ),
        AdviceRule(
            "NUDGE_2",
            (Condition(turn=Turn.CLIENT, levels=frozenset({Level.WARN})),),
            Text("{n}日返信なし。2通目は要点を1つに絞る", "{n} days without a reply. Second message: one point."),
            source=_HABIT,
        ),
        AdviceRule(
            "NUDGE_1",
            (Condition(turn=Turn.CLIENT, levels=frozenset({Level.NOTICE})),),
            Text("返信が{n}日ありません。やわらかく確認", "No reply for {n} days. Ask once, gently."),
            source=_HABIT,
        ),
        AdviceRule(
            "WAIT",
            (Condition(stages=frozenset({"reminder_filed"})),),
            Text("連絡期限 {due}。過ぎると支払い確定", "Client's deadline {due}. After it reported work is paid."),
            source=_OFFICIAL,
        ),
        AdviceRule(
            "HOLD_WORK",
            (Condition(stages=frozenset({"unfunded"})),),
            Text("仮払いが確認できません。作業は始めない", "No escrow seen. Do not start."),
            added=True,
            source=_OFFICIAL,
        ),
        AdviceRule(
            "MY_TURN",
            (Condition(turn=Turn.ME, levels=frozenset({Level.NOTICE, Level.WARN, Level.CRITICAL})),),
            Text("あなたの番です。{n}日お返事していません", "Your turn: no answer from you for {n} days."),
            fallback=True,
            source=Source(),
        ),
    ),
    deal_limit=DealLimit(
        "deal_limit",
        Text("取引期限", "End of the deal"),
        _limit("1y@contract", "自動キャンセル", "Automatic cancellation"),
        Row(),
    ),
    asked=_ASKED,
)


def ago(days: float = 0, hours: float = 0) -> datetime:
    """So long before NOW, in UTC."""
    return (NOW - timedelta(days=days, hours=hours)).astimezone(UTC)


def mail(days: float, kind: str, due: date | None = None, evidence: Evidence = Evidence.VERBATIM) -> Event:
    """What the client did, as a mail told it."""
    return Event(ago(days), kind, CLIENT, due, key="mail:1", evidence=evidence)


def hand(days: float, kind: str, note: str = "") -> Event:
    """What I did, entered by hand."""
    return Event(ago(days), kind, ME, note=note, key="hand:3")


def deal(
    number: int, client: str, title: str, *events: Event, marks: Sequence[Mark] = (), url: str | None = None
) -> Ledger:
    """A ledger; its platform is the one of this world."""
    return Ledger(Deal(f"lancers-{number}", "lancers", client, title, url), events, tuple(marks))


DEALS = (
    deal(
        1,
        "株式会社みどり商事",
        "コーポレートサイトのリニューアル",
        mail(20, "contract"),
        mail(19.9, "fund"),
        mail(11.2, "message"),
        hand(10.5, "message"),
        hand(7.5, "message"),
        hand(5.5, "message", note="3通目"),
        url="https://example.com/work/1",
    ),
    deal(
        2,
        "佐藤",
        "ロゴ制作",
        mail(9, "contract", date(2026, 11, 17)),
        mail(8.8, "message"),
        hand(5.4, "message"),
    ),
    deal(
        3,
        "㈱ｱｵｲﾃﾞｻﾞｲﾝ",
        "★バナー10点【急募】",
        mail(12, "contract"),
        mail(11, "fund", date(2026, 11, 22)),
        hand(10, "message"),
        mail(2.5, "message", evidence=Evidence.INFERRED),
    ),
    deal(
        4,
        "Hanako",
        "記事の執筆（月4本）",
        mail(9, "contract"),
        mail(8, "fund"),
        mail(4.1, "message"),
        hand(3.6, "message"),
    ),
    deal(5, "喫茶ほたる", "メニュー表のデザイン", hand(3, "apply"), mail(0.1, "message")),
    deal(
        6,
        "田中 一郎",
        "ECサイトの保守",
        mail(40, "contract"),
        mail(39, "fund"),
        mail(12, "message"),
        hand(11, "deliver"),
        hand(3.2, "file_reminder"),
    ),
    deal(7, "Blue Ocean LLC", "翻訳（英→日）", hand(1.2, "apply")),
    deal(
        8,
        "山本工務店",
        "チラシのイラスト",
        mail(15, "contract"),
        mail(14, "fund"),
        mail(9, "message"),
        hand(8, "message"),
        marks=(Mark(ago(1), MarkKind.SNOOZE, until=NOW + timedelta(days=4), key="hand:9"),),
    ),
    deal(9, "鈴木", "名刺", mail(60, "contract"), mail(59, "fund"), hand(50, "deliver"), mail(48, "accept")),
)

CLOSED = Closed(date(2026, 12, 29), date(2027, 1, 3))
HEALTHY = (AccountHealth("main", "imap", Health.OK, ago(hours=0.1)),)
SUBJECT = "【ランサーズ】メッセージが届きました"


def origin(key: str) -> Origin | None:
    """What the store would know behind an event's key."""
    if not key.startswith("mail:"):
        return Origin(key)
    notice = Notice("lancers", "lancers/message", "message", CLIENT, Evidence.VERBATIM)
    row = MailRow(
        "main",
        "INBOX",
        1,
        7,
        "d" * 64,
        MailState.EVENT,
        sender="noreply@example.com",
        subject=SUBJECT,
        verdict=Verdict.VERIFIED,
        notice=notice,
    )
    return Origin(key, mail=row)


ACTS = (
    ActRow(1, ago(3.2), "log", "lancers-6", {"event": "file_reminder", "by": "me"}),
    ActRow(2, ago(1.5), "close", "lancers-7", undone=True),
    ActRow(3, ago(1), "snooze", "lancers-8", {"until": "2026-11-24"}),
)


def mailbox(health: AccountHealth) -> Mailbox:
    """A mailbox as the configuration and the ledger would tell of it."""
    account = Account(health.name, host="imap.example.com", user="me@example.com")
    trust = Trust(authserv_ids=frozenset({"mx.example.com"}))
    state = AccountState(health.name, ago(0.1), health.last_complete_poll, health.error, trust=trust, sampled_mails=60)
    stored = {MailState.EVENT: 41, MailState.TRIAGE: 2, MailState.FOREIGN: 1530}
    refused = health.state is Health.FAILED and "パスワード" in (health.error or "")
    return Mailbox(account, health, replace(state, policy="require", permanent=refused), stored, Policy.REQUIRE)


@dataclass
class FixedDesk:
    """Answers from literals; a poll does what the test says."""

    deals: tuple[Ledger, ...] = DEALS
    accounts: tuple[AccountHealth, ...] = HEALTHY
    adapters: tuple[AdapterHealth, ...] = ()
    problems: tuple[Problem, ...] = ()
    feeds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    triage: int = 2
    waiting: tuple[MailRow, ...] = ()
    """Mails in triage."""
    time: datetime = NOW
    polls: int = 0
    polled: list[str] = field(default_factory=list)
    reports: tuple[PollReport, ...] = ()
    tried: list[str] = field(default_factory=list)
    kept: list[Candidate] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)
    polling: Callable[[Callable[[str, Progress], None]], None] = lambda _: None
    settings: Settings = field(default_factory=Settings)
    lang: str = "ja"
    folder: Path | None = None
    renewals: list[Settings] = field(default_factory=list)
    """Configurations that somebody saves, one after the other."""

    @property
    def now(self) -> Callable[[], datetime]:
        return lambda: self.time

    def renew(self) -> bool:
        if not self.renewals:
            return False
        self.settings = self.renewals.pop(0)
        return True

    def marker(self) -> object:
        return object()

    def overview(self) -> Overview:
        readings = [read(ledger, self.rules, self.time) for ledger in self.deals]
        return survey(
            readings, self.feeds, self.accounts, self.adapters, self.problems, triage=self.triage, now=self.time
        )

    @cached_property
    def _folder(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory()

    @cached_property
    def _assembly(self) -> Assembly:
        config = Path(self._folder.name) / "config.toml"
        config.touch()
        return assemble(Options(config=config, data=config.parent, lang=self.lang), {})

    def tuning(self, since: datetime, /) -> Tuning:
        return Tuning(self._assembly, self.deals, since, self.time)

    @property
    def teaching(self) -> Teaching:
        return RealDesk(self._assembly, self.now).teaching

    def writer(self) -> SettingsWriter:
        return SettingsWriter(self._assembly.options, {}, self._assembly.platforms)

    def ledger(self, deal: str, /) -> Ledger | None:
        return next((ledger for ledger in self.deals if ledger.deal.id == deal), None)

    def why(self, deal: str, /) -> Why | None:
        ledger = self.ledger(deal)
        return explain(read(ledger, self.rules, self.time), origin, self.rules) if ledger else None

    def habits(self) -> tuple[Habit, ...]:
        return habits(self.deals, self.time)

    def days_off(self, first: date, last: date, lang: str, /) -> Mapping[date, DayOff]:
        return days_off(CalendarSettings(closed=(CLOSED,)), first, last, lang)

    def poll(self, progress: Callable[[str, Progress], None], only: str = "", /) -> Sequence[PollReport]:
        self.polls += 1
        self.polled.append(only)
        self.polling(progress)
        return self.reports

    def mailboxes(self) -> Sequence[Mailbox]:
        return [mailbox(health) for health in self.accounts]

    def try_account(self, account: Account, /) -> str:
        self.tried.append(account.name)
        if account.name in self.passwords or account.name == "main":
            return "INBOX：12 通"
        raise SourceError("imap.example.com refused the password of me: no", "Set it again.", permanent=True)

    def keep_password(self, account: str, password: str, /) -> str:
        self.passwords[account] = password
        return "SecretService Keyring"

    def sections(self, actions: Iterable[str], /) -> tuple[Section, ...]:
        return tuple(sections(self.assembly, actions))

    def shifts(self, changes: Sequence[tuple[str, str]], /, *, of_deals: bool) -> tuple[Shift, ...]:
        return shifts(self.assembly, changes, self.deals if of_deals else (), self.time)

    def change(self, setting: Setting, text: str | None, /) -> Step:
        step = change(setting, text, self.writer())
        self._assembly = self._assembly.again()
        return step

    def take_back(self, step: Step, /) -> None:
        apply(step.key, step.before, self.writer())
        self._assembly = self._assembly.again()

    @property
    def assembly(self) -> Assembly:
        return self._assembly

    def try_answers(self, answers: Answers, /) -> Candidate:
        keys = keys_of(answers, [health.name for health in self.accounts])
        if answers.password == "wrong":
            raise SourceError("imap.example.com refused the password of me: no", "Set it again.", permanent=True)
        return Candidate(Account(str(keys["name"])), keys, answers.password, (("INBOX", 1234),))

    def keep_mailbox(self, candidate: Candidate, /) -> str:
        if candidate.password == "lost":
            raise SourceError("the keyring (null) did not keep the password", "Use a file.")
        self.kept.append(candidate)
        self.accounts = (*self.accounts, replace(HEALTHY[0], name=candidate.account.name))
        return "SecretService Keyring" if candidate.password else ""

    def act(self, write: Callable[[Store, datetime], T], /) -> T:
        raise StoreError("otosata.db may not be written", "check the owner")

    def acts(self) -> Sequence[ActRow]:
        return ACTS

    @property
    def platforms(self) -> Mapping[str, Platform]:
        return {RULES.id: RULES}

    def mails(self, state: MailState, /) -> tuple[MailRow, ...]:
        return self.waiting if state is MailState.TRIAGE else ()

    @property
    def rules(self) -> Rules:
        return Rules(RULES, BusinessCalendar())


def troubled() -> FixedDesk:
    """A desk with a mailbox that fails, one that is stale, an adapter gone stale and a problem."""
    failed = AccountHealth(
        "work", "imap", Health.FAILED, ago(1.5), "パスワードが違います", "otosata accounts login work"
    )
    stale = AccountHealth("main", "imap", Health.STALE, ago(hours=5))
    return FixedDesk(
        accounts=(failed, stale),
        adapters=(AdapterHealth("crowdworks", 3, 9, None, stale=True),),
        problems=(Problem("no_adapter", "x-1: no adapter for the platform 'x' is installed", "put its file back"),),
        feeds={ledger.deal.id: frozenset({"work"}) for ledger in DEALS if ledger.deal.id != "lancers-2"},
    )


def words(lang: str = "ja") -> Words:
    """The words of a language, in Japanese time."""
    return Words(Catalogue.of(lang), TOKYO)


def app(desk: FixedDesk | None = None, lang: str = "ja") -> OtosataApp:
    """The real app on a fixed desk."""
    return OtosataApp(desk or FixedDesk(), words(lang), timedelta(minutes=15))


def named(names: Sequence[tuple[str, str]]) -> FixedDesk:
    """A world with a deal for each client and title."""
    return FixedDesk(
        deals=tuple(
            replace(ledger, deal=replace(ledger.deal, id=f"lancers-{place}", client=client, title=title))
            for place, ((client, title), ledger) in enumerate(zip(names, cycle(DEALS)), start=1)
        )
    )
