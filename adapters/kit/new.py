"""Makes a platform of a few mails: asks what they say, proposes the answers, writes a file that people can read."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from adapters.folding import normalise
from adapters.kit.writing import block, inline, listed, quoted
from adapters.located import load_located
from adapters.notice_rules import OTHER_LINKS
from adapters.reader import adapter_of
from adapters.recognise import TomlAdapter
from adapters.tables import Data, layer_of
from adapters.teaching.build import Draft, Meaning, build
from adapters.teaching.guess import Guesser
from adapters.teaching.propose import TeachError, Wish, read_mails
from otosata.deals.vocabulary import KINDS, Actor
from otosata.mail.model import Mail

ID, NAME, EVENT, FIELDS = "id", "name", "event", "fields"
NONE = "-"
"""An answer: there is none."""
_WORDS = {
    "talkroom": ("talkroom", "talkrooms", "room", "rooms", "trade", "trades"),
    "message": ("message", "messages", "thread", "threads", "inbox"),
    "proposal": ("proposal", "proposals", "offer", "offers", "entry", "entries"),
    "contract": ("contract", "contracts", "order", "orders"),
    "dm": ("dm",),
    "job": ("job", "jobs", "work", "works", "project", "projects", "task", "tasks", "request", "requests"),
}
"""What a word before a number in a link says the number is."""
_SECOND_LEVEL = frozenset(("co", "ne", "or", "ac", "go", "com", "org", "net"))
_RULE_KEYS = ("subject", "body", "from", "bulk", "guarded", "event", "actor", "evidence")
_SAMPLE_KEYS = ("subject", "from", "body", "bulk", "my_names", "event", "actor", "client", "title", "refs", "url")


@dataclass(frozen=True, slots=True)
class Question:
    """What the user is asked, with an answer that is probably right."""

    what: str
    """`id`, `name`, `event` (`message`, `message:me`) or `fields` (`client / title`)."""
    proposal: str
    mail: int = -1
    """Which mail it is about."""
    subject: str = ""


Ask = Callable[[Question], str]


@dataclass(frozen=True, slots=True)
class Made:
    """A platform, as it was made."""

    id: str
    text: str
    """Its file."""
    adapter: TomlAdapter
    questions: int


def make(mails: Sequence[Mail], known: Iterable[TomlAdapter], ask: Ask, today: date) -> Made:
    """Ask about each mail and write the platform's file.

    `known`: the platforms there are, to guess by what their mails say; `ask` answers a question. TeachError: no rule
    can be made of a mail, or an answer is off.
    """
    known = tuple(known)
    senders = tuple(dict.fromkeys(mail.sender for mail in mails if mail.sender))
    if not senders or any(mail.sender is None for mail in mails):
        raise TeachError("a mail's sender cannot be read", "leave that mail out")
    domain = _base(senders[0].rpartition("@")[2])
    counted = _Counted(ask)
    identity = counted(Question(ID, domain.split(".")[0]))
    if not re.fullmatch(r"[a-z0-9_-]+", identity):
        raise TeachError(f"{identity!r} is no id", "use a-z, 0-9, _ and -")
    if identity in {adapter.id for adapter in known}:
        raise TeachError(f"there is a platform {identity!r} already", "choose another id, or teach it: triage teach")
    name = counted(Question(NAME, _tag(mails[0].subject) or identity))
    head = _head(identity, name, senders, _links(mails, domain), today)
    tables = _rules(mails, known, head, counted)
    text = "\n".join((head, *(_rule(rule, table) for rule, table in tables.items()), _STAGES))
    adapter = _adapter(text)
    adapter.recogniser  # noqa: B018 - proves that all of it can be read
    return Made(identity, text, adapter, counted.count)


class _Counted:
    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.count = 0

    def __call__(self, question: Question) -> str:
        self.count += 1
        return self._ask(question) or question.proposal


def _adapter(text: str) -> TomlAdapter:
    return adapter_of([layer_of(load_located(text, "new"))])


def _rules(mails: Sequence[Mail], known: Sequence[TomlAdapter], head: str, ask: Ask) -> dict[str, Data]:
    """A rule for each mail that those before it do not recognise already."""
    adapter, guesser = _adapter(head), Guesser.of(known)
    tables: dict[str, Data] = {}
    for place, mail in enumerate(mails):
        notice = adapter.recognise(mail)
        if notice is not None and notice.rule is not None:
            continue
        guess = guesser.guess(mail.subject)
        likely = _said(guess.event, guess.actor) if guess else ""
        meaning = _meaning(ask(Question(EVENT, likely, place, mail.subject)))
        draft = _draft(adapter, mail, meaning, place, ask, _free(meaning.event, tables))
        tables[draft.id] = draft.table
        adapter = adapter.reading(adapter.document.over(draft.layer))
    return tables


def _draft(adapter: TomlAdapter, mail: Mail, meaning: Meaning, place: int, ask: Ask, identity: str) -> Draft:
    text = adapter.readable(mail.text)
    (reading,) = read_mails([mail], [text])
    parts = {part.name: part.text for part in reading.parts}
    if KINDS[meaning.event].role.value == "noise":
        wish = Wish({"client": "", "title": ""})
    else:
        proposal = " / ".join(parts.get(name, "") or NONE for name in ("client", "title"))
        answer = ask(Question(FIELDS, proposal, place, mail.subject))
        client, _, title = (part.strip() for part in answer.partition(" / "))
        said = {"client": client, "title": title or NONE}
        wish = Wish({name: "" if value in (NONE, "") else value for name, value in said.items()})
    (reading,) = read_mails([mail], [text], wish=wish)
    return build(adapter, [reading], meaning, identity=identity)


def _said(event: str, actor: Actor) -> str:
    return f"{event}:{actor.value}" if len(KINDS[event].actors) > 1 else event


def _meaning(answer: str) -> Meaning:
    event, _, actor = answer.partition(":")
    kind = KINDS.get(event)
    if kind is None:
        raise TeachError(f"{event!r} is no event", f"events: {' '.join(KINDS)}")
    by = actor or kind.actors[0].value
    if by not in {one.value for one in kind.actors}:
        raise TeachError(f"{event!r} is never done by {by!r}", f"allowed: {', '.join(kind.actors)}")
    return Meaning(event, Actor(by))


def _free(event: str, taken: dict[str, Data]) -> str:
    """`message`, `message_2` …"""
    names = (event, *(f"{event}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _tag(subject: str) -> str:
    """What stands in brackets at the beginning: mostly the platform's name."""
    found = re.match(r"[\[【]([^\[\]【】]{1,30})[\]】]", normalise(subject))
    return found[1] if found else ""


