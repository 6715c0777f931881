"""Completion scripts for bash, zsh and fish, made of the grammar that the program itself parses by."""

import shlex
from collections.abc import Callable, Iterator, Mapping

from cli.grammar import CommandGrammar, Word

_DYNAMIC = {"deal": "deals", "platform": "platforms"}
"""What only the running program knows: `otosata completion deals` lists it."""

_BASH = """\
# bash completion for otosata; made by `otosata completion bash`
_otosata_words() {{
  case "$1" in
{words}
  esac
}}
_otosata_value() {{
  case "$1" in
{values}
  esac
}}
_otosata() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} route="" word skip="" kind
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    if [ -n "$skip" ]; then skip=""; continue; fi
    case "$word" in
      -*) [ -z "$(_otosata_value "$route $word")" ] || skip=1 ;;
      *) if [ -n "$(_otosata_words "$route${{route:+ }}$word")" ]; then route="$route${{route:+ }}$word"; fi ;;
    esac
  done
  kind=$(_otosata_value "$route $previous")
  [ -n "$kind" ] || {{ kind=$(_otosata_value "$route"); [ "${{current#-}}" = "$current" ] || kind=""; }}
  COMPREPLY=()
  case "$kind" in
    file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    folder) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    deals | platforms) mapfile -t COMPREPLY < <(compgen -W "$(otosata completion "$kind" 2>/dev/null)" -- "$current") ;;
    "" | any) ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$kind" -- "$current") ;;
  esac
  if [ "$(_otosata_value "$route $previous")" = "" ]; then
    mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W "$(_otosata_words "$route")" -- "$current")
  fi
}}
complete -F _otosata otosata
"""

_ZSH = """\
#compdef otosata
# zsh completion for otosata; made by `otosata completion zsh`
_otosata() {{
  local route="" word skip="" at
  local -a found
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    if [[ -n $skip ]]; then skip=""; continue; fi
    case $word in
      -*) [[ -z ${{_otosata_values[$route $word]}} ]] || skip=1 ;;
      *) at="$route${{route:+ }}$word"; [[ -z ${{_otosata_words[$at]}} ]] || route=$at ;;
    esac
  done
  local of_option=${{_otosata_values[$route ${{words[CURRENT-1]}}]}}
  local kind=${{of_option:-${{_otosata_values[$route]}}}}
  case $kind in
    file) _files ;;
    folder) _files -/ ;;
    deals|platforms) found=(${{(f)"$(otosata completion $kind 2>/dev/null)"}}); compadd -a found ;;
    ""|any) ;;
    *) found=(${{=kind}}); compadd -a found ;;
  esac
  if [[ -z $of_option ]]; then
    found=("${{(@f)_otosata_words[$route]}}")
    _describe otosata found
  fi
}}
typeset -gA _otosata_words _otosata_values
_otosata_words=(
{words}
)
_otosata_values=(
{values}
)
if [[ ${{funcstack[1]}} = _otosata ]]; then _otosata "$@"; else compdef _otosata otosata; fi
"""


def bash(program: CommandGrammar) -> str:
    """For `eval "$(otosata completion bash)"`."""
    words = [f'    {_bash(_path(one))}) printf "%s\\n" {" ".join(_bash(word) for word, _ in _next(one))} ;;'
             for one in program.walk()]  # fmt: skip
    values = [f"    {_bash(key)}) echo {_bash(kind)} ;;" for key, kind in _values(program)]
    return _BASH.format(words="\n".join(words), values="\n".join(values))


def zsh(program: CommandGrammar) -> str:
    """For a file named `_otosata` in a folder of `fpath`."""
    words = [
        f"  {_bash(_path(one))} {_bash(chr(10).join(_described(word, text) for word, text in _next(one)))}"
        for one in program.walk()
    ]
    values = [f"  {_bash(key)} {_bash(kind)}" for key, kind in _values(program)]
    return _ZSH.format(words="\n".join(words), values="\n".join(values))


def fish(program: CommandGrammar) -> str:
    """For a file named `otosata.fish` in fish's `completions` folder."""
    lines = ["# fish completion for otosata; made by `otosata completion fish`", "complete -c otosata -f"]
    for command in program.walk():
        here = _fish_condition(command)
        for below in command.below:
            lines.append(f"complete -c otosata -n {here} -a {below.path[-1]} -d {_fish(below.help)}")
        offered = (_fish_value(word).removeprefix("-x ").removeprefix("-r ") for word in command.places)
        lines += [f"complete -c otosata -n {here} {values}" for values in offered if values]
        for word in command.options:
            if not word.is_global or not command.path:
                where = "" if word.is_global else f" -n {here}"
                lines.append(f"complete -c otosata{where} {_fish_option(word)} -d {_fish(word.help)}")
    return "\n".join(lines) + "\n"


SHELLS: Mapping[str, Callable[[CommandGrammar], str]] = {"bash": bash, "zsh": zsh, "fish": fish}


def _path(command: CommandGrammar) -> str:
    return " ".join(command.path)


def _next(command: CommandGrammar) -> Iterator[tuple[str, str]]:
    """Words that may follow, each with what it does."""
    for below in command.below:
        yield below.path[-1], below.help
    for option in command.options:
        for flag in option.flags:
            yield flag, option.help


def _values(program: CommandGrammar) -> Iterator[tuple[str, str]]:
    """`path option` → what its value is completed with; `path` → the same for its first argument by place."""
    for command in program.walk():
        for option in command.options:
            if option.metavar:
                for flag in option.flags:
                    yield f"{_path(command)} {flag}", _kind(option)
        for place in command.places[:1]:
            yield _path(command), _kind(place)


def _kind(word: Word) -> str:
    return " ".join(word.choices) or _DYNAMIC.get(word.kind, word.kind) or "any"


def _described(word: str, text: str) -> str:
    return f"{word.replace(':', chr(92) + ':')}:{text}" if text else word


def _bash(text: str) -> str:
    return shlex.quote(text)


def _fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _fish_condition(command: CommandGrammar) -> str:
    """Where a command's words may stand: behind it, and before any command below it."""
    if not command.path:
        return "__fish_use_subcommand"
    parts = [f"__fish_seen_subcommand_from {word}" for word in command.path]
    if command.below:
        below = " ".join(one.path[-1] for one in command.below)
        parts.append(f"not __fish_seen_subcommand_from {below}")
    return _fish("; and ".join(parts))


def _fish_option(word: Word) -> str:
    flags = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in word.flags)
    return f"{flags} {_fish_value(word) or '-x'}" if word.metavar else flags


def _fish_value(word: Word) -> str:
    """`-x`: a value must follow, and it is no file; `-r -F`: it is one. Empty where nothing can be offered."""
    if word.choices:
        return f"-x -a {_fish(' '.join(word.choices))}"
    if word.kind in _DYNAMIC:
        return f"-x -a '(otosata completion {_DYNAMIC[word.kind]} 2>/dev/null)'"
    return {"file": "-r -F", "folder": "-x -a '(__fish_complete_directories)'"}.get(word.kind, "")
