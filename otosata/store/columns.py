"""How values of the core become columns and come back exactly as they went in."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from otosata.deals.event import Event
from otosata.deals.notice import Notice
from otosata.deals.vocabulary import Actor, Evidence
from otosata.mail.model import Forwarded, Trust, Verdict
from otosata.store.database import Value
from otosata.store.values import AccountState, ActRow, MailRow, MailState, hand_key, mail_key

LONGEST_TEXT = 32_768
"""Characters kept of a mail's body; a notification's is under 3,000."""
MOST_LINKS = 200

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_PLAIN_DATE = 10  # characters of 2026-09-02

_ACTORS = {actor.value: actor for actor in Actor}
_EVIDENCE = {evidence.value: evidence for evidence in Evidence}


def instant(at: dt.datetime) -> int:
    """UTC microseconds; ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return (at - _EPOCH) // _MICROSECOND


def instant_or_none(at: dt.datetime | None) -> int | None:
    """The same, where there may be none."""
    return None if at is None else instant(at)


def sortable(at: dt.datetime) -> str:
    """Text that sorts as the times do, those before 1970 included."""
    return f"{instant(at) + (1 << 62):020}"


def moment(microseconds: int) -> dt.datetime:
    """The datetime, in UTC."""
    return _EPOCH + dt.timedelta(0, 0, microseconds)


def moment_or_none(microseconds: int | None) -> dt.datetime | None:
    """The same, where there may be none."""
    return None if microseconds is None else moment(microseconds)


def day_text(day: dt.date | dt.datetime | None) -> str | None:
    """A day as `2026-09-02`, an instant with its offset; ValueError for an instant without a zone."""
    if isinstance(day, dt.datetime) and day.tzinfo is None:
        raise ValueError(f"{day} has no time zone")
    return None if day is None else day.isoformat()


def day_value(text: str | None) -> dt.date | dt.datetime | None:
    """Back to what `day_text` was given."""
    if text is None:
        return None
    return dt.date.fromisoformat(text) if len(text) == _PLAIN_DATE else dt.datetime.fromisoformat(text)


