"""Which deal a mail from triage may belong to: what speaks for it, and in which order."""

from dataclasses import replace

import pytest

from otosata.deals.calendar import BusinessCalendar
from otosata.deals.event import Deal, Ledger
from otosata.deals.notice import Notice
from otosata.deals.reading import Reading, Rules, read
from otosata.deals.vocabulary import Actor, Evidence
from otosata.ranking import Sign, rank
from otosata.store.values import MailRow, MailState
from tests.screens.world import NOW, RULES, hand
from tests.screens.world import mail as told

PLATFORM = "lancers"


def deal(name: str, client: str = "", title: str = "", refs: tuple[tuple[str, str], ...] = (), **more: str) -> Reading:
    ledger = Ledger(Deal(name, more.get("platform", PLATFORM), client, title, refs=refs), (told(3, "contract"),))
    return read(ledger, Rules(RULES, BusinessCalendar()), NOW)


def waiting(subject: str = "", text: str = "", candidates: tuple[str, ...] = (), **said: object) -> MailRow:
    notice = Notice(PLATFORM, None, "unrecognised", Actor.PLATFORM, Evidence.INFERRED)
    row = MailRow("main", "INBOX", 1, 1, "d", MailState.TRIAGE, subject=subject, text=text, adapter=PLATFORM)
    return replace(row, candidates=candidates, notice=replace(notice, **said))


@pytest.mark.parametrize(
    ("mail", "reading", "sign"),
    [
        (waiting(refs=(("work", "7"),)), deal("a", refs=(("work", "7"),)), Sign.REFERENCE),
        (waiting(refs=(("message", "7"),)), deal("a", refs=(("proposal", "7"),)), Sign.REFERENCE),
        (waiting(candidates=("a",)), deal("a"), Sign.CANDIDATE),
        (waiting(client="佐藤様"), deal("a", "佐藤"), Sign.CLIENT),
        (waiting(title="ロゴ　制作"), deal("a", title="ロゴ制作"), Sign.TITLE),
        (waiting("佐藤 さんから"), deal("a", "佐藤"), Sign.CLIENT_NAMED),
        (waiting(text="「ﾛｺﾞ制作」の件"), deal("a", title="ロゴ制作"), Sign.TITLE_NAMED),
    ],
)
def test_what_speaks_for_a_deal(mail: MailRow, reading: Reading, sign: Sign) -> None:
    (fit,) = rank(mail, [reading], {"message": "proposal"})
    assert sign in fit.signs


@pytest.mark.parametrize(
    ("mail", "reading"),
    [
        (waiting(), deal("a")),
        (waiting("A社"), deal("a", "A")),
        (waiting(refs=(("work", "7"),)), deal("a", refs=(("job", "7"),))),
        (waiting(client="佐藤"), deal("a", "佐藤商店")),
    ],
    ids=["nothing known", "a name of one letter", "another kind of number", "another name"],
)
def test_what_does_not(mail: MailRow, reading: Reading) -> None:
    (fit,) = rank(mail, [reading])
    assert fit.signs in ((), (Sign.WAITING,))


def test_a_number_outweighs_names_and_names_outweigh_mentions() -> None:
    mail = waiting("佐藤 さんのロゴ制作", client="佐藤", refs=(("work", "7"),))
    readings = [
        deal("mentioned", title="ロゴ制作"),
        deal("named", "佐藤"),
        deal("numbered", refs=(("work", "7"),)),
        deal("nothing"),
    ]
    assert [fit.reading.deal.id for fit in rank(mail, readings)] == ["numbered", "named", "mentioned", "nothing"]


def test_only_deals_of_the_mail_s_platform_and_all_where_it_is_unknown() -> None:
    readings = [deal("a"), deal("b", platform="coconala")]
    assert [fit.reading.deal.id for fit in rank(waiting(), readings)] == ["a"]
    unknown = replace(waiting(), notice=None, adapter=None)
    assert len(rank(unknown, readings)) == 2


def test_what_is_over_comes_after_what_is_open() -> None:
    over = read(
        Ledger(Deal("over", PLATFORM, "佐藤"), (told(9, "contract"), hand(8, "deliver"), told(7, "accept"))),
        Rules(RULES, BusinessCalendar()),
        NOW,
    )
    fits = rank(waiting(client="佐藤"), [over, deal("open", "佐藤")])
    assert [fit.reading.deal.id for fit in fits] == ["open", "over"]
