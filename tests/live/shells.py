"""What a real shell offers to complete a line with, asked of the shell itself."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.cli.program import ROOT, Program

Offer = Callable[[Path, Program, str], list[str]]

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_BASH = """
source "{script}"
COMP_WORDS=({line}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_otosata
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
_ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
drain() {{ local out; while zpty -r -t shell out; do print -rn -- "$out"; done }}
wait_for() {{
  local out all=
  repeat 200; do zpty -r -t shell out && all+=$out; [[ $all = *$1* ]] && return; sleep 0.05; done
}}
zpty -w shell 'PS1=; fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; unsetopt beep
zstyle ":completion:*" list-separator "#"; LISTMAX=0; print READY'
wait_for READY; wait_for READY
zpty -n -w shell $'{line}\\C-d'
sleep 1
drain
zpty -d shell
"""


def _environment(otosata: Program, folder: Path) -> dict[str, str]:
    """`otosata` on the PATH, as installed."""
    command = folder / "bin" / "otosata"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -P -m launch "$@"\n')
    command.chmod(0o755)
    own = {"PATH": f"{command.parent}:{os.environ['PATH']}", "HOME": str(folder), "COLUMNS": "200", "LC_ALL": "C.UTF-8"}
    return {**os.environ, **own, "TERM": "xterm", **otosata.own_environ()}


def _run(words: list[str], otosata: Program, folder: Path) -> str:
    done = subprocess.run(
        words,
        env=_environment(otosata, folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not done.stderr, done.stderr
    return done.stdout


def bash(folder: Path, otosata: Program, line: str) -> list[str]:
    """The function that bash would call, called."""
    script = folder / "completion.bash"
    script.write_text(otosata.done("completion", "bash"))
    words = " ".join(f"'{word}'" for word in line.split(" "))
    return _run(["bash", "--norc", "-u", "-c", _BASH.format(script=script, line=words)], otosata, folder).split()


def fish(folder: Path, otosata: Program, line: str) -> list[str]:
    """fish can be asked: `complete -C`."""
    script = folder / "completion.fish"
    script.write_text(otosata.done("completion", "fish"))
    said = _run(["fish", "--no-config", "-c", f'source "{script}"; complete -C "{line}"'], otosata, folder)
    return [offered.partition("\t")[0] for offered in said.splitlines()]


def zsh(folder: Path, otosata: Program, line: str) -> list[str]:
    """A zsh on a pseudo-terminal lists what it would offer (Ctrl-D)."""
    (folder / "_otosata").write_text(otosata.done("completion", "zsh"))
    said = _run(["zsh", "-f", "-c", _ZSH.format(folder=folder, line=line)], otosata, folder)
    typed = line.split()
    lines = _ESCAPE.sub(" ", said).replace("\r", "\n").split("\n")
    shown = [word for one in lines for word in one.partition("#")[0].split()]
    return [word for word in shown if word not in typed]  # the line itself is echoed


SHELLS: Mapping[str, Offer] = {"bash": bash, "fish": fish, "zsh": zsh}
