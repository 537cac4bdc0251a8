"""Jinja without what it does at every call, import and output for cases that we do not have.

A page of results has 900 outputs, 150 calls and a dozen imports: a quarter of its rendering.
"""

from collections.abc import Callable, MutableMapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context, Macro
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

FUNCTIONS = {FunctionType, MethodType, BuiltinFunctionType}


class DirectContext(Context):
    """Calls functions and macros directly; Jinja first asks each whether it wants the context."""

    def call(
        self,
        called: Callable[..., Any],
        *args: Any,
        _loop_vars: dict[str, Any] | None = None,
        _block_vars: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Call a function or a macro."""
        if type(called) in FUNCTIONS and not hasattr(called, "jinja_pass_arg"):
            return called(*args, **kwargs)
        if type(called) is Macro:
            return called(self.eval_ctx, *args, **kwargs)
        return super().call(called, *args, _loop_vars=_loop_vars, _block_vars=_block_vars, **kwargs)


def written(value: Any) -> str:
    """Return ``value`` as it stands in HTML; Jinja wraps each piece in Markup, then joins them."""
    if type(value) is str:
        text: str = _escape_inner(value)
        return text
    return value if type(value) is Markup else escape(value)


class DirectCodeGenerator(CodeGenerator):
    """Has what is put out escaped by :func:`written`."""

    def _output_child_pre(
        self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class DirectEnvironment(Environment):
    """All templates share the globals of the environment, so none keeps its own above them."""

    context_class = DirectContext
    code_generator_class = DirectCodeGenerator
    written = staticmethod(written)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals as a plain mapping, which is quick to copy and to compare."""
        return super().make_globals(d) if d else self.globals
