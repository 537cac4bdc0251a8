"""Logs: JSON with the request's id in production, one readable line each on one's own machine."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from pydantic import SecretStr

from portal.settings import Settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
# An access key of a person (`portal/accounts/keys.py`), wherever somebody wrote it.
ACCESS_KEY = re.compile(r"tajhiz_[0-9A-Za-z]{20,}")
USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Redaction(logging.Filter):
    """Takes the secrets of this deployment out of every line, wherever they came from."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__()
        self._secrets = sorted((one for one in secrets if len(one) >= 8), key=len, reverse=True)

    def clean(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return ACCESS_KEY.sub("[secret]", text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it always passes."""
        record.msg, record.args = self.clean(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        return True


class Uneventful(logging.Filter):
    """Takes out what arq says every second about sweeps that found nothing to do."""

    NOTHING = re.compile(r"→ [\w.]+\.sweep\(\)$|← [\w.]+\.sweep ● 0$|^recording health")

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line is worth keeping."""
        return record.levelno > logging.INFO or not self.NOTHING.search(record.getMessage())


class JsonLines(logging.Formatter):
    """One JSON object a line, as log collectors want it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identifier := request_id.get():
            line["request_id"] = identifier
        line |= {key: value for key, value in vars(record).items() if key not in USUAL}
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


class ReadableLines(logging.Formatter):
    """Time, level and text, with what was measured behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        extra = {key: value for key, value in vars(record).items() if key not in USUAL}
        tail = "".join(f" {key}={value}" for key, value in extra.items())
        return super().format(record) + tail


def secrets_of(settings: Settings) -> list[str]:
    """Return the values that must never appear in a log, and the passwords inside addresses."""
    values = [getattr(settings, name) for name in type(settings).model_fields]
    found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    passwords = [
        url.split("@")[0].rpartition(":")[2] for url in found if "://" in url and "@" in url
    ]
    return found + passwords


def configure(settings: Settings) -> None:
    """Send every log of this process to standard error; call it once, where the process starts."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Redaction(secrets_of(settings)))
    readable = ReadableLines("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
    handler.setFormatter(readable if settings.is_local else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("arq.worker").addFilter(Uneventful())
    for noisy in ("httpx", "httpx2", "fontTools", "weasyprint"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
