"""What buying keeps: the evaluations that were asked for, and their records."""

from piccolo.columns import UUID, Bytea, Char, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check
from piccolo.table import Table

from procurement.states import EvaluationState


class Evaluation(Table, tablename="evaluation"):
    """One tender's file to evaluate. Its id follows from the organisation and the file's digest.

    ``content`` is the file as it came; ``record`` and its ``head`` are there when it is done,
    ``trouble`` (JSON: reason, field, rule, values) when it was refused.
    """

    id = UUID(primary_key=True, default=None)
    organisation_id = UUID(null=True, default=None, index=True)
    digest = Char(length=64, default=None, null=False, index=True)
    content = Bytea(default=None, null=False)
    state = Varchar(length=10, default=EvaluationState.WAITING, null=False)
    record = Bytea(default=None, null=True)
    head = Char(length=64, default=None, null=True)
    trouble = Text(default="", null=False)
    actor = Varchar(length=36, default=None, null=False)
    attempts = Integer(default=0, null=False)
    asked_at = Timestamptz(default=TimestamptzNow(), null=False)
    begun_at = Timestamptz(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)

    evaluation_state_known = Check("state IN ('waiting', 'done', 'refused', 'failed')")
    evaluation_done_has_record = Check("(state = 'done') = (record IS NOT NULL)")
