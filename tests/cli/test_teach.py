"""`triage teach`: one answer settles all mails of a template; the rule can be seen, changed, and taken back."""

import io
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from cli.session import Streams
from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from config.teaching import meaning_of
from tests.cli.mailbox import LANCERS, Mailbox, comment, mail
from tests.cli.program import Program
from tests.cli.test_complaints import JAPANESE
from tests.cli.test_terminal import Terminal

LATER = "2026-06-04T12:00:00+09:00"
LETTER = "[ランサーズ] {} さんから {} のお便りが来ました"
AS_MESSAGE = ("--event", "message", "--by", "client")


def letter(client: str, title: str, job: str, at: str) -> bytes:
    """A mail of a template that no rule knows."""
    return mail(LETTER.format(client, title), f"https://www.lancers.jp/work/detail/{job}\n", at=at)


@pytest.fixture
def taught(reader: Program, mailbox: Mailbox) -> Program:
    """A deal with a comment; later a letter of its client and two of another's, in words that no rule knows."""
    mailbox.put(comment("田中", "記事作成", job="7"))
    mailbox.put(letter("田中", "記事作成", "7", "2026-06-03T12:00:00+09:00"))
    mailbox.put(letter("佐藤 健", "ロゴ", "8", "2026-06-03T13:00:00+09:00"))
    mailbox.put(letter("佐藤 健", "ロゴ", "8", "2026-06-04T09:00:00+09:00"))
    reader.now = LATER
    assert reader("sync").code == 0
    return reader


def waiting(otosata: Program) -> list[Any]:
    """`triage --json`"""
    found: list[Any] = otosata("triage", "--json").document
    return found


def contacts(otosata: Program) -> dict[str, str]:
    """Last contact by deal."""
    return {deal["id"]: deal["last_contact"] for deal in otosata.report("--all")["deals"]}


def test_mails_of_one_template_are_one_entry(taught: Program) -> None:
    lines = taught.done("triage").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("2 (+2)  2026-06-03 12:00  lancers  [ランサーズ]…さんから…のお便りが来ました")
    assert "names lancers-1" in lines[1]
    assert len(taught.done("triage", "--all").splitlines()) == 6
    group = waiting(taught)[0]["group"]
    assert (group["template"], group["mails"], group["deals"]) == (
        "[ランサーズ]…さんから…のお便りが来ました",
        [2, 3, 4],
        ["lancers-1"],
    )


