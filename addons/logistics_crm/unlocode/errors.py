class UnlocodeError(Exception):
    """A file that is not the list; the caller turns the code into a message."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params
