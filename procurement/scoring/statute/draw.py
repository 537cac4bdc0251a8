"""The drawing of lots among the tied: committed to before the opening, repeatable by anyone.

Who checks it needs no program of ours. The seed is bound by `printf '%s' "$SEED" | sha256sum`,
which must print the published commitment. Each tied bid draws the number that
`printf '%s' "$SEED|$LOT|$BID" | sha256sum` prints, and the lowest number goes first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from procurement.scoring.draw import drawn
from procurement.scoring.errors import DrawNotCommitted
from procurement.scoring.outcome import Line, Values
from procurement.scoring.statute.contest import Entry
from procurement.scoring.statute.versions import RuleVersion

SHORT_SEED = 32


@dataclass(frozen=True, slots=True)
class Drawing:
    """The seed revealed after the opening, if it was, and what bound it before."""

    seed: str | None
    commitment: str | None

    def check(self) -> None:
        """Refuse a seed that nothing bound, or that is not the bound one.

        Raises:
            DrawNotCommitted: no commitment was published.
            DrawMismatch: the seed is another one.
        """
        if self.seed is None:
            return
        if self.commitment is None:
            raise DrawNotCommitted("dossier.seed", rule="art. 43-II-2")
        drawn(self.seed, self.commitment, "", ())

    def order(self, lot: str, tied: tuple[Entry, ...]) -> tuple[Entry, ...] | None:
        """Return the tied in the order they were drawn; None while the seed is not known."""
        if self.seed is None or self.commitment is None:
            return None
        by_name = {entry.id: entry for entry in tied}
        return tuple(by_name[bid] for bid in drawn(self.seed, self.commitment, lot, list(by_name)))

    def lines(self, lot: str, tied: tuple[Entry, ...], rules: RuleVersion) -> list[Line]:
        """Say the number that each tied bid drew, in the order drawn."""
        return [
            Line(
                code="statute.drawn",
                subject=entry.id,
                values={"lot": lot, "number": number(self.seed or "", lot, entry.id)},
                rule=rules.draw.cited,
            )
            for entry in tied
        ]

    def warnings(self, rules: RuleVersion) -> list[Line]:
        """Warn of a seed so short that it could be guessed from its commitment."""
        if self.seed is None or len(self.seed) >= SHORT_SEED:
            return []
        values: Values = {"length": len(self.seed), "least": SHORT_SEED}
        return [Line(code="statute.seed_short", values=values, rule=rules.draw.cited)]


def number(seed: str, lot: str, bid: str) -> str:
    """Return the number a bid draws: SHA-256 of « seed|lot|bid » in UTF-8, in hexadecimal."""
    return hashlib.sha256(f"{seed}|{lot}|{bid}".encode()).hexdigest()
