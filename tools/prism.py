"""Prism (https://github.com/stoplightio/prism), a mock and proxy of others: one version, installed beside our caches.

It runs on Node, which nobody needs for orderbridge; whoever asks for it without Node is told so.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.serving import free_port, wait_until_served

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION: Final = "5.14.2"
FOLDER: Final = Path(__file__).parent.parent / ".cache" / "bench" / "prism"
PROGRAM: Final = FOLDER / "node_modules" / ".bin" / "prism"


def prism() -> Path | str:
    """Give the program, installed if it is not there, or the reason why there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return "needs Node"
    if not PROGRAM.is_file():
        FOLDER.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--no-audit", "--no-fund", f"@stoplight/prism-cli@{VERSION}"]
        done = subprocess.run(install, cwd=FOLDER, capture_output=True, text=True, check=False)
        if not PROGRAM.is_file():
            return f"cannot be installed: {' '.join(done.stderr.split())[:120]}"
    return PROGRAM


@contextmanager
def proxying(program: Path, document: Path, upstream: str) -> Iterator[str]:
    """Have Prism stand before a server, and give the URL.

    Without `--errors`: with it, a request that Prism refuses never comes to the server, and one violation in the
    answer hides the answer. So the header `sl-violations` of each answer tells everything that Prism minds. Without
    CORS, which Prism would answer for the server.

    Raises:
        NotServedError: it does not start.

    """
    port = free_port()
    log = document.with_suffix(".prism.log")
    command = [str(program), "proxy", str(document), upstream, "-p", str(port), "--cors=false", "--verboseLevel=error"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_until_served("Prism", process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