def _base(domain: str) -> str:
    """`bizseek.example` of `mail.bizseek.example`; `bizseek.co.jp` of `mail.bizseek.co.jp`."""
    labels = domain.split(".")
    size = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-size:])


def _links(mails: Sequence[Mail], domain: str) -> dict[str, list[str]]:
    """Patterns of the references in links to the platform, by kind."""
    found: dict[str, list[str]] = {}
    for link in dict.fromkeys(link for mail in mails for link in mail.links):
        place = urlsplit(link)
        host = (place.hostname or "").removeprefix("www.")
        if host != domain and not host.endswith(f".{domain}"):
            continue
        if step := re.search(r"/([A-Za-z_-]+)/(\d+)(?=[/?#]|$)", place.path):
            way = re.escape(host + place.path[: step.start(2)]).replace(r"\-", "-")
            patterns = found.setdefault(_kind(step[1].lower()), [])
            patterns += [] if (pattern := rf"{way}(\d+)") in patterns else [pattern]
    return found | {OTHER_LINKS: [re.escape(domain).replace(r"\-", "-") + "/"]}


def _kind(word: str) -> str:
    return next((kind for kind, words in _WORDS.items() if word in words), "job")


# ---------------------------------------------------------------------------------------------------- the file


def _head(identity: str, name: str, senders: Sequence[str], links: dict[str, list[str]], today: date) -> str:
    patterns = "\n".join(f"{kind} = {listed(found)}" for kind, found in links.items())
    return f"""\
# {name}: made of mails by `otosata adapters new`. How to read and change it: docs/adapter-format.md.

id = {quoted(identity)}
name = {inline({"ja": name, "en": name})}
last_checked = {today.isoformat()}
shared_advice = ["NUDGE_1", "NUDGE_2", "MY_TURN"]
shared_templates = ["A", "B", "C1", "D", "E", "F"]

[senders]
trusted = {listed(list(senders))}

[links]  # references in links; the first kind found is the one to open
{patterns}
"""


def _rule(identity: str, table: Data) -> str:
    lines = [f"[rules.{identity}]", *(_line(key, table[key]) for key in _RULE_KEYS if key in table)]
    for sample in table.get("samples", []):
        lines += ["", f"[[rules.{identity}.samples]]"]
        lines += [_line(key, sample[key]) for key in _SAMPLE_KEYS if key in sample]
    return "\n".join((*lines, ""))


def _line(key: str, value: object) -> str:
    return f"{key} = {''.join(_value(value))}"


def _value(value: object) -> Iterator[str]:
    match value:
        case bool():
            yield "true" if value else "false"
        case str():
            yield block(value)
        case dict():
            yield inline(value)
        case list():
            yield listed(value)


_STAGES = """\
# Where a deal stands, and from when that is loud. No page names these numbers: make them yours.

[stages.offer_received]
name = { ja = "相談が届いた", en = "Offer received" }
turn = "me"
early = true
notice = ["1d"]
warn = ["2d"]
source = "ours"

[stages.applied]
name = { ja = "応募済み", en = "Applied" }
turn = "client"
early = true
notice = ["7d"]
source = "ours"

[stages.working]
name = { ja = "作業中", en = "Working" }
turn = "me"
counts = "client"
notice = ["3d", "2bd"]
warn = ["5d", "3bd"]
critical = ["7d"]
limit = "0d@due"
source = "ours"
rows.me = { notice_before = ["3d"], warn_before = ["1d"] }

[stages.delivered]
name = { ja = "納品済み", en = "Delivered" }
turn = "client"
notice = ["3d", "2bd"]
warn = ["7d"]
source = "ours"

[stages.done]
name = { ja = "完了", en = "Done" }
turn = "none"
over = true

[stages.closed]
name = { ja = "終了", en = "Closed" }
turn = "none"
over = true

[asked]  # my turn because the client asked
notice = ["1d"]
warn = ["2d"]

[transitions]
offer = "offer_received"
quote_request = "offer_received"
apply = "applied"
quote = "applied"
message.client = { none = "working" }
contract = "working"
fund = "working"
purchase = "working"
award = "working"
send_back = "working"
deliver = "delivered"
accept = "done"
decline = "closed"
cancelled = "closed"
close = "closed"

[advice.NUDGE_2]
when = { turn = "client", levels = ["warn", "critical"] }

[sources]
ours = { confidence = "ours", says = { ja = "目安。公式の日数はない", en = "No page names a number." } }
"""