def test_of_a_deal_whose_last_contact_stays_it_says_what_else_moves(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(letter("田中", "記事作成", "7", "2026-06-01T09:00:00+09:00"))
    mailbox.put(comment("田中", "記事作成", job="7"))
    reader.done("sync")
    moved = reader.done("triage", "teach", "1", *AS_MESSAGE, "--dry-run").splitlines()[-1]
    waiting_before, waiting_after = (part.rpartition("Waiting counts from ")[2] for part in moved.split(" → "))
    assert (waiting_before, waiting_after) == ("Mon 1 Jun 12:00", "Mon 1 Jun 09:00")


def test_a_dry_run_says_what_the_rule_would_catch_and_move_and_changes_nothing(taught: Program) -> None:
    before = taught.report("--all"), waiting(taught)
    found = taught("triage", "teach", "2", *AS_MESSAGE, "--dry-run", "--json").document
    assert found["saved"] is False
    assert {(one["field"], one["text"], one["why"]) for one in found["fields"] if one["mail"] == 2} == {
        ("client", "田中", "known"),
        ("title", "記事作成", "known"),
    }
    assert [(one["id"], one["event"], one["event_before"]) for one in found["catches"]] == [
        (number, "message", "unrecognised") for number in (2, 3, 4)
    ]
    moves = {move["deal"]: move for move in found["moves"]}
    assert moves["lancers-1"]["last_contact"] == {
        "before": "2026-06-01T12:00:00+09:00",
        "after": "2026-06-03T12:00:00+09:00",
    }
    assert moves["lancers-1"]["level"] == {"before": "warn", "after": "warn"}
    assert (moves["lancers-2"]["opened"], moves["lancers-2"]["client"]) == (True, "佐藤 健")
    assert found["conflicts"] == []
    assert (taught.report("--all")["deals"], waiting(taught)) == (before[0]["deals"], before[1])
    assert not (taught.folder / "settings.toml").exists()
    assert "Deals it changes: 2" in taught.done("triage", "teach", "2", *AS_MESSAGE, "--dry-run")


def test_one_answer_settles_the_group_and_what_comes_later(taught: Program, mailbox: Mailbox) -> None:
    assert "Saved as lancers/taught-1" in taught.done("triage", "teach", "2", *AS_MESSAGE)
    assert waiting(taught) == []
    assert contacts(taught) == {"lancers-1": "2026-06-03T12:00:00+09:00", "lancers-2": "2026-06-04T09:00:00+09:00"}
    mailbox.put(letter("田中", "記事作成", "7", "2026-06-04T11:00:00+09:00"))
    taught("sync")
    assert contacts(taught)["lancers-1"] == "2026-06-04T11:00:00+09:00"
    why = taught("why", "lancers-1", "--json").document
    (cause,) = (one for one in why["causes"] if one["of"] == "last_contact")
    assert (cause["origin"]["mail"]["rule"], cause["event"]["evidence"]) == ("lancers/taught-1", "user")


@pytest.mark.parametrize("place", ["settings", "adapter"])
def test_a_rule_is_listed_shown_and_taken_back_with_its_events(taught: Program, place: str) -> None:
    before = taught.report("--all")["deals"], waiting(taught)
    own = taught.folder / "adapters" / "lancers.toml"
    if place == "adapter":
        own.parent.mkdir()
        own.write_text('# mine\nid = "lancers"\n\n# how I am called\nmy_names = ["鈴木 花"]\n', encoding="utf-8")
    kept = own.read_text(encoding="utf-8") if own.exists() else ""
    taught.done("triage", "teach", "2", *AS_MESSAGE, "--save-in", place)
    (rule,) = taught("triage", "rules", "--json").document
    assert (rule["id"], rule["event"], rule["evidence"], rule["mails"], rule["place"]) == (
        *("lancers/taught-1", "message", "user", 3, place),
    )
    assert Path(rule["file"]).name == ("lancers.toml" if place == "adapter" else "settings.toml")
    assert "3 mails" in taught.done("triage", "rules")
    assert "[rules.taught-1]" in taught.done("triage", "rules", "show", "taught-1")
    gone = taught("triage", "rules", "remove", "taught-1", "--dry-run", "--json").document
    assert [(move["deal"], move["gone"]) for move in gone["moves"]] == [("lancers-1", False), ("lancers-2", True)]
    taught.done("triage", "rules", "remove", "taught-1")
    assert (taught.report("--all")["deals"], waiting(taught)) == before
    assert taught("triage", "rules", "--json").document == []
    assert (own.read_text(encoding="utf-8") if own.exists() else "").strip() == kept.strip()


def test_a_rule_can_be_changed(taught: Program) -> None:
    taught.done("triage", "teach", "2", *AS_MESSAGE)
    taught.done("triage", "rules", "change", "taught-1", "--event", "offer")
    (rule,) = taught("triage", "rules", "--json").document
    assert (rule["id"], rule["event"], rule["mails"]) == ("lancers/taught-1", "offer", 3)
    assert {deal["last_contact_event"] for deal in taught.report("--all")["deals"]} == {"offer"}
    taught.done("triage", "rules", "change", "taught-1", "--title", "")
    (rule,) = taught("triage", "rules", "--json").document
    assert "title" not in rule["table"]["subject"]


def test_a_rule_that_knows_many_mails_can_be_changed(taught: Program, mailbox: Mailbox) -> None:
    for number in range(8):
        mailbox.put(letter(f"木村{number}", f"地図{number}", str(20 + number), f"2026-06-04T08:0{number}:00+09:00"))
    taught("sync")
    taught.done("triage", "teach", "2", *AS_MESSAGE)
    taught.done("triage", "rules", "change", "taught-1", "--event", "offer")
    (rule,) = taught("triage", "rules", "--json").document
    assert (rule["event"], rule["mails"]) == ("offer", 11)


def test_two_rules_live_beside_each_other_the_narrower_first(taught: Program, mailbox: Mailbox) -> None:
    taught.done("triage", "teach", "2", *AS_MESSAGE)
    mailbox.put(mail(LETTER.format("運営", "メンテナンス"), at="2026-06-04T10:00:00+09:00"))
    taught("sync")
    (row,) = waiting(taught)
    taught.done("triage", "teach", str(row["id"]), "--event", "newsletter")
    assert waiting(taught) == []
    assert [rule["id"] for rule in taught("triage", "rules", "--json").document] == [
        "lancers/taught-1",
        "lancers/taught-2",
    ]


def test_what_another_rule_knows_is_taken_from_it_by_force_only(taught: Program) -> None:
    result = taught("triage", "teach", "1", "--event", "offer")
    assert result.code == 1
    assert "a sample of lancers/comment" in result.out
    assert "--force" in result.err
    assert not (taught.folder / "settings.toml").exists()
    assert taught("triage", "teach", "1", "--event", "offer", "--force", "--json").document["saved"] is True
    assert {(deal["id"], deal["last_contact_event"]) for deal in taught.report("--all")["deals"]} == {
        ("lancers-1", "offer")
    }


def test_the_very_words_of_one_mail_take_nothing_from_the_rule_that_knows_the_others(taught: Program) -> None:
    taught.done("triage", "teach", "1", "--event", "offer", "--client", "", "--title", "")
    assert {(deal["id"], deal["last_contact_event"]) for deal in taught.report("--all")["deals"]} == {
        ("lancers-1", "offer")
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2",), "add --event"),
        (("2", "--event", "mesage"), "there is no event"),
        (("2", "--event", "message"), "client or me"),
        (("2", "--event", "accept", "--by", "me"), "never done by"),
        (("2", *AS_MESSAGE, "--client", "山田"), "'山田'"),
        (("2", *AS_MESSAGE, "--phrase", "どこにもない"), "does not stand in the text"),
        (("2", *AS_MESSAGE, "--ref", "room=3"), "kinds: talkroom"),
        (("99", *AS_MESSAGE), "there is no mail 99"),
        (("1", *AS_MESSAGE), "known as that already, by lancers/comment"),
    ],
)
def test_what_cannot_be_taught_is_said(taught: Program, words: tuple[str, ...], said: str) -> None:
    result = taught("triage", "teach", *words)
    assert result.code == 2
    assert said in result.err
    japanese = taught("triage", "teach", *words, "--lang", "ja").err
    assert all(JAPANESE.search(line) for line in japanese.splitlines()), japanese
    assert taught("triage", "rules", "show", "taught-1").code == 2


