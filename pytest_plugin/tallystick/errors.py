"""What goes wrong between a test suite and the plugin."""


class DeclarationError(ValueError):
    """An interaction was declared in a way that a contract cannot hold; the message says what to write instead."""


class MismatchError(AssertionError):
    """A consumer did not keep to what its test declared; the message says where and how."""
