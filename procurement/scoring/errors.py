"""Why an evaluation is refused: one class per reason, with the field and the rule it offends."""

from __future__ import annotations

from typing import ClassVar

from procurement.scoring.marking import lazy


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


class Malformed(ScoringError):
    """The file is not what the format says."""

    message = lazy("The file cannot be read at %(field)s: %(why)s.")


class FloatRefused(ScoringError):
    """A number is written as a binary float."""

    message = lazy(
        "%(field)s is written as the number %(text)s: write amounts as whole centimes and every "
        "other number as text, such as « 0.25 » or « 1/4 »."
    )


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

    message = lazy("%(field)s is given in %(found)s; the tender asks for %(wanted)s.")


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