def test_undo_leaves_rules_alone_and_takes_back_the_last_thing_done_by_hand(taught: Program) -> None:
    taught.done("triage", "teach", "2", *AS_MESSAGE)
    taught.done("log", "lancers-1", "message", "--by", "me")
    taught.done("triage", "rules", "change", "taught-1", "--event", "offer")
    assert "log" in taught.done("undo")
    assert {deal["last_contact_event"] for deal in taught.report("--all")["deals"]} == {"offer"}


def test_a_rule_edited_by_hand_judges_the_history_when_asked(taught: Program) -> None:
    taught.done("triage", "teach", "2", *AS_MESSAGE)
    settings = taught.folder / "settings.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('"message"', '"offer"').replace('actor = "client"', ""), "utf-8"
    )
    moves = taught("triage", "rejudge", "--dry-run", "--json").document["catches"]
    assert {move["event"] for move in moves} == {"offer"}
    taught.done("triage", "rejudge")
    assert {deal["last_contact_event"] for deal in taught.report("--all")["deals"]} == {"offer"}
    assert taught("triage", "rejudge", "--json").document["catches"] == []


def test_a_mail_that_was_forwarded_teaches_what_it_forwards(reader: Program, mailbox: Mailbox) -> None:
    reader.configure(mailbox.account("main", 'forwarders = ["me@work.example"]'))
    quoted = (
        f"---------- Forwarded message ----------\nFrom: <{LANCERS}>\nSubject: {LETTER.format('田中', '記事')}\n\n本文"
    )
    mailbox.put(mail("Fwd: お便り", quoted, sender="me@work.example", verdict=""))
    mailbox.put(letter("佐藤", "ロゴ", "8", "2026-06-03T13:00:00+09:00"))
    reader.now = LATER
    reader("sync")
    forwarded = next(row for row in waiting(reader) if row["why"] == "forwarded")
    reader.done("triage", "teach", str(forwarded["id"]), *AS_MESSAGE, "--client", "田中", "--title", "記事")
    (left,) = waiting(reader)
    assert (left["why"], left["event"], left["client"]) == ("forwarded", "message", "田中")
    assert [deal["client"] for deal in reader.report("--all")["deals"]] == ["佐藤"]


