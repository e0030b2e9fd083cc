"""Runs a command and prints its exit code and its peak resident memory in KiB; a program of its own, kept small."""

from __future__ import annotations

import os
import sys

command = sys.argv[1:]
silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawn(command[0], command, os.environ, file_actions=silence)
_, status, usage = os.wait4(process, 0)
# Linux counts in KiB, macOS in bytes.
size = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
print(os.waitstatus_to_exitcode(status), size)
