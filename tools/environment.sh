# Sourced by ./try and ./test: makes an environment of its own under .cache/ and fills it from a lock file.
# Needs sh and Python 3.11 or later; neither pip nor python3-venv nor root. Sets $python. $root must be set.

environment=$root/.cache/environment
python=$environment/bin/python

# What the user's shell or pip settings say about other Pythons must not leak in; where the packages come from stays theirs.
unset PYTHONHOME PYTHONPATH
export PYTHONNOUSERSITE=1 PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "otosata: $*"
  exit 3
}

find_python() {
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# Debian takes ensurepip out of its Python, so `python3 -m venv` fails until python3-venv is installed. The pip that
# belongs to that package can be had without root: fetched and checked by apt, unpacked here, nothing installed.
pip_from_debian() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  here=$root/.cache/debian
  rm -rf "$here"
  mkdir -p "$here/lists/partial" "$here/cache/archives/partial" "$here/unpacked"
  apt="apt-get -q -o Dir::State::lists=$here/lists -o Dir::Cache=$here/cache -o Debug::NoLocking=1 -o APT::Sandbox::User="
  $apt update >"$here/log" 2>&1 || return 1
  (cd "$here" && $apt download python3-pip-whl >>log 2>&1 && dpkg-deb -x python3-pip-whl_*.deb unpacked) || return 1
  set -- "$here"/unpacked/usr/share/python-wheels/pip-*.whl
  [ -f "$1" ] || return 1
  "$python" "$1/pip" install -q --no-index --no-deps "$1" || return 1
  rm -rf "$here"
}

make_environment() {
  rm -rf "$environment"
  mkdir -p "$root/.cache"
  "$1" -m venv "$environment" >/dev/null 2>&1 && "$python" -m pip --version >/dev/null 2>&1 && return
  say "This Python comes without pip (Debian: python3-venv is missing); fetching pip for this folder alone."
  rm -rf "$environment"
  "$1" -m venv --without-pip "$environment" || stop "cannot make a Python environment in $environment."
  pip_from_debian || "$1" -m pip --python "$python" install -q pip || {
    rm -rf "$environment"
    stop "this Python has no pip, and none could be fetched ($root/.cache/debian/log says why)." \
      "Install it, then run this again: apt-get install python3-venv"
  }
}

# prepare LOCK: afterwards $python has the packages of LOCK, in its versions. Takes no time when nothing changed.
prepare() {
  base=$(find_python) || stop "needs Python 3.11 or later; none was found. Set PYTHON=/path/to/python3 if it is elsewhere."
  version=$("$base" -c 'import sys; print(sys.version, sys.base_prefix)')
  [ "$(cat "$environment/base" 2>/dev/null)" = "$version" ] && "$python" -c '' 2>/dev/null || {
    make_environment "$base"
    printf '%s\n' "$version" >"$environment/base"
  }
  wanted=$(cksum <"$root/$1")
  [ "$(cat "$environment/$1.done" 2>/dev/null)" = "$wanted" ] && return
  say "Setting up (only the first time, or when $1 changed) …"
  "$python" -m pip install -qq --require-hashes --only-binary=:all: -r "$root/$1" ||
    stop "the packages in $1 could not be installed; pip says above why. It is safe to run this again."
  printf '%s\n' "$wanted" >"$environment/$1.done"
}
