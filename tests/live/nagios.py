"""A real Nagios as an ordinary process, with a configuration of its own: it runs a few checks and says what it read."""

import getpass
import grp
import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MAIN = """
log_file={home}/nagios.log
cfg_file={home}/objects.cfg
object_cache_file={home}/objects.cache
precached_object_file={home}/objects.precache
status_file={home}/status.dat
status_update_interval=1
nagios_user={user}
nagios_group={group}
check_external_commands=0
command_file={home}/nagios.cmd
lock_file={home}/nagios.pid
temp_file={home}/nagios.tmp
temp_path={home}
check_result_path={home}/results
state_retention_file={home}/retention.dat
query_socket={home}/nagios.qh
interval_length=1
log_rotation_method=n
use_syslog=0
enable_notifications=0
check_for_updates=0
bare_update_check=0
"""
OBJECTS = """
define command {{
 command_name up
 command_line /bin/true
}}
define timeperiod {{
 timeperiod_name always
 alias always
{days}
}}
define contact {{
 contact_name me
 host_notifications_enabled 0
 service_notifications_enabled 0
 host_notification_period always
 service_notification_period always
 host_notification_options n
 service_notification_options n
 host_notification_commands up
 service_notification_commands up
}}
define host {{
 host_name here
 address 127.0.0.1
 check_command up
 max_check_attempts 1
 check_period always
 notification_period always
 contacts me
}}
"""
CHECK = """
define command {{
 command_name {name}
 command_line {home}/{name}.sh
}}
define service {{
 host_name here
 service_description {name}
 check_command {name}
 max_check_attempts 1
 check_interval 3
 retry_interval 3
 check_period always
 notification_period always
 contacts me
}}
"""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SERVICE = re.compile(r"servicestatus \{(.*?)\n\t\}", re.DOTALL)


@dataclass(frozen=True)
class Seen:
    """What Nagios made of a check."""

    state: int
    output: str
    long_output: str
    performance: str


def run(home: Path, checks: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> dict[str, Seen]:
    """Let Nagios run each command line once, then stop it by its process id."""
    (home / "results").mkdir()
    days = "\n".join(f" {day} 00:00-24:00" for day in _DAYS)
    objects = OBJECTS.format(days=days)
    for name, words in checks.items():
        script = home / f"{name}.sh"
        settings = "".join(f"export {key}='{value}'\n" for key, value in environment.items())
        line = " ".join(f"'{word}'" for word in words)
        script.write_text(f"#!/bin/sh\n{settings}exec {line}\n", encoding="utf-8")
        script.chmod(0o755)
        objects += CHECK.format(name=name, home=home)
    (home / "objects.cfg").write_text(objects, encoding="utf-8")
    user, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
    config = home / "nagios.cfg"
    config.write_text(MAIN.format(home=home, user=user, group=group), encoding="utf-8")
    with subprocess.Popen(["nagios4", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            return _wait(home / "status.dat", set(checks))
        finally:
            process.terminate()


def _wait(status: Path, wanted: set[str]) -> dict[str, Seen]:
    for _ in range(600):
        seen = _seen(status.read_text("utf-8")) if status.exists() else {}
        if wanted <= seen.keys():
            return seen
        time.sleep(0.1)
    raise RuntimeError(f"Nagios has not run {wanted} within a minute")


def _seen(text: str) -> dict[str, Seen]:
    found = {}
    for block in _SERVICE.findall(text):
        fields = dict(line.strip().partition("=")[::2] for line in block.splitlines() if "=" in line)
        if fields["has_been_checked"] == "1":
            found[fields["service_description"]] = Seen(
                int(fields["current_state"]),
                fields["plugin_output"],
                fields["long_plugin_output"],
                fields["performance_data"],
            )
    return found