def test_two_who_teach_at_once_lose_nothing(taught: Program, mailbox: Mailbox) -> None:
    mailbox.put(mail("[ランサーズ] ご利用状況のまとめ", at="2026-06-04T10:00:00+09:00"))
    taught("sync")
    options = Options(config=taught.config, data=taught.data)
    one, other = (Desk(assemble(options, {}), lambda: datetime.fromisoformat(LATER)).teaching for _ in range(2))
    drafts = []
    for teaching, number, meaning in ((one, 2, ("message", "client")), (other, 5, ("newsletter", None))):
        lesson = teaching.lesson([number])
        drafts.append(teaching.draft(lesson, meaning_of(*meaning)))
    assert [draft.id for _, draft in drafts] == ["taught-1", "taught-1"]
    one.save(*drafts[0])
    other.save(*drafts[1])
    rules = taught("triage", "rules", "--json").document
    assert [(rule["id"], rule["event"], rule["mails"]) for rule in rules] == [
        ("lancers/taught-1", "message", 3),
        ("lancers/taught-2", "newsletter", 1),
    ]


OWN_FILE = """
id = "lancers"

[rules.letters]
subject = '^\\[ランサーズ\\] (?P<client>.{1,40}) さんから (?P<title>.{1,80}) のお便りが来ました$'
event = "message"
actor = "client"
evidence = "user"
"""


def test_what_waits_is_judged_anew_at_the_next_poll_after_a_file_has_changed(taught: Program) -> None:
    own = taught.folder / "adapters" / "lancers.toml"
    own.parent.mkdir()
    own.write_text(OWN_FILE, encoding="utf-8")
    assert len(waiting(taught)) == 3
    printed = taught.done("sync").splitlines()
    assert [line.split("\t")[:2] for line in printed] == [
        ["lancers-1", "message"],
        ["lancers-2", "message"],
        ["lancers-2", "message"],
    ]
    assert waiting(taught) == []
    own.unlink()
    taught.done("sync")
    assert waiting(taught) == []
    assert len(taught("triage", "rejudge", "--dry-run", "--json").document["catches"]) == 3
    taught.done("triage", "rejudge")
    assert len(waiting(taught)) == 3


def asked(otosata: Program, monkeypatch: pytest.MonkeyPatch, answers: str, *words: str) -> tuple[int, str]:
    """The command at a terminal where somebody answers."""
    out = Terminal()
    monkeypatch.setattr(sys, "stdin", type("Keyboard", (io.StringIO,), {"isatty": lambda _: True})(answers))
    code = run([*words, "--now", LATER], Streams(out, Terminal()), otosata.own_environ())
    return code, out.getvalue()


def test_on_a_terminal_it_asks_for_what_is_missing(taught: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out = asked(taught, monkeypatch, "message\nclient\n\n-\nn\n", "triage", "teach", "2")
    assert code == 0
    assert "client: 田中" in out
    assert "title:" not in out
    assert not (taught.folder / "settings.toml").exists()
    code, out = asked(taught, monkeypatch, "message\n\n\n\ny\n", "triage", "teach", "2")
    assert (code, "Saved as lancers/taught-1" in out) == (0, True)
    code, out = asked(taught, monkeypatch, "y\n", "triage", "rules", "remove", "taught-1")
    assert (code, taught("triage", "rules", "--json").document) == (0, [])
