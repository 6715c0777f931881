"""What a mail says and what would become of it, as a document and as lines."""

from collections.abc import Iterator
from datetime import tzinfo

from cli.output.document import Json, time
from cli.output.words import moment_text, names
from config.examine import Examined
from config.texts.catalogue import Catalogue
from otosata.deals.notice import IGNORED, UNRECOGNISED

_EXCERPT = 500


def explained_document(file: str, found: Examined, zone: tzinfo) -> Json:
    """One object of `explain --json`."""
    mail, notice = found.mail, found.judgement.notice
    return {
        "file": file,
        "message_id": mail.message_id or None,
        "subject": mail.subject,
        "from": mail.sender,
        "received": time(mail.received, zone),
        "text_excerpt": found.text[:_EXCERPT],
        "authentication": {"verdict": mail.authentication.verdict.value, "reason": mail.authentication.reason},
        "recognised": notice is not None and notice.kind not in (IGNORED, UNRECOGNISED),
        "adapter": found.judgement.adapter,
        "rule": notice.rule if notice else None,
        "evidence": notice.evidence.value if notice and notice.rule else None,
        "event": notice.kind if notice else None,
        "actor": notice.actor.value if notice else None,
        "client": (notice.client or None) if notice else None,
        "title": (notice.title or None) if notice else None,
        "refs": dict(notice.refs) if notice else {},
        "url": notice.url if notice else None,
        "contact": found.judgement.contact,
        "deal": found.deal,
        "problem": found.problem,
    }


def explained_lines(file: str, found: Examined, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    """The same for people."""
    mail, notice = found.mail, found.judgement.notice
    verdict = mail.authentication
    yield f"{file}: {mail.subject or '-'}"
    yield f"    {words.t('explain.from')}: {mail.sender or '-'} · {moment_text(mail.received, words.lang, zone)}"
    yield f"    {words.t('explain.origin')}: {words.t(f'verdicts.{verdict.verdict.value}')} ({verdict.reason})"
    if notice is None:
        yield f"    {words.t('explain.nobody')}"
    else:
        rule = f"{notice.rule} ({words.t(f'evidence.{notice.evidence.value}')})" if notice.rule else "-"
        about = names(notice.client, notice.title)
        yield f"    {words.t('explain.event')}: {words.t(f'events.{notice.kind}')} {about}".rstrip()
        refs = " ".join(f"{kind}={value}" for kind, value in notice.refs)
        yield f"    {words.t('explain.rule')}: {rule} {refs}".rstrip()
    yield f"    {words.t('explain.contact' if found.judgement.contact else 'explain.no_contact')}"
    yield f"    {words.t('explain.deal')}: {found.deal or words.t(f'explain.{found.without_deal}')}"
    if found.problem:
        yield f"    {words.t('explain.problem')}: {found.problem}"
