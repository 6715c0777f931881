"""Runs the samples that stand beside the rules: the same check for the built-in files and for users' own."""

from collections.abc import Sequence

from adapters.notice_rules import REF_KINDS
from adapters.problems import Problem
from adapters.recognise import TomlAdapter
from adapters.tables import Table
from otosata.deals.notice import UNRECOGNISED, Notice
from otosata.mail.model import Authentication, Mail, Verdict

_NOBODY = "nobody@example.org"


def check_samples(adapter: TomlAdapter) -> tuple[Problem, ...]:
    """Recognise every sample and look-alike of the adapter's file; what comes out otherwise than said there."""
    document = adapter.document.again()
    for rule, table in document.root.entries("rules").items():
        samples = table.list_of_tables("samples")
        if not samples:
            table.report(None, f"[{table.path}] has no sample", f"write [[{table.path}.samples]] with a subject")
        for sample in samples:
            event = table.string("event")
            _check(adapter, sample, f"{adapter.id}/{rule}", event, table.strings("from"))
    for sample in document.root.list_of_tables("look_alikes"):
        _check(adapter, sample, None, UNRECOGNISED, ())
    return tuple(document.problems)


def _check(adapter: TomlAdapter, sample: Table, rule: str | None, event: str, senders: Sequence[str]) -> None:
    mail = sample_mail(sample, [*senders, *adapter.senders])
    names = frozenset(sample.strings("my_names"))
    notice = adapter.named(names).recognise(mail) if names else adapter.recognise(mail)
    expected = {"event": event, **({"rule": rule} if rule else {}), **read_expected(sample)}
    found = said(notice)
    for key, wanted in expected.items():
        if found.get(key, "") != wanted:
            sample.report(key.partition(".")[0], f"sample: {key} should be {wanted!r}, but is {found.get(key, '')!r}")
    sample.finish()


def read_expected(sample: Table) -> dict[str, str]:
    """What must come out of a sample, in the words of `said`."""
    expected = {key: sample.string(key) for key in ("event", "actor", "client", "title", "url") if key in sample}
    refs = sample.section("refs")
    kinds = refs.keys_among(REF_KINDS, "unknown kind of reference {name}")
    return expected | {f"refs.{kind}": refs.string(kind) for kind in kinds}


def sample_mail(sample: Table, senders: Sequence[str]) -> Mail:
    """The mail that a sample stands for, from the first of the senders unless it says otherwise."""
    text = sample.string("body")
    first = senders[0] if senders else _NOBODY
    return Mail(
        message_id="",
        digest="",
        subject=sample.string("subject", required=True),
        sender=sample.string("from") or (f"x{first}" if first.startswith("@") else first),
        sender_name="",
        received=None,
        text=text,
        links=tuple(dict.fromkeys(word for word in text.split() if word.startswith(("https://", "http://")))),
        authentication=Authentication(Verdict.UNVERIFIED, "sample"),
        bulk=bool(sample.flag("bulk")),
    )


def said(notice: Notice | None) -> dict[str, str]:
    """The notice in the words of a sample; nothing where the mail is not the platform's."""
    if notice is None:
        return {}
    return {
        "rule": notice.rule or "",
        "event": notice.kind,
        "actor": notice.actor.value,
        "client": notice.client,
        "title": notice.title,
        "url": notice.url or "",
        **{f"refs.{kind}": number for kind, number in notice.refs},
    }
