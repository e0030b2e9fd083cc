"""`make models`: write the prepared form of every built-in contract, or with `--check` tell which is out of date."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from orderbridge.contract import prepared
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.loading import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def wanted() -> Iterator[tuple[Path, bytes]]:
    """Give each file and what should be in it, made from the documents as they are."""
    for entry in catalogue().entries.values():
        file = prepared.file_of(entry.document)
        if file is not None:
            yield file, prepared.write(load(entry.document, entry.name))


def main(*, check: bool) -> int:
    """Write all files; or write none and say which differ: 1 if any does."""
    stale = [(file, data) for file, data in wanted() if not file.is_file() or file.read_bytes() != data]
    for file, data in stale:
        if check:
            print(f"{file} is not up to date: make models")
        else:
            file.write_bytes(data)
            print(f"written {file}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(check=sys.argv[1:] == ["--check"]))
