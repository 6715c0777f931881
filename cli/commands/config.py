"""`config`: where the configuration is, what it says, what is wrong with it."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cli.errors import FOUND, OK, USAGE, UsageError
from cli.parser import JSON, Subparsers, add_command, argument
from cli.session import Session

if TYPE_CHECKING:
    from otosata.deals.platform import Platform


_SHOWN = (
    argument("--all", action="store_true", help="the thresholds of the platforms' own files too"),
    argument("--json", action="store_true", help="as JSON"),
)
_WRITE = argument("--write", action="store_true", help="into the file that the first line of config.toml names")


def register(commands: Subparsers) -> None:
    """Add `config`."""
    config = add_command(commands, "config", run_show, "show the configuration, each value with its origin", *_SHOWN)
    below = config.add_subparsers(dest="config_command", metavar="path|init|show|get|set|unset|check|schema|edit")
    add_command(below, "path", run_path, "where the files are")
    add_command(below, "init", run_init, "write config.toml with every key explained; never over an existing one")
    part = argument("key", metavar="KEY", nargs="?", help="only this key and what stands below it")
    add_command(below, "show", run_show, "the merged values, each with its origin and what it overrode", part, *_SHOWN)
    add_command(below, "check", run_check, "say all that is wrong; 1 if anything is", JSON)
    key = argument("key", metavar="KEY", help="for example calendar.country")
    add_command(below, "get", run_get, "one value", key)
    value = argument("value", metavar="VALUE", help="TOML; a bare word is a string")
    add_command(below, "set", run_set, "set a value in settings.toml", key, value)
    add_command(below, "unset", run_unset, "take back what `set` said", key)
    add_command(below, "schema", run_schema, "the JSON Schema of config.toml, for editors", _WRITE)
    add_command(below, "edit", run_edit, "open config.toml in your editor; a mistake never takes its place")


def run_path(session: Session) -> int:
    """Each file and whether it is there."""
    places = session.places
    for name, path in (
        ("config", places.config_file),
        ("settings", places.settings_file),
        ("adapters", places.adapters_dir),
        ("ledger", places.database),
    ):
        session.print(f"{name}\t{path}\t{'' if path.exists() else '-'}".rstrip())
    return OK


def run_init(session: Session) -> int:
    """Write the file once, and the schema that its first line names."""
    from config.load import early_language  # noqa: PLC0415 - only here
    from config.schema import FILE_NAME  # noqa: PLC0415 - only here
    from config.write import create_config, write_schema  # noqa: PLC0415 - only here

    lang = early_language(session.options, session.places, session.environ)
    session.print(str(create_config(session.places, lang, FILE_NAME)))
    write_schema(session.places, session.assembly.platforms, lang)
    return OK


def run_show(session: Session) -> int:
    """Every value that is set or has a default; with a KEY or `--all` those of the platforms' files too."""
    from cli.output.configured import shown, values_document  # noqa: PLC0415 - only here
    from config.adapter_layer import with_adapters  # noqa: PLC0415 - only here
    from config.layers import split_key  # noqa: PLC0415 - only here

    assembly, args = session.assembly, session.args
    below = split_key(args.key) if getattr(args, "key", None) else ()
    found = with_adapters(assembly.loaded.values, assembly.found.adapters, assembly.places)
    values = [
        value
        for path, value in found.items()
        if path[: len(below)] == below and (below or args.all or value.origin.layer != "adapter")
    ]
    if below and not values:
        raise _not_set(args.key, session)
    if args.json:
        session.print_json(values_document(values))
        return OK
    for value in values:
        session.print(shown(value, session.words))
    return OK


def run_check(session: Session) -> int:
    """All problems in one run, warnings too."""
    from config.problems import ConfigError  # noqa: PLC0415 - only here

    try:
        found = session.assembly.loaded.warnings
    except ConfigError as error:
        found = error.problems
    if session.args.json:
        from cli.output.configured import problems_document  # noqa: PLC0415 - one format a run

        session.print_json(problems_document(found))
        return FOUND if found else OK
    from config.excerpt import excerpt  # noqa: PLC0415 - one format a run

    for problem in found:
        # without a configuration nobody knows the language yet; a warning comes with one
        session.print(f"{session.t('config.warning')}{problem}" if problem.is_warning else str(problem))
        for line in excerpt(problem):
            session.print(line)
    if not found:
        session.print(session.t("config.fine"))
    return FOUND if found else OK