def json_text(value: object) -> str:
    """JSON as short as it gets."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def event_columns(deal: str, event: Event, mail: int | None, act: int | None) -> dict[str, Value]:
    """An event as a row of `events`. Its key is not kept: it follows from `mail` and `act`."""
    return {
        "deal": deal,
        "at": instant(event.at),
        "kind": event.kind,
        "actor": event.actor.value,
        "date": day_text(event.date),
        "application_deadline": day_text(event.application_deadline),
        "finished": int(event.finished),
        "note": event.note,
        "evidence": event.evidence.value,
        "linked_by_guess": int(event.linked_by_guess),
        "mail": mail,
        "act": act,
    }


EVENT_COLUMNS = (
    "deal, at, kind, actor, date, application_deadline, finished, note, evidence, linked_by_guess, mail, act"
)


def event_value(row: Iterable[Any]) -> tuple[str, Event]:
    """(deal, event) of a row of EVENT_COLUMNS."""
    deal, at, kind, actor, date, deadline, finished, note, evidence, guess, mail, act = row
    return deal, Event(
        moment(at),
        kind,
        _ACTORS[actor],
        day_value(date) if date else None,
        dt.date.fromisoformat(deadline) if deadline else None,
        bool(finished),
        note,
        mail_key(mail) if mail else hand_key(act),
        _EVIDENCE[evidence],
        bool(guess),
    )


def mail_columns(mail: MailRow) -> dict[str, Value]:
    """A mail as a row of `mails`, without what must not be kept: foreign mail, the bodies of login-code mails."""
    notice = mail.notice
    if mail.state is MailState.FOREIGN:
        mail = MailRow(mail.account, mail.folder, mail.uidvalidity, mail.uid, mail.digest, mail.state)
        notice = None
    secret = notice is not None and notice.kind == "account"
    return {
        "account": mail.account,
        "folder": mail.folder,
        "uidvalidity": mail.uidvalidity,
        "uid": mail.uid,
        "digest": mail.digest,
        "state": mail.state.value,
        "why": mail.why,
        "candidates": json_text(mail.candidates),
        "message_id": mail.message_id,
        "sender": mail.sender,
        "subject": mail.subject,
        "body": None if secret or mail.text is None else mail.text[:LONGEST_TEXT],
        "links": json_text(() if secret else mail.links[:MOST_LINKS]),
        "received": instant_or_none(mail.received),
        "verdict": mail.verdict.value if mail.verdict else None,
        "reason": mail.reason,
        "refused": int(mail.refused),
        "bulk": int(mail.bulk),
        "forwarded": _forwarded_text(mail.forwarded),
        "adapter": mail.adapter,
        **_notice_columns(notice),
    }


def _forwarded_text(forwarded: Forwarded | None) -> str | None:
    return json_text((forwarded.sender, forwarded.subject, forwarded.how)) if forwarded else None


def _notice_columns(notice: Notice | None) -> dict[str, Value]:
    return {
        "platform": notice.platform if notice else None,
        "rule": notice.rule if notice else None,
        "kind": notice.kind if notice else None,
        "actor": notice.actor.value if notice else None,
        "evidence": notice.evidence.value if notice else None,
        "client": notice.client if notice else "",
        "title": notice.title if notice else "",
        "refs": json_text(notice.refs) if notice else "[]",
        "url": notice.url if notice else None,
        "date": day_text(notice.date) if notice else None,
        "doubt": notice.doubt if notice else "",
    }


def mail_value(row: Any, deal: str | None) -> MailRow:
    """A MailRow of a row of `mails_now`."""
    return MailRow(
        row["account"],
        row["folder"],
        row["uidvalidity"],
        row["uid"],
        row["digest"],
        MailState(row["state_now"]),
        row["why_now"],
        tuple(json.loads(row["candidates"])),
        row["message_id"],
        row["sender"],
        row["subject"],
        row["body"],
        tuple(json.loads(row["links"])),
        moment_or_none(row["received"]),
        Verdict(row["verdict"]) if row["verdict"] else None,
        row["reason"],
        bool(row["refused"]),
        bool(row["bulk"]),
        Forwarded(*json.loads(row["forwarded"])) if row["forwarded"] else None,
        row["adapter"],
        _notice_value(row),
        row["id"],
        deal,
        bool(row["by_hand"]),
        bool(row["by_guess"]),
    )


def _notice_value(row: Any) -> Notice | None:
    if row["kind"] is None:
        return None
    return Notice(
        row["platform"],
        row["rule"],
        row["kind"],
        _ACTORS[row["actor"]],
        _EVIDENCE[row["evidence"]],
        row["client"],
        row["title"],
        tuple((kind, value) for kind, value in json.loads(row["refs"])),
        row["url"],
        day_value(row["date"]),
        row["doubt"],
    )


def act_value(row: Any) -> ActRow:
    """An ActRow of a row of `acts`."""
    undone = row["retracted_by"] is not None
    return ActRow(row["id"], moment(row["at"]), row["what"], row["deal"], json.loads(row["description"]), undone)


def account_columns(state: AccountState) -> dict[str, Value]:
    """The state of an account as a row of `accounts`."""
    return {
        "account": state.account,
        "last_attempt": instant_or_none(state.last_attempt),
        "last_complete_poll": instant_or_none(state.last_complete_poll),
        "error": state.error,
        "hint": state.hint,
        "permanent": int(state.permanent),
        "fingerprint": state.fingerprint,
        "authserv_ids": json_text(sorted(state.trust.authserv_ids)),
        "anonymous": int(state.trust.anonymous),
        "sampled_mails": state.sampled_mails,
        "sampled_at": instant_or_none(state.sampled_at),
        "policy": state.policy,
    }


def account_value(row: Any) -> AccountState:
    """Back from a row of `accounts`."""
    return AccountState(
        row["account"],
        moment_or_none(row["last_attempt"]),
        moment_or_none(row["last_complete_poll"]),
        row["error"],
        row["hint"],
        bool(row["permanent"]),
        row["fingerprint"],
        Trust(frozenset(json.loads(row["authserv_ids"])), bool(row["anonymous"])),
        row["sampled_mails"],
        moment_or_none(row["sampled_at"]),
        row["policy"],
    )
