"""How far an evaluation that was asked for has come."""

from enum import StrEnum


class EvaluationState(StrEnum):
    """Waiting for the worker; done, with its record; refused by the rules; or broken off."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
