"""`triage teach`, `triage rules`, `triage rejudge`: rules made of mails, looked at, changed, taken back."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from cli.errors import FOUND, OK, UsageError
from cli.parser import JSON, Subparsers, add_command, argument, counted, plain
from cli.session import Session
from otosata.deals.vocabulary import KINDS

if TYPE_CHECKING:
    from adapters.teaching.build import Meaning
    from adapters.teaching.propose import Wish
    from config.teaching import Lesson, Rehearsal, Teaching

_EXAMPLES = 5
"""So many mails of a group are shown to the rule; it then knows the others by itself."""
_RULE = argument("rule", metavar="RULE", type=plain, help="its name in `otosata triage rules`")
_MEANING = (
    argument("--event", metavar="EVENT", type=plain, help="what the mail announces"),
    argument("--by", metavar="WHO", type=plain, help="client, me or platform; only where the event leaves it open"),
    argument("--client", metavar="TEXT", type=plain, help='words of the mail that are the client; "" for none'),
    argument("--title", metavar="TEXT", type=plain, help='words of the mail that are the title; "" for none'),
    argument("--ref", metavar="KIND=VALUE", type=plain, action="append", help="a reference, such as talkroom=123"),
    argument("--phrase", metavar="TEXT", type=plain, default="", help="words that must stand in the text"),
)
_TRY = argument("--dry-run", action="store_true", help="show what would happen, change nothing")
_YES = argument("--yes", action="store_true", help="do not ask")
_FORCE = argument("--force", action="store_true", help="even where it takes mail from other rules")


def register_below(below: Subparsers) -> None:
    """Add the commands below `triage`."""
    add_command(
        below,
        "teach",
        run_teach,
        "say what a mail is; from then on such mail is known, and the stored history is judged by it",
        argument("mail", metavar="MAIL", type=counted, nargs="+", help="its number in `otosata triage`"),
        *_MEANING,
        argument("--only", action="store_true", help="look at this mail alone, not at others of its group"),
        argument("--save-in", choices=("settings", "adapter"), default="settings", help="settings.toml, or your file"),
        *(_TRY, _YES, _FORCE, JSON),
    )
    rules = add_command(below, "rules", run_rules, "the rules that were taught", JSON)
    one = rules.add_subparsers(dest="rules_command", metavar="list|show|change|remove")
    add_command(one, "list", run_rules, "each rule with the mails it knows", JSON)
    add_command(one, "show", run_show, "one rule as it stands in its file", _RULE, JSON)
    changing = (_RULE, *_MEANING, _TRY, _YES, _FORCE, JSON)
    add_command(one, "change", run_change, "teach it anew from the mails it knows", *changing)
    add_command(one, "remove", run_remove, "forget it; its events are taken back", _RULE, _TRY, _YES, JSON)
    add_command(below, "rejudge", run_rejudge, "judge all stored mail by what the rules say now", _TRY, _YES, JSON)


# ---------------------------------------------------------------------------------------------------------- teach


def run_teach(session: Session) -> int:
    """Propose, rehearse, save."""
    args, teaching = session.args, session.desk.teaching
    mails = list(dict.fromkeys(args.mail))
    wish = _wish(args)
    alone = args.only or len(mails) > 1 or args.phrase
    others = () if alone else teaching.others_like(mails[0], _EXAMPLES - 1)
    lesson = teaching.lesson(mails, wish, others=others)
    if _asks(session):
        meaning, lesson = _interview(session, teaching, lesson, wish)
    else:
        meaning = _meaning(session, lesson)
    lesson, draft = teaching.draft(lesson, meaning)
    return _conclude(session, teaching, lesson, teaching.rehearse(lesson, draft))


def run_change(session: Session) -> int:
    """The rule made anew from the mails it knows, with what is said otherwise now."""
    args, teaching = session.args, session.desk.teaching
    rule = teaching.find(args.rule)
    mails = teaching.mails_of(rule)
    if not mails:
        raise UsageError(
            f"no stored mail is known by {rule.name}", f"change it with an editor in {rule.file}, or remove it"
        )
    first = mails[0].notice
    said = {"client": first.client if first else "", "title": first.title if first else ""}
    wish = _wish(args, said)
    lesson = teaching.lesson([mail.id for mail in mails[:_EXAMPLES]], wish)
    args.event = args.event or str(rule.table["event"])
    args.by = args.by or (rule.table.get("actor") if args.event == rule.table["event"] else None)
    lesson, draft = teaching.draft(lesson, _meaning(session, lesson), replacing=rule.id)
    args.save_in = rule.place.value
    return _conclude(session, teaching, lesson, teaching.rehearse(lesson, draft))


def _wish(args: argparse.Namespace, said: "dict[str, str] | None" = None) -> "Wish":
    from adapters.notice_rules import REF_KINDS  # noqa: PLC0415 - only where something is taught
    from adapters.teaching.propose import Wish  # noqa: PLC0415 - as above

    fields = dict(said or {})
    fields |= {name: text for name, text in (("client", args.client), ("title", args.title)) if text is not None}
    for pair in args.ref or ():
        kind, _, value = pair.partition("=")
        if kind not in REF_KINDS or not value:
            raise UsageError(f"--ref {pair}: no reference", f"write KIND=VALUE; kinds: {', '.join(REF_KINDS)}")
        fields[kind] = value
    return Wish(fields, args.phrase)


def _meaning(session: Session, lesson: "Lesson") -> "Meaning":
    from config.teaching import meaning_of  # noqa: PLC0415 - only where something is taught

    args, guess = session.args, lesson.guess
    if args.event is None:
        likely = f"perhaps --event {guess.event} --by {guess.actor}" if guess else f"events: {' '.join(KINDS)}"
        raise UsageError("what the mail announces is missing", f"add --event; {likely}")
    return meaning_of(args.event, args.by)


def _conclude(session: Session, teaching: "Teaching", lesson: "Lesson", found: "Rehearsal") -> int:
    """Show what would happen; save it where nothing and nobody speaks against it."""
    from config.taught import Place  # noqa: PLC0415 - only where something is taught

    args = session.args
    stopped = bool(found.conflicts or found.taken) and not args.force
    if not args.json:
        _print(session, lesson, found)
    wanted = not args.dry_run and not stopped and (not _asks(session) or _agreed(session, "teach.save"))
    draft = found.draft
    if wanted and draft is not None:
        found = teaching.save(lesson, draft, Place(args.save_in))
        rule = teaching.find(f"{found.platform}/{found.draft.id if found.draft else draft.id}")
        if not args.json:
            session.print(session.t("teach.saved", rule=rule.name, file=rule.file))
    elif stopped and not args.json:
        session.say(session.t("teach.stopped"))
    if args.json:
        _print_json(session, lesson, found, saved=wanted)
    return FOUND if stopped else OK


def _print(session: Session, lesson: "Lesson", found: "Rehearsal") -> None:
    from cli.output.taught import lesson_lines, rehearsal_lines  # noqa: PLC0415 - one format a run

    for line in (*lesson_lines(lesson, found, session.words), *rehearsal_lines(found, session.words, session.zone)):
        session.print(line)


def _print_json(session: Session, lesson: "Lesson | None", found: "Rehearsal", *, saved: bool) -> None:
    from cli.output.taught import rehearsal_document  # noqa: PLC0415 - one format a run

    session.print_json(rehearsal_document(lesson, found, session.zone, saved=saved))


# ---------------------------------------------------------------------------------------------------- questions


def _asks(session: Session) -> bool:
    """Whether somebody is there to answer."""
    import sys  # noqa: PLC0415 - only questions read it

    args, streams = session.args, session.streams
    silent = args.yes or args.dry_run or args.json or session.args.quiet_all
    return not silent and sys.stdin.isatty() and streams.out.isatty() and streams.err.isatty()


def _ask(session: Session, key: str, default: str) -> str:
    import sys  # noqa: PLC0415 - as above

    session.streams.err.write(session.t(key, default=default or "-"))
    session.streams.err.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return plain(line.strip()) or default


def _agreed(session: Session, key: str) -> bool:
    return _ask(session, key, "n").lower() in ("y", "yes", "j", "はい")


def _interview(session: Session, teaching: "Teaching", lesson: "Lesson", wish: "Wish") -> "tuple[Meaning, Lesson]":
    """Ask for what was not given; Enter takes the proposal, `-` means none."""
    from adapters.teaching.propose import Wish as Said  # noqa: PLC0415 - only here
    from config.teaching import meaning_of  # noqa: PLC0415 - only where something is taught

    args, guess = session.args, lesson.guess
    session.print(lesson.mails[0].subject)
    event = args.event or _ask(session, "teach.ask_event", guess.event if guess else "")
    kind = KINDS.get(event)
    by = args.by
    if by is None and kind is not None and len(kind.actors) > 1:
        by = _ask(session, "teach.ask_by", guess.actor.value if guess and guess.event == event else "client")
    meaning = meaning_of(event, by)
    fields = dict(wish.fields)
    for name in ("client", "title"):
        part = lesson.readings[0].part(name)
        if name not in fields:
            said = _ask(session, f"teach.ask_{name}", part.text if part else "")
            if said != (part.text if part else ""):
                fields[name] = "" if said == "-" else said
    if fields != wish.fields:
        mails = [row.id for row in lesson.mails]
        named = [mail for mail in mails if mail in lesson.shown]
        lesson = teaching.lesson(named, Said(fields, wish.phrase), others=mails[len(named) :])
    return meaning, lesson


# ---------------------------------------------------------------------------------------------------------- rules


def run_rules(session: Session) -> int:
    """All taught rules."""
    from cli.output.taught import rule_document, rule_lines  # noqa: PLC0415 - only here

    teaching = session.desk.teaching
    known = teaching.counts()
    rules = teaching.learned()
    if session.args.json:
        session.print_json([rule_document(rule, known.get(rule.name, 0)) for rule in rules])
        return OK
    for rule in rules:
        for line in rule_lines(rule, known.get(rule.name, 0), session.words):
            session.print(line)
    if not rules:
        session.say(session.t("teach.none"))
    return OK


def run_show(session: Session) -> int:
    """One rule, as TOML."""
    from cli.output.taught import rule_document  # noqa: PLC0415 - only here

    teaching = session.desk.teaching
    rule = teaching.find(session.args.rule)
    if session.args.json:
        session.print_json(rule_document(rule, teaching.counts().get(rule.name, 0)))
        return OK
    import tomli_w  # noqa: PLC0415 - only here

    session.print(f"# {rule.name} · {rule.file}")
    session.print(tomli_w.dumps({"rules": {rule.id: rule.table}}).strip())
    return OK


def run_remove(session: Session) -> int:
    """Forget a rule."""
    teaching = session.desk.teaching
    rule = teaching.find(session.args.rule)
    found = teaching.rehearse_removal(rule)
    return _act(session, found, lambda: teaching.remove(rule), session.t("teach.removed", rule=rule.name))


def run_rejudge(session: Session) -> int:
    """The whole history by the rules of now."""
    teaching = session.desk.teaching
    found = teaching.rejudge(rehearse=True)
    return _act(session, found, lambda: teaching.rejudge(rehearse=False), session.t("teach.rejudged"))


def _act(session: Session, found: "Rehearsal", act: "Callable[[], Rehearsal]", said: str) -> int:
    from cli.output.taught import rehearsal_lines  # noqa: PLC0415 - only here

    args = session.args
    if not args.json:
        for line in rehearsal_lines(found, session.words, session.zone):
            session.print(line)
    wanted = not args.dry_run and (not _asks(session) or _agreed(session, "teach.go_on"))
    if wanted:
        found = act()
        if not args.json:
            session.print(said)
    if args.json:
        _print_json(session, None, found, saved=wanted)
    return OK
