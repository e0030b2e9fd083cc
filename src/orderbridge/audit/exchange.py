"""One entry of a HAR file to the exchange that it records, whatever program wrote it.

Browsers, proxies and test tools agree on the members of a HAR and on little else: HTTP/2 pseudo headers stand among
the headers or not, the query stands in the URL or beside it, bodies are text, base64, parameters, or missing.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from orderbridge.problem import Problem
from orderbridge.validation import show

if TYPE_CHECKING:
    from collections.abc import Iterator

_GZIP: Final = b"\x1f\x8b"
_NO_STATUS: Final = 0
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Field:
    """One header as it was recorded, its name in lower case; `pointer` leads to its value in the HAR."""

    name: str
    value: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Payload:
    """A body: its bytes, or why they were not recorded.

    `text` is what the HAR holds where that is the body itself and not an encoding of it; `pointer` leads there.
    """

    pointer: str
    media_type: str
    media_pointer: str
    data: bytes | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    unrecorded: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request: the URL in its parts, percent-encoded as recorded, the headers and the body."""

    pointer: str
    method: str
    scheme: str
    host: str
    path: str
    query: str
    headers: tuple[Field, ...]
    payload: Payload


@dataclass(frozen=True, slots=True)
class Response:
    """A response."""

    pointer: str
    status: int
    headers: tuple[Field, ...]
    payload: Payload


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what was answered; without a response it was cut off, or answered by nobody."""

    request: Request
    response: Response | None


def read_exchange(raw: Any, where: str) -> tuple[Exchange | None, tuple[Problem, ...]]:
    """Read one entry; `where` is its pointer in the HAR.

    What is not as the HAR format has it is a problem, and then there is no exchange. Nothing is raised.
    """
    form = _Form()
    entry = form.object(raw, where)
    request = _request(form, form.member(entry, "request", where), f"{where}/request")
    response = _response(form, form.member(entry, "response", where), f"{where}/response")
    if form.problems:
        return None, tuple(form.problems)
    return Exchange(request, response if response.status != _NO_STATUS else None), ()


def header(fields: tuple[Field, ...], name: str) -> Field | None:
    """Find the first header of a name."""
    return next((each for each in fields if each.name == name), None)


class _Form:
    """Reads members, and keeps what is not of the form that it should have."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, where: str, wanted: str, value: Any) -> None:
        actual = show.type_of(value) if type(value) in _JSON else "nothing"
        message = f"this is {actual}; the HAR format wants {wanted}"
        fix = "record it again, or take the entry out"
        self.problems.append(Problem("har-malformed", message, where, expected=wanted, actual=actual, fix=fix))

    def object(self, value: Any, where: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.refuse(where, "an object", value)
        return {}

    def member(self, holder: dict[str, Any], name: str, where: str) -> Any:
        if name in holder:
            return holder[name]
        if holder:
            message = f"{show.name(name)} is missing"
            self.problems.append(Problem("har-malformed", message, where, expected=show.name(name)))
        return {}

    def text(self, holder: dict[str, Any], name: str, where: str, default: str | None = None) -> str:
        value = holder.get(name, default)
        if isinstance(value, str):
            return value
        if value is None and default is not None:
            return default
        if holder:
            self.refuse(f"{where}/{name}" if name in holder else where, f"a string {show.name(name)}", value)
        return ""

    def rows(self, holder: dict[str, Any], name: str, where: str) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield the objects of a list; what is not there is empty, and some programs write null for that."""
        rows = holder.get(name)
        if rows is None:
            return
        if not isinstance(rows, list):
            self.refuse(f"{where}/{name}", "an array", rows)
            return
        for index, row in enumerate(rows):
            yield self.object(row, f"{where}/{name}/{index}"), f"{where}/{name}/{index}"


_JSON: Final = frozenset({bool, str, int, float, dict, list, type(None)})


def _request(form: _Form, raw: Any, where: str) -> Request:
    request = form.object(raw, where)
    method = form.text(request, "method", where).upper()
    scheme, host, path, query = _url(form, request, where)
    fields = tuple(_headers(form, request, where))
    if header(fields, "cookie") is None:
        fields = (*fields, *_cookies(form, request, where))
    payload = _posted(form, request, fields, where)
    return Request(where, method, scheme, host, path, query, fields, payload)


def _url(form: _Form, request: dict[str, Any], where: str) -> tuple[str, str, str, str]:
    url = form.text(request, "url", where)
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        form.refuse(f"{where}/url", "a URL", url)
        return "", "", "", ""
    if "?" in url:
        return scheme, host, parts.path or "/", parts.query
    pairs = [
        (form.text(row, "name", at), form.text(row, "value", at, ""))
        for row, at in form.rows(request, "queryString", where)
    ]
    return scheme, host, parts.path or "/", "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)


def _encoded(text: str) -> str:
    """Encode what is not: the format does not say whether a name or value of a query is."""
    return quote_plus(text, safe="%+")


def _headers(form: _Form, holder: dict[str, Any], where: str) -> Iterator[Field]:
    for row, at in form.rows(holder, "headers", where):
        name = form.text(row, "name", at).strip().lower()
        value = form.text(row, "value", at, "")
        if name and not name.startswith(":"):  # HTTP/2 and 3 write method, path and status as pseudo headers
            yield Field(name, value, f"{at}/value")


def _cookies(form: _Form, request: dict[str, Any], where: str) -> Iterator[Field]:
    """Yield the header that the list of cookies stands for, where the program wrote only that."""
    pairs = [
        f"{form.text(row, 'name', at)}={form.text(row, 'value', at, '')}"
        for row, at in form.rows(request, "cookies", where)
    ]
    if pairs:
        yield Field("cookie", "; ".join(pairs), f"{where}/cookies")


def _posted(form: _Form, request: dict[str, Any], fields: tuple[Field, ...], where: str) -> Payload:
    raw = request.get("postData")
    at = f"{where}/postData"
    posted = form.object(raw, at) if raw is not None else {}
    media, media_at = _media_type(fields, form.text(posted, "mimeType", at, ""), f"{at}/mimeType")
    if raw is None:
        unrecorded = "missing" if _size(request.get("bodySize")) > 0 or _announced(fields) > 0 else None
        return Payload(where, media, media_at, None if unrecorded else b"", unrecorded=unrecorded)
    params = [
        (form.text(row, "name", row_at), form.text(row, "value", row_at, ""))
        for row, row_at in form.rows(posted, "params", at)
    ]
    text = form.text(posted, "text", at, "")
    if text or not params:
        # Not in the format, but the only way in which a program can keep bytes that are no text.
        return _payload(form, posted, text, (f"{at}/text" if "text" in posted else at, media, media_at), fields)
    if media.partition(";")[0].strip().lower() == _FORM:
        return Payload(f"{at}/params", media, media_at, urlencode(params).encode())
    return Payload(f"{at}/params", media, media_at, unrecorded="in parts")


def _response(form: _Form, raw: Any, where: str) -> Response:
    response = form.object(raw, where)
    status = _size(response.get("status", _NO_STATUS), otherwise=None)
    if status is None:
        form.refuse(f"{where}/status", "a number", response.get("status"))
    fields = tuple(_headers(form, response, where))
    at = f"{where}/content"
    raw_content = response.get("content")
    content = form.object(raw_content, at) if raw_content is not None else {}
    media, media_at = _media_type(fields, form.text(content, "mimeType", at, ""), f"{at}/mimeType")
    there = (f"{at}/text", media, media_at)
    if not isinstance(content.get("text"), str):
        form.text(content, "text", at, "")
        is_empty = content.get("size") == 0 and response.get("bodySize") == 0
        known = Payload(where, media, media_at, b"") if is_empty else None
        return Response(where, status or 0, fields, known or Payload(where, media, media_at, unrecorded="missing"))
    return Response(where, status or 0, fields, _payload(form, content, content["text"], there, fields))


def _payload(
    form: _Form, holder: dict[str, Any], text: str, there: tuple[str, str, str], fields: tuple[Field, ...]
) -> Payload:
    where, media, media_at = there
    encoding = form.text(holder, "encoding", where.rpartition("/")[0], "").lower()
    if encoding and encoding != "base64":
        return Payload(where, media, media_at, unrecorded="encoded")
    data, plain = text.encode(), text if not encoding else None
    if encoding:
        try:
            data = b64decode(text, validate=False)
        except (ValueError, binascii.Error):
            form.refuse(where, "base64 text", text)
            return Payload(where, media, media_at)
    coding = header(fields, "content-encoding")
    if encoding and coding is not None and (data.startswith(_GZIP) or coding.value.strip().lower() in {"br", "zstd"}):
        return Payload(where, media, media_at, unrecorded="compressed")
    if _size(holder.get("size")) > len(data) > 0:
        return Payload(where, media, media_at, unrecorded="cut")
    return Payload(where, media, media_at, data, plain)


def _media_type(fields: tuple[Field, ...], fallback: str, where: str) -> tuple[str, str]:
    said = header(fields, "content-type")
    return (said.value, said.pointer) if said is not None else (fallback, where)


def _size(value: Any, otherwise: Any = 0) -> Any:
    """Read a count; -1 is how the format says that it is not known, and some programs write null."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1 << 53:
        return int(value)
    return otherwise


def _announced(fields: tuple[Field, ...]) -> int:
    said = header(fields, "content-length")
    return int(said.value) if said is not None and said.value.isascii() and said.value.isdigit() else 0
