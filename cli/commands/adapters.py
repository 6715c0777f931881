"""`adapters`: what is known of each platform, and the tools to write and prove such knowledge."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import FOUND, OK, UsageError
from cli.parser import JSON, Subparsers, add_command, argument, plain
from cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from adapters.kit.new import Question
    from adapters.recognise import TomlAdapter

_ID = argument("id", metavar="ID", help="a platform of `otosata adapters`")


def register(commands: Subparsers) -> None:
    """Add `adapters`."""
    adapters = add_command(commands, "adapters", run_list, "list the platforms and how well their mail is known", JSON)
    below = adapters.add_subparsers(dest="adapters_command", metavar="list|show|new|test|anonymise|schema")
    add_command(below, "list", run_list, "list the platforms and how well their mail is known", JSON)
    add_command(below, "show", run_show, "a platform's rules, stages, limits and advice, with their sources", _ID, JSON)
    add_command(
        below,
        "test",
        run_test,
        "run the samples and golden mails of adapters: what fires, what nearly does; 1 if anything is wrong",
        argument("what", metavar="FILE|ID", nargs="*", help="an adapter's file or id; all if left out"),
        argument("--mails", metavar="DIR", action="append", help="golden mails; else the folder ID beside the file"),
        argument("--generate", action="store_true", help="write what comes out of the golden mails as what must"),
        JSON,
    )
    add_command(
        below,
        "new",
        run_new,
        "make a platform of a few mails: asks what they say, writes a file into your folder of adapters",
        argument("file", metavar="FILE", nargs="+", help="a mail (.eml) of each kind"),
        argument("--id", metavar="ID", help="a-z 0-9 _ -; else by the sender"),
        argument("--name", metavar="NAME", type=plain, help="what the platform is called"),
        argument(
            "--says", metavar="EVENT", action="append", default=[], help="of each mail in turn: message, contract"
        ),
        argument(
            "--fields", metavar="NAMES", action="append", default=[], help="of each mail: 'CLIENT / TITLE'; - none"
        ),
        argument("--yes", action="store_true", help="do not ask: take what is proposed"),
        epilog="What is not said by an option is asked, with a proposal; without a terminal the proposal is taken.",
    )
    add_command(
        below,
        "anonymise",
        run_anonymise,
        "make mails fit to be published; 1, and no file, where anything private would be left",
        argument("file", metavar="FILE", nargs="+", help="a mail (.eml)"),
        argument("--output", metavar="DIR", help="where to write NAME.public.eml; else beside the mail"),
        argument("--private", metavar="WORD", action="append", default=[], help="to replace in any case"),
        argument("--keep", metavar="WORD", action="append", default=[], help="to leave as it is"),
        JSON,
        epilog="Dates stay. Look at the result before you publish it: a program knows no secrets.",
    )
    add_command(
        below,
        "schema",
        run_schema,
        "the JSON Schema of adapter files, for editors",
        argument("--over", action="store_true", help="of a file that lies over another: nothing is required"),
    )


def run_list(session: Session) -> int:
    """Id, name, origin, rules by evidence, last checked, state."""
    from cli.output.adapters import list_document, list_lines  # noqa: PLC0415 - one format a run

    overview = session.desk.overview()
    known = session.assembly.found
    if session.args.json:
        session.print_json(list_document(known, overview))
    else:
        for line in list_lines(known, overview, session.words, session.width):
            session.print(line)
    for broken in known.broken:
        session.say(session.t("adapters.broken", package=broken.offer.package, why=broken.why))
    return OK


def run_show(session: Session) -> int:
    """Everything a file says, for people or for programs."""
    from cli.output.adapter import show_document, show_lines  # noqa: PLC0415 - one format a run

    adapter = _adapter(session, session.args.id)
    known = session.assembly.found
    if session.args.json:
        session.print_json(show_document(adapter, known))
    else:
        for line in show_lines(adapter, known, session.words):
            session.print(line)
    return OK


def run_test(session: Session) -> int:
    """Each adapter named, or all. A file is read alone, over the built-in one of its id if there is one."""
    from adapters.kit.runner import run  # noqa: PLC0415 - only here
    from adapters.problems import LocatedError  # noqa: PLC0415 - only here
    from cli.output.tested import test_document, test_lines  # noqa: PLC0415 - one format a run
    from config.load import early_language  # noqa: PLC0415 - only here
    from config.problems import ConfigError  # noqa: PLC0415 - only here
    from config.texts.complaints import translated  # noqa: PLC0415 - only here

    args = session.args
    try:
        adapters = [_adapter(session, word) for word in args.what] or session.assembly.found.adapters
        reports = [run(one, _golden_of(one, args.mails), generate=args.generate) for one in adapters]
    except (LocatedError, ConfigError) as error:
        lang = early_language(
            session.options, session.places, session.environ
        )  # the configuration may be what is wrong
        for problem in error.problems:
            hint = f" ({translated(problem.hint, lang)})" if problem.hint else ""
            session.print(translated(str(replace(problem, hint="")), lang) + hint)
        return FOUND
    if args.json:
        session.print_json(test_document(reports))
    else:
        for report in reports:
            for line in test_lines(report, session.words, every=bool(args.what)):
                session.print(line)
    return OK if all(report.is_right for report in reports) else FOUND


def run_new(session: Session) -> int:
    """Ask, write the file, say what the mails are to it now."""
    from adapters.kit.golden import read_mail  # noqa: PLC0415 - only here
    from adapters.kit.new import make  # noqa: PLC0415 - only here

    known = session.assembly.found.adapters
    mails = [read_mail(Path(file)) for file in session.args.file]
    made = make(mails, known, lambda question: _answer(session, question), _today(session))
    path = session.places.adapters_dir / f"{made.id}.toml"
    if path.exists():
        raise UsageError(f"{path} exists already and is not overwritten", "edit it, or move it away first")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made.text, encoding="utf-8")
    session.print(session.t("adapters.made", file=path))
    for file, mail in zip(session.args.file, mails, strict=True):
        notice = made.adapter.recognise(mail)
        session.print(f"  {file}: {notice.rule if notice else '-'}")
    return OK


def _today(session: Session) -> "date":
    return session.now.astimezone(session.zone).date()


def _answer(session: Session, question: "Question") -> str:
    """By option, else by the user, else as proposed."""
    import sys  # noqa: PLC0415 - only questions read it

    args, streams = session.args, session.streams
    given = {"id": args.id, "name": args.name}.get(question.what)
    said = {"event": args.says, "fields": args.fields}.get(question.what, [])
    if question.mail < len(said) and question.mail >= 0:
        given = said[question.mail]
    if given is not None:
        return str(given)
    if args.yes or not (sys.stdin.isatty() and streams.out.isatty() and streams.err.isatty()):
        if not question.proposal:
            raise UsageError(f"what {args.file[question.mail]} says is not clear", "add --says for each mail in turn")
        return question.proposal
    if question.what == "event":
        streams.err.write(f"\n{question.subject}\n")
    streams.err.write(session.t(f"adapters.ask_{question.what}", default=question.proposal or "-"))
    streams.err.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return plain(line.strip())


def run_anonymise(session: Session) -> int:
    """Each mail into a file of its own; one that is not safe is left out and named."""
    from adapters.kit.anonymise.mail import UnreadableError, anonymise  # noqa: PLC0415 - only here
    from cli.output.anonymised import anonymised_document, anonymised_lines  # noqa: PLC0415 - one format a run

    args = session.args
    settings = session.assembly.settings
    mine = [name for platform in settings.platforms.values() for name in platform.my_names]
    documents, code = [], OK
    for file in map(Path, args.file):
        try:
            made = anonymise(
                file.read_bytes(), session.assembly.found.adapters, private=[*mine, *args.private], keep=args.keep
            )
        except UnreadableError as error:
            raise UsageError(f"{file} is no mail: {error}") from None
        written = Path(args.output or file.parent) / f"{file.stem}.public.eml" if made.is_safe else None
        if written:
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(made.data)
        else:
            code = FOUND
        if args.json:
            documents.append(anonymised_document(file, made, written))
        else:
            for line in anonymised_lines(file, made, written, session.words):
                session.print(line)
    if args.json:
        session.print_json(documents)
    return code


def run_schema(session: Session) -> int:
    """As JSON."""
    from adapters.kit.schema import adapter_schema  # noqa: PLC0415 - only here

    session.print_json(adapter_schema(over=session.args.over), indent=1)
    return OK


def _adapter(session: Session, word: str) -> "TomlAdapter":
    """An adapter by its id or its file. LocatedError: the file is wrong."""
    if word.endswith(".toml"):
        from adapters.registry import read_over  # noqa: PLC0415 - only here

        return read_over(Path(word))
    found = {adapter.id: adapter for adapter in session.assembly.found.adapters}
    if word not in found:
        raise UsageError(f"there is no platform {word}", f"there are: {', '.join(found)}")
    return found[word]


def _golden_of(adapter: "TomlAdapter", folders: "Sequence[str] | None") -> list[Path]:
    """The golden mails named, else those of a folder of the adapter's name beside each of its files."""
    if folders:
        return [Path(folder) for folder in folders]
    beside = [Path(file).parent / adapter.id for file in adapter.document.files]
    return [folder for folder in beside if folder.is_dir()]
