"""`python -m bench [pages] [mail] [due] [storm] [forecast] [directory] [journal] [imports] [contacts]`: every measurement, or those named.

BENCH_SMALL=1 leaves the growth out.
"""

import contextlib
import importlib
import sys

from bench.figures import Figure, as_markdown
from bench.servers import services

PARTS = ["pages", "mail", "due", "storm", "forecast", "directory", "journal", "imports", "contacts"]
NEED_SERVERS = {"pages", "mail", "due", "storm", "directory", "journal", "imports", "contacts"}


def main(arguments: list[str]) -> int:
    """Run the parts one after another; print a line for each figure, then the table."""
    figures: list[Figure] = []
    for part in [name for name in PARTS if name in arguments] or PARTS:
        servers: contextlib.AbstractContextManager[dict[str, object]] = (
            services() if part in NEED_SERVERS else contextlib.nullcontext({})
        )
        with servers as running:
            figures += importlib.import_module(f"bench.{part}").run(running)
    print("\n" + as_markdown(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
