"""What keeps a message from being delivered, in words that can be translated. Pure."""


class Trouble(Exception):
    """A message was not acknowledged; ``message`` with its ``values`` says why."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values
