"""Why an evaluation is refused: one class per reason, with the field and the rule it offends."""

from __future__ import annotations

from typing import Any, ClassVar

from procurement.scoring.marking import lazy
from procurement.scoring.reasons import Reason


class ScoringError(Exception):
    """The evaluation cannot go on as asked; nothing is computed by halves.

    Attributes:
        message: sentence to show, a key of the translations with ``%(name)s`` places.
        field: where in the file, as ``bids[3].price``; empty when it is nowhere in particular.
        rule: the published rule or article it offends; empty when there is none.
        values: what stands in the places of ``message``.
    """

    message: ClassVar[str] = lazy("The evaluation is refused.")

    def __init__(self, field: str = "", *, rule: str = "", **values: object) -> None:
        self.field = field
        self.rule = rule
        self.values = values
        super().__init__(self.message % {"field": field, "rule": rule, **values})

    def kept(self) -> dict[str, Any]:
        """Return it as what JSON can keep, to be said in any language later."""
        return {
            "reason": type(self).__name__,
            "message": self.message,
            "field": self.field,
            "rule": self.rule,
            "values": {name: _kept(value) for name, value in self.values.items()},
        }


def _kept(value: object) -> Any:
    """Keep a reason with its key and values, a number as it is, anything else as its text."""
    if isinstance(value, Reason):
        parts = {name: _kept(part) for name, part in value.values.items()}
        return {"message": value.message, "values": parts}
    return value if isinstance(value, int) else str(value)


class Malformed(ScoringError):
    """The file is not what the format says."""

    message = lazy("The file cannot be read at %(field)s: %(why)s.")


class FloatRefused(ScoringError):
    """A number is written as a binary float."""

    message = lazy(
        "%(field)s is written as the number %(text)s: write amounts as whole centimes and every "
        "other number as text, such as « 0.25 » or « 1/4 »."
    )


class HiddenCharacter(ScoringError):
    """A text has a character that is not seen and changes what is shown around it."""

    message = lazy("A text at %(field)s holds the hidden character %(code)s: take it out.")


class DuplicateName(ScoringError):
    """Two lots, criteria, bids or marks carry one name."""

    message = lazy("%(field)s is named twice: « %(name)s ».")


class UnknownReference(ScoringError):
    """Something is named that the file does not hold."""

    message = lazy("%(field)s names « %(name)s », which does not exist in this tender.")


class SealBroken(ScoringError):
    """The tender is not the one that was published."""

    message = lazy(
        "The tender was changed after its publication: its seal is %(found)s, not %(seal)s."
    )


class UnitMismatch(ScoringError):
    """An answer is given in another unit than the criterion asks for."""

    message = lazy("%(field)s is given in « %(found)s »; the tender asks for « %(wanted)s ».")


class WeightSumError(ScoringError):
    """Sibling weights do not make the whole."""

    message = lazy("The weights under %(field)s add up to %(total)s basis points instead of 10000.")


class UnknownFormula(ScoringError):
    """No such price formula."""

    message = lazy("%(field)s asks for the price formula « %(name)s », which does not exist.")


class RefusedFormula(ScoringError):
    """A price formula that courts have held irregular."""

    message = lazy("The price formula « %(name)s » is refused: %(why)s.")


class UnknownRuleVersion(ScoringError):
    """No version of the rules is known under that name or for that day."""

    message = lazy("No version of the rules is known for « %(name)s ».")


class ZeroPriceError(ScoringError):
    """A price of zero where a formula divides by it."""

    message = lazy(
        "%(field)s is zero: the published formula cannot mark it. Publish a floor price."
    )


class NoAdmissibleBid(ScoringError):
    """Nothing is left to compare where a formula needs at least one bid."""

    message = lazy("No admissible bid is left for %(field)s.")


class MissingMark(ScoringError):
    """An evaluator's mark is not there and the tender does not say what that means."""

    message = lazy("%(field)s has no mark for the criterion « %(criterion)s ».")


class MissingAnswer(ScoringError):
    """A bid does not answer a criterion."""

    message = lazy("%(field)s does not answer the criterion « %(criterion)s ».")


