"""Putting a pack together, and its parts by name. Pure but for the versions of what computed it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from telemetry_ingest import protocol as protocols
from telemetry_ingest.evidence import sealed, signing
from telemetry_ingest.evidence.figures import figures
from telemetry_ingest.evidence.judging import judged, overall
from telemetry_ingest.evidence.observed import Unit, Window
from telemetry_ingest.evidence.readings import Readings
from telemetry_ingest.protocol import Protocol

SECTIONS = (
    "pilot", "protocol", "window", "devices", "readings", "figures", "judgements", "engine",
)  # fmt: skip
METHODS = {
    "availability": "mixture of Kaplan-Wald martingales by day (Waudby-Smith & Ramdas 2024)",
    "mtbf": "chi-square, time-censored (MIL-HDBK-781A); what was not heard is a failure",
    "mttr": "chi-square (Epstein 1960); silence counts as repair",
    "alarm_rate": "exact Poisson (Garwood 1936); lost messages count as alarms",
    "drift": "Theil-Sen slope of daily medians, exact ranks (Sen 1968)",
    "agreement": "Bland-Altman 2007 by day, MOVER bounds (Zou 2013)",
    "readings": "Merkle tree of RFC 6962 over device,metric,at,boot,seq,value",
}


@dataclass(frozen=True)
class Pack:
    """A pack as it is written: ``data`` is the whole JSON document."""

    data: dict[str, Any]

    @property
    def head(self) -> str:
        """Return the digest that stands for all of it."""
        return str(self.data["head"])

    @property
    def sections(self) -> dict[str, Any]:
        """Return the contents by name."""
        return {one["name"]: one["content"] for one in self.data["sections"]}

    @property
    def protocol(self) -> Protocol:
        """Return the protocol.

        Raises:
            ProtocolRefused: it is none.
        """
        return protocols.read(self.sections["protocol"]["content"])

    def written(self) -> bytes:
        """Return the file: canonical JSON."""
        return sealed.canonical(self.data)


class Contents(msgspec.Struct, frozen=True):
    """What a pack is made from: who and where, the agreement, the window, the devices."""

    pilot: Mapping[str, str | int]
    protocol: Protocol
    window: Window
    units: tuple[Unit, ...]


def made(contents: Contents, readings: Readings, private: bytes) -> Pack:
    """Compute, judge, chain and sign."""
    sections = computed(contents, readings) | {"engine": engine()}
    chain, head = sealed.chained({name: sections[name] for name in SECTIONS})
    return Pack(
        {
            "format": sealed.FORMAT,
            "sections": chain,
            "head": head,
            "signature": signing.signature(private, head),
        }
    )


def computed(contents: Contents, readings: Readings) -> dict[str, Any]:
    """Return all sections that follow from the contents and the readings."""
    series = readings.series()
    found = figures(contents.protocol, contents.window, contents.units, series)
    judgements = judged(contents.protocol, found)
    return {
        "pilot": dict(contents.pilot),
        "protocol": {
            "digest": protocols.digest(contents.protocol),
            # As a text: its digest is of these bytes, and a pack holds no floating point.
            "content": protocol_content(contents.protocol),
        },
        "window": msgspec.to_builtins(contents.window),
        "devices": msgspec.to_builtins(contents.units),
        "readings": {
            "count": readings.tree.count,
            "root": readings.tree.root,
            "series": [
                {"device": device, "metric": metric, "count": len(one.at)}
                for (device, metric), one in sorted(series.items())
            ],
            "days": [[*day, *counted] for day, counted in sorted(readings.days().items())],
        },
        "figures": found,
        "judgements": {
            "all": msgspec.to_builtins(judgements),
            "overall": overall(judgements),
        },
    }


def protocol_content(protocol: Protocol) -> str:
    """Return the canonical JSON that the digest of the protocol is of, as a text."""
    return protocols.written(protocol).decode()


def engine() -> dict[str, Any]:
    """Return what computed the figures, and how."""
    return {
        "methods": METHODS,
        "versions": {"python": platform.python_version()}
        | {name: _version(name) for name in ("tajhiz", "numpy", "scipy")},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
