"""The national preference of article 147: whose price is raised or lowered for the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from procurement.scoring.errors import MissingReason, OutsideTheLaw
from procurement.scoring.offers import Bidder
from procurement.scoring.outcome import Line, Values, said
from procurement.scoring.statute.contest import Assessment, Entry
from procurement.scoring.statute.versions import RuleVersion
from procurement.scoring.tender import Preference


def rate(bidder: Bidder, rules: RuleVersion) -> Fraction:
    """Return by what share the bidder's price moves: 0 when the preference does not concern it.

    A consortium is judged by its Moroccan share; below the threshold the foreign share moves.
    """
    share = bidder.moroccan_share
    if share is None:
        return Fraction(0) if bidder.established else rules.preference.value
    if share >= rules.consortium.value:
        return Fraction(0)
    return rules.preference.value * (1 - share)


def rates(
    entries: Sequence[Entry], preference: Preference, rules: RuleVersion, found: Assessment
) -> list[Fraction]:
    """Return the rate of each entry, and say for whom and why.

    Raises:
        MissingReason: the preference is switched off without one.
        OutsideTheLaw: a share is not between 0 and 1.
    """
    for entry in entries:
        _check_share(entry)
    if not preference.applies:
        if not preference.reason.strip():
            raise MissingReason("tender.method.preference.reason", rule=rules.preference.article)
        values: Values = {"reason": preference.reason}
        line = Line(code="statute.preference_off", values=values, rule=rules.preference.article)
        found.lines.append(line)
        return [Fraction(0)] * len(entries)
    found.lines.append(
        Line(
            code="statute.preference_on",
            values={"rate": said(100 * rules.preference.value)},
            rule=rules.preference.cited,
        )
    )
    return [_told(entry, rules, found) for entry in entries]


def _told(entry: Entry, rules: RuleVersion, found: Assessment) -> Fraction:
    moved, share = rate(entry.bidder, rules), entry.bidder.moroccan_share
    if share is not None:
        code = "statute.consortium_partly" if moved else "statute.consortium_exempt"
        values: Values = {
            "share": said(100 * share),
            "threshold": said(100 * rules.consortium.value),
            "rate": said(100 * moved),
        }
        rule = rules.consortium_below if moved else rules.consortium
        line = Line(code=code, subject=entry.id, values=values, rule=rule.cited)
        (found.warnings if moved else found.lines).append(line)
    return moved


def _check_share(entry: Entry) -> None:
    share = entry.bidder.moroccan_share
    if share is not None and not 0 <= share <= 1:
        raise OutsideTheLaw(
            f"dossier.bidders « {entry.bidder.id} » moroccan_share",
            rule="art. 147", value=said(share), low=0, high=1,
        )  # fmt: skip
