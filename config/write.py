"""What the program writes: config.toml once, with comments; settings.toml whenever something is set, atomically."""

import os
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from adapters.tables import Data
from config import layers
from config.keys import ACCOUNTS, find
from config.layers import PLATFORMS, RULES
from config.load import Loaded, early_language, load
from config.moved import moved
from config.places import Options, Places, find_places
from config.problems import Collector, ConfigError, Origin
from config.sample import sample
from config.texts.catalogue import Catalogue
from otosata.deals.platform import Platform

Document = dict[str, object]


class AlreadyThereError(Exception):
    """config.toml exists; it belongs to the user and is not overwritten."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self.file = file


class NotWritableError(Exception):
    """A file of the configuration could not be written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


def create_config(places: Places, lang: str, schema: str = "") -> Path:
    """Write config.toml with every key, commented. Raises AlreadyThereError, NotWritableError.

    `schema`: the name of the schema that its first line points editors to.
    """
    file = places.config_file
    try:
        _make_folder(file.parent)
    except OSError as error:
        raise NotWritableError(file, error.strerror or str(error)) from error
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AlreadyThereError(file) from None
    except OSError as error:
        raise NotWritableError(file, error.strerror or str(error)) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(sample(lang, schema))
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        file.unlink(missing_ok=True)  # ours, and half of it would only look like a configuration
        raise NotWritableError(file, error.strerror or str(error)) from error
    return file


def write_schema(places: Places, platforms: Mapping[str, Platform], lang: str) -> Path:
    """Put the schema beside config.toml, whatever stood there: it is ours. NotWritableError."""
    import json  # noqa: PLC0415 - only here

    from config.schema import FILE_NAME, schema  # noqa: PLC0415 - only here

    file = places.config_file.with_name(FILE_NAME)
    replace_file(file, json.dumps(schema(platforms, lang), ensure_ascii=False, indent=1) + "\n")
    return file


class SettingsWriter:
    """Changes settings.toml. Every change is tried out before it replaces the file."""

    def __init__(
        self, options: Options, environ: Mapping[str, str] = os.environ, platforms: Mapping[str, Platform] | None = None
    ) -> None:
        self._options, self._environ, self._platforms = options, environ, platforms
        self._places = find_places(options, environ)
        self._catalogue = Catalogue.of(early_language(options, self._places, environ))

    def set(self, key: str, text: str) -> Loaded:
        """Set a key (`calendar.country`, `accounts.main.host`); `text` in TOML, a bare word is a string.

        Raises ConfigError where the result would not be a valid configuration, NotWritableError.
        """
        return self.set_all(((key, text),))

    def set_all(self, pairs: Iterable[tuple[str, str]]) -> Loaded:
        """Set several keys at once, all or none. Raises as `set`."""
        pairs = tuple(pairs)
        problems = Collector(self._catalogue)
        layers.read_options(pairs, problems)
        _refuse(problems)
        with self._alone():
            document = self._document()
            for key, text in pairs:
                path = layers.split_key(key)
                value = layers.parse_text(text, find(path))
                if old := moved(path):
                    path, value = old.new, old.convert(value)
                _put(document, path, value)
            return self._replace(document)

    def unset(self, key: str) -> bool:
        """Take back what was set; False where settings.toml says nothing about the key. Raises as `set`."""
        with self._alone():
            document, path = self._document(), layers.split_key(key)
            old = moved(path)
            if not (_take(document, path) or (old is not None and _take(document, old.new))):
                return False
            self._replace(document)
            return True

    def with_account(self, account: Mapping[str, object]) -> Loaded:
        """What the configuration would be with this account in it; nothing is written. Raises as `set`."""
        return self._tried(self._added(account))[0]

    def add_account(self, account: Mapping[str, object]) -> Loaded:
        """Add `[[accounts]]`; keys and values as in TOML, `name` among them. Raises as `set`."""
        with self._alone():
            return self._replace(self._added(account))

    def _added(self, account: Mapping[str, object]) -> Document:
        name, document = str(account.get("name", "")), self._document()
        present = load(self._options, self._environ, self._platforms).settings.account(name)
        if present is not None:
            problems = Collector(self._catalogue)
            problems.add("account_exists", Origin("option", name=name), ACCOUNTS, name=name)
            _refuse(problems)
        _accounts(document).append(dict(account))
        return document

    def remove_account(self, name: str) -> bool:
        """Remove an account that the program added; False where settings.toml does not have it. Raises as `set`."""
        with self._alone():
            document = self._document()
            accounts = _accounts(document)
            kept = [account for account in accounts if account.get("name") != name]
            if len(kept) == len(accounts):
                return False
            accounts[:] = kept
            self._replace(document)
            return True

    def change_rules(self, platform: str, change: Callable[[Mapping[str, Data]], dict[str, Data]]) -> Loaded:
        """Replace the rules about a platform's mail that were taught, in their order. Raises as `set`.

        `change`: from the taught rules that are there now to those that shall be.
        """
        with self._alone():
            document = self._document()
            table = _below(_below(document, PLATFORMS), platform)
            rules = _below(table, RULES)
            taught = {
                name: rule for name, rule in rules.items() if isinstance(rule, dict) and name.startswith("taught-")
            }
            others = {name: rule for name, rule in rules.items() if name not in taught}
            table[RULES] = {**change(taught), **others}
            return self._replace(document)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, where the system can: of two that read, change and replace, one would be lost."""
        handle = None
        if os.name == "posix":
            import fcntl  # noqa: PLC0415 - not there elsewhere

            with suppress(OSError):  # no folder yet, or a share that cannot lock: as good as it gets
                handle = os.open(self._places.settings_file.resolve().parent, os.O_RDONLY)
                fcntl.flock(handle, fcntl.LOCK_EX)
                self._sweep()
        try:
            yield
        finally:
            if handle is not None:
                os.close(handle)

    def _sweep(self) -> None:
        """Take away what a writer left behind that was killed; nobody else is writing now."""
        file = self._places.settings_file.resolve()
        for leftover in file.parent.glob(f".{file.name}.*"):
            leftover.unlink(missing_ok=True)

    def _document(self) -> Document:
        """What settings.toml says now. A broken file is an error, not something to write over."""
        file = self._places.settings_file
        problems = Collector(self._catalogue)
        layers.read_file(file, "settings", problems)
        _refuse(problems)
        return tomllib.loads(file.read_text("utf-8-sig")) if file.exists() else {}

    def _replace(self, document: Document) -> Loaded:
        loaded, text = self._tried(document)
        replace_file(self._places.settings_file, text)
        return loaded

    def _tried(self, document: Document) -> tuple[Loaded, str]:
        """The configuration with that in settings.toml's place, and its text."""
        import tomli_w  # noqa: PLC0415 - only changes need it

        text = self._catalogue.t("config.settings_head") + "\n" + tomli_w.dumps(_pruned(document))
        return load(self._options, self._environ, self._platforms, settings_text=text), text