class MarkOutOfScale(ScoringError):
    """A mark or an answer is outside the published scale."""

    message = lazy("%(field)s is %(value)s; the published scale goes from %(low)s to %(high)s.")


class EvidenceTooWeak(ScoringError):
    """Too little was measured and the tender says that this stops the evaluation."""

    message = lazy("The evidence of %(field)s is too weak: %(why)s.")


class PrecisionExceeded(ScoringError):
    """Numbers too large or too fine to be computed exactly the fast way."""

    message = lazy("%(field)s needs %(needed)s bits; %(available)s are available.")


class TieUnresolved(ScoringError):
    """Equal bids wait for the drawing of lots."""

    message = lazy("%(bids)s are equal and the draw has not been made: give the committed seed.")


class DrawMismatch(ScoringError):
    """The seed is not the one committed to before the opening."""

    message = lazy("The seed of the draw does not answer the commitment %(commitment)s.")


class InfeasibleAllocation(ScoringError):
    """No allocation of the lots keeps every limit."""

    message = lazy("No allocation keeps all the limits; relax: %(limits)s.")


class NotProvenOptimal(ScoringError):
    """The solver stopped before its proof: shown, never awarded."""

    message = lazy("The allocation is not proven (%(bound)s to %(found)s): it cannot be awarded.")


class RecordBroken(ScoringError):
    """A record does not re-compute."""

    message = lazy("The record does not hold at %(field)s: %(why)s.")


class NotComparable(ScoringError):
    """A comparison for information (or weights by AHP) cannot be made of what was given."""

    message = lazy("%(field)s cannot be compared: %(why)s.")


class ComparisonMissing(ScoringError):
    """Two criteria were not compared with each other, so that AHP has no weights for them."""

    message = lazy("« %(left)s » and « %(right)s » were not compared: compare them too.")


class OutsideTheLaw(ScoringError):
    """A published value is outside what an article allows."""

    message = lazy(
        "%(field)s is %(value)s, but %(rule)s allows only %(low)s to %(high)s: correct the tender."
    )


class MissingEstimate(ScoringError):
    """The buyer's estimate is not there where the bounds and the reference price need it."""

    message = lazy("%(field)s has no estimate: give the buyer's estimate, tax included.")


class MissingReason(ScoringError):
    """A rule of the law is switched off and nobody says why."""

    message = lazy("%(field)s needs a reason, for instance the treaty that excludes the rule.")


class NotForThisMethod(ScoringError):
    """The tender asks for something that its award method does not know."""

    message = lazy("%(field)s cannot be used with this award method: %(rule)s does not know it.")


class RejectionOutOfTurn(ScoringError):
    """A bid is rejected that is not first in turn."""

    message = lazy(
        "%(field)s rejects the bid « %(bid)s », but only the first in turn can be rejected, "
        "which is « %(first)s »."
    )


class DrawNotCommitted(ScoringError):
    """A seed is given and no commitment to it was published."""

    message = lazy(
        "%(field)s gives a seed, but the tender published no commitment before the opening: "
        "anyone could have chosen it."
    )


class UnknownWord(ScoringError):
    """An amount in words holds a word that is none of an amount's."""

    message = lazy("%(field)s: the word « %(word)s » does not belong to an amount.")


class UnclearWords(ScoringError):
    """Words that are each known and together write no amount, or two."""

    message = lazy("%(field)s: « %(text)s » is not an amount in words: write it out in full.")


class AmountTooLarge(ScoringError):
    """An amount that cannot be written in words here."""

    message = lazy("%(field)s: the amount %(value)s is outside what can be written in words.")


class BadParameter(ScoringError):
    """A published value makes no sense where it stands."""

    message = lazy("%(field)s cannot be used: %(why)s.")


class WrongParameters(ScoringError):
    """A price formula is published without what it needs, or with what it does not know."""

    message = lazy("%(field)s: the price formula takes exactly these parameters: %(wanted)s.")


class CountedTwice(ScoringError):
    """Quality, or the price, would enter an evaluated price twice."""

    message = lazy("%(field)s would count « %(name)s » twice in the evaluated price.")