def run_get(session: Session) -> int:
    """One value as TOML; of a threshold that nobody has set what the platform's own file says."""
    from cli.output.configured import toml  # noqa: PLC0415 - only here
    from config.adapter_layer import adapter_values  # noqa: PLC0415 - only here
    from config.layers import split_key  # noqa: PLC0415 - only here
    from config.moved import moved  # noqa: PLC0415 - only here

    path = split_key(session.args.key)
    if old := moved(path):
        path = old.new
    assembly = session.assembly
    value = assembly.loaded.values.get(path) or adapter_values(assembly.found.adapters).get(path)
    if value is None:
        raise _not_set(session.args.key, session)
    session.print(toml(value))
    return OK


def _not_set(key: str, session: Session) -> Exception:
    """Why there is nothing at a key: it is not known, or nobody has said anything."""
    from config.layers import unknown_part  # noqa: PLC0415 - only where nothing is found
    from config.problems import ConfigError  # noqa: PLC0415 - as above

    if unknown := unknown_part(key, session.words):
        return ConfigError((unknown,))
    return UsageError(f"{key} is not set", "`otosata config show` lists what is")


def run_set(session: Session) -> int:
    """Set, after trying it out."""
    session.settings_writer().set(session.args.key, session.args.value)
    return OK


def run_unset(session: Session) -> int:
    """Take it back."""
    if not session.settings_writer().unset(session.args.key):
        session.say(session.t("config.not_set", key=session.args.key))
        return FOUND
    return OK


def run_schema(session: Session) -> int:
    """Print it, or put it where editors find it."""
    from config.schema import schema  # noqa: PLC0415 - only here
    from config.write import write_schema  # noqa: PLC0415 - only here

    if session.args.write:
        session.print(str(write_schema(session.places, session.assembly.platforms, session.lang)))
    else:
        session.print_json(schema(session.assembly.platforms, session.lang))
    return OK


def run_edit(session: Session) -> int:
    """Let the user write; refuse what is wrong, and offer to go on where somebody can answer."""
    from cli.errors import lines as said  # noqa: PLC0415 - only here
    from cli.errors import of_problem  # noqa: PLC0415 - only here
    from config.edit import EditorError, draft_of, edit, problems_of, take  # noqa: PLC0415 - only here
    from config.load import early_language  # noqa: PLC0415 - only here
    from config.sample import sample  # noqa: PLC0415 - only here
    from config.schema import FILE_NAME  # noqa: PLC0415 - only here
    from config.texts.catalogue import Catalogue  # noqa: PLC0415 - only here

    # the file may well be broken: that is what it is opened for
    lang = early_language(session.options, session.places, session.environ)
    words = Catalogue.of(lang)
    draft = draft_of(session.places, lambda: sample(lang, FILE_NAME))
    while True:
        try:
            edit(draft, session.environ)
        except EditorError as error:
            draft.drop()
            raise UsageError(str(error), error.hint) from None
        if not draft.is_changed:
            draft.drop()
            session.say(words.t("config.unchanged"))
            return OK
        problems = problems_of(draft, session.options, session.environ, _platforms(session))
        if not problems:
            take(draft)
            session.say(words.t("config.taken", file=draft.target))
            return OK
        session.streams.err.write("\n".join(said([of_problem(problem) for problem in problems])) + "\n")
        if not _again(session, words.t("config.again")):
            session.say(words.t("config.kept", draft=draft.file, file=draft.target))
            return USAGE


def _platforms(session: Session) -> "Mapping[str, Platform] | None":
    """What names and thresholds are checked against; None where an adapter's file is broken too."""
    from adapters.packages import offers  # noqa: PLC0415 - only here
    from adapters.problems import LocatedError  # noqa: PLC0415 - only here
    from adapters.registry import find_adapters  # noqa: PLC0415 - only here

    try:
        found = find_adapters(session.places.adapters_dir, {}, offers()).adapters
    except LocatedError:
        return None
    return {adapter.id: adapter.platform for adapter in found}


def _again(session: Session, question: str) -> bool:
    """Whether the user wants to go on; nobody is asked without a terminal."""
    if not (sys.stdin.isatty() and session.streams.err.isatty()):
        return False
    session.streams.err.write(f"{question} ")
    session.streams.err.flush()
    return sys.stdin.readline().strip().lower() not in {"n", "no", "q"}
