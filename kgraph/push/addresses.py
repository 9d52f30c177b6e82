"""The addresses of services that a graph is pushed to."""

from urllib.parse import urlsplit, urlunsplit

from kgraph.errors import DataError


def refuse_secrets(endpoint: str) -> None:
    """See that an address holds no name and no password, which every list of processes would show.

    Raises:
        DataError: it does; it is named without them.
    """
    address = urlsplit(endpoint)
    if address.username or address.password:
        shown = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
        raise DataError(shown, None, "a name or password in an address is seen by all; put it in the environment or ~/.netrc")
