"""What was made of packs lately, kept in this process: few, and only as long as it runs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The last few things that were asked for; whoever asks has been let in before.

    Attributes:
        most: how many are kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._turns: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def of(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a name, or make it; what could not be made is not kept.

        Whoever asks for what is being made waits for it; who wants another one does not.
        """
        with self._lock:
            turn = self._turns.setdefault(name, Lock())
        with turn:
            with self._lock:
                if name in self._kept:
                    self._kept.move_to_end(name)
                    return self._kept[name]
            try:
                made = make()
                with self._lock:
                    self._kept[name] = made
                    while len(self._kept) > self.most:
                        self._turns.pop(self._kept.popitem(last=False)[0], None)
            except BaseException:
                with self._lock:
                    self._turns.pop(name, None)
                raise
        return made
