"""What the audit's events of buying are called, and the evaluations they are about."""

from collections.abc import Sequence

from portal.package import AuditSubject, Concerned
from portal.permissions import Actor, may
from portal.web.i18n import lazy
from procurement.access import EVALUATION_VIEW
from procurement.queries import recorded_evaluations

EVENTS = {
    "evaluation.asked": lazy("The evaluation of a tender was asked for"),
    "evaluation.done": lazy("A tender was evaluated and its record was kept"),
    "evaluation.refused": lazy("The evaluation of a tender was refused by its rules"),
    "evaluation.failed": lazy("The evaluation of a tender could not be brought to its end"),
}


async def evaluations(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return the evaluations by the digest of their file, for those who may see them."""
    return {
        str(one.id): Concerned(one.digest[:12])
        for one in await recorded_evaluations(ids)
        if may(actor, EVALUATION_VIEW, one)
    }


AUDIT_SUBJECTS = (AuditSubject("evaluation", lazy("Evaluation"), evaluations),)