def replace_file(file: Path, text: str | bytes) -> None:
    """Write a file of ours so that a crash leaves either the old or the new one. Raises NotWritableError."""
    target = file.resolve()  # a link to a folder of dot files stays a link
    try:
        _make_folder(target.parent)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # 0600
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(text.encode() if isinstance(text, str) else text)
                out.flush()
                os.fsync(out.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise NotWritableError(file, error.strerror or str(error)) from error


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # folders cannot be opened elsewhere
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _refuse(problems: Collector) -> None:
    if problems.problems:
        raise ConfigError(problems.problems)


def _accounts(document: Document) -> list[Document]:
    found = document.setdefault(ACCOUNTS, [])
    if not isinstance(found, list):
        raise TypeError("accounts was checked to be a list")
    return found


def _put(document: Document, path: tuple[str, ...], value: object) -> None:
    if path[0] == ACCOUNTS and len(path) > 1:
        accounts = _accounts(document)
        named = next((account for account in accounts if account.get("name") == path[1]), None)
        if named is None:
            named = {"name": path[1]}
            accounts.append(named)
        document, path = named, path[2:]
    for part in path[:-1]:
        below = document.setdefault(part, {})
        if not isinstance(below, dict):
            raise TypeError(f"{part} was checked to be a table")
        document = below
    document[path[-1]] = value


def _below(document: Document, name: str) -> Document:
    found = document.setdefault(name, {})
    if not isinstance(found, dict):
        raise TypeError(f"{name} was checked to be a table")
    return found


def _take(document: Document, path: tuple[str, ...]) -> bool:
    node: object = document
    for place, part in enumerate(path[:-1]):
        if place == 1 and path[0] == ACCOUNTS and isinstance(node, list):
            node = next((account for account in node if account.get("name") == part), None)
        elif isinstance(node, dict):
            node = node.get(part)
    if not isinstance(node, dict) or path[-1] not in node:
        return False
    del node[path[-1]]
    return True


def _pruned(document: Document) -> Document:
    """Without the tables that have become empty."""
    kept: Document = {}
    for key, value in document.items():
        below = _pruned(value) if isinstance(value, dict) else value
        if below != {} and (key, below) != (ACCOUNTS, []):
            kept[key] = below
    return kept
