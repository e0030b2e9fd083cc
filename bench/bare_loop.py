"""The loop that one would write without orderbridge; a program of its own that imports nothing of ours.

Arguments: an NDJSON file and a JSON Schema. Prints how many lines are invalid, and the seconds of the loop alone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

import jsonschema_rs
import orjson

lines, schema = map(Path, sys.argv[1:])
validator = jsonschema_rs.Draft202012Validator(orjson.loads(schema.read_bytes()), validate_formats=True, offline=True)
started = perf_counter()
is_valid, loads = validator.is_valid, orjson.loads
invalid = 0
with lines.open("rb") as stream:
    for line in stream:
        if not is_valid(loads(line)):
            invalid += 1
print(invalid, perf_counter() - started)
