"""JSON and XML as streams of records, each a plain nested dictionary."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from catalog.importers.lines import chunks, decoded, lines, utf8_chunks
from catalog.importers.reasons import FileRefused, Reason, Refusal
from portal.web.i18n import lazy

LONGEST_RECORD = 1 << 20
MOST_HELD = 1 << 22
DEEPEST = 40
BY_LINE = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
Found = tuple[int, dict[str, Any]]
_LIST = re.compile(r'^\s*\[|"(?:results|content|devices|items|data)"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def json_records(stream: BinaryIO, name: str) -> Iterator[Found | Refusal]:
    """Yield the records of an NDJSON file, a JSON array, or the array inside an API's answer.

    Raises:
        FileRefused: there is no array of records in it.
    """
    source = utf8_chunks(stream, name)
    start = next(source, b"")
    while b"\n" not in start and len(start) < LONGEST_RECORD and (more := next(source, b"")):
        start += more
    first = start.lstrip().partition(b"\n")[0].strip()
    is_record = first.startswith(b"{") and _is_json(first) and not _LIST.search(decoded(first))
    if is_record or name.lower().endswith(BY_LINE):
        yield from _by_line(_Rejoined(start, source), name)
    else:
        yield from _by_array(start, source, name)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


class _Rejoined:
    """The chunks that were looked at, as a stream again."""

    def __init__(self, start: bytes, source: Iterator[bytes]) -> None:
        self.start, self.source = start, source

    def read(self, size: int = -1) -> bytes:
        data, self.start = self.start, b""
        return data or next(self.source, b"")


def _by_line(stream: Any, name: str) -> Iterator[Found | Refusal]:
    for line in lines(stream, name):
        if line.text is None:
            yield Refusal(line.number, Reason.TOO_LONG)
        elif line.text.strip():
            yield _record(line.number, line.text)


def _record(number: int, words: str) -> Found | Refusal:
    try:
        value = json.loads(words)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return number, value
    return Refusal(number, Reason.NOT_A_RECORD, value=words[:200])


def _by_array(start: bytes, source: Iterator[bytes], name: str) -> Iterator[Found | Refusal]:
    held = decoded(start)
    found = _LIST.search(held)
    while found is None and len(held) < LONGEST_RECORD and (more := next(source, b"")):
        held += decoded(more)
        found = _LIST.search(held)
    if found is None:
        raise FileRefused(lazy("%(name)s holds no list of JSON records."), name=name)
    yield from _elements(held[found.end() :], _text(source), name)


def _text(source: Iterator[bytes]) -> Iterator[str]:
    """Decode chunks whose borders may cut a character."""
    rest = b""
    for data in source:
        data = rest + data
        cut = max((i for i in range(1, 5) if data[-i:][:1] >= b"\xc0"), default=0)
        rest = data[len(data) - cut :] if cut and not _complete(data[-cut:]) else b""
        yield decoded(data[: len(data) - len(rest)])
    if rest:
        yield decoded(rest)


def _complete(character: bytes) -> bool:
    try:
        character.decode()
    except UnicodeDecodeError:
        return False
    return True


def _elements(held: str, source: Iterator[str], name: str) -> Iterator[Found | Refusal]:
    number = 1
    while True:
        held = held[_GAP.match(held).end() :]  # type: ignore[union-attr]
        if held.startswith("]"):
            return
        try:
            value, end = _DECODER.raw_decode(held) if held else (None, 0)
        except (json.JSONDecodeError, RecursionError):
            end = 0
        # A number at the very end may go on in the next bytes; records are objects, so only "}".
        if end and (isinstance(value, dict) or end < len(held)):
            yield (
                (number, value) if isinstance(value, dict) else Refusal(number, Reason.NOT_A_RECORD)
            )
            held, number = held[end:], number + 1
            continue
        more = next(source, "")
        if not more or len(held) > LONGEST_RECORD:
            yield Refusal(number, Reason.NOT_A_RECORD, value=held[:200])
            return
        held += more


def xml_records(stream: BinaryIO, name: str, tag: str) -> Iterator[Found | Refusal]:
    """Yield every element called ``tag`` as nested dictionaries; repeated children become lists.

    What stood before the damage of a broken file is yielded; the damage is one refusal.

    Raises:
        FileRefused: the file declares entities (an attack), or holds no such element.
    """
    builder = _Builder(tag)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    fed = 0
    try:
        for data in chunks(stream, name):
            parser.Parse(data, False)
            fed += len(data)
            yield from builder.taken()
            if fed - parser.CurrentByteIndex > MOST_HELD:  # one tag that never ends
                yield Refusal(builder.count + 1, Reason.TOO_LONG)
                return
        parser.Parse(b"", True)
        yield from builder.taken()
    except expat.ExpatError as error:
        yield from builder.taken()
        yield Refusal(builder.count + 1, Reason.NOT_A_RECORD, value=str(error))
    if not builder.count:
        raise FileRefused(
            lazy("%(name)s holds no element <%(tag)s>: is it the right file?"), name=name, tag=tag
        )


def _refuse_doctype(*declared: object) -> None:
    raise FileRefused(lazy("The XML declares entities; such a file is not opened."))


class _Builder:
    """Turns expat's events into dictionaries, one per wanted element."""

    def __init__(self, tag: str) -> None:
        self.tag, self.count, self.size = tag, 0, 0
        self.stack: list[dict[str, Any]] = []
        self.words: list[str] = []
        self.ready: list[Found | Refusal] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self.stack:
            self.stack.append(dict(attributes) if len(self.stack) < DEEPEST else {})
        elif name == self.tag:
            self.stack.append({})
            self.size = 0
        self.words.clear()

    def characters(self, words: str) -> None:
        if self.stack:
            self.size += len(words)
            if self.size <= LONGEST_RECORD:
                self.words.append(words)

    def end(self, name: str) -> None:
        if not self.stack:
            return
        element = self.stack.pop()
        name = name.rpartition(":")[2]
        words = "".join(self.words).strip()
        self.words.clear()
        if not self.stack:
            self.count += 1
            too_long = self.size > LONGEST_RECORD
            self.ready.append(
                Refusal(self.count, Reason.TOO_LONG) if too_long else (self.count, element)
            )
        else:
            _put(self.stack[-1], name, _leaf(element, words))

    def taken(self) -> list[Found | Refusal]:
        ready, self.ready = self.ready, []
        return ready


def _leaf(element: dict[str, Any], words: str) -> Any:
    children = any(isinstance(value, dict | list) for value in element.values())
    if words and not children:
        return words if not element else {**element, "value": element.get("value", words)}
    element.pop("xsi:nil", None)
    return element or ""


def _put(parent: dict[str, Any], name: str, value: Any) -> None:
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]
