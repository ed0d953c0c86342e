"""`python -m bench [pages] [mail] [due] [storm] [forecast] [directory] [journal] [imports] [contacts]`: every measurement, or those named.

BENCH_SMALL=1 leaves the growth out.
"""

import multiprocessing
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor

from bench.figures import Figure, as_markdown
from bench.servers import measure

PARTS = ["pages", "mail", "due", "storm", "forecast", "directory", "journal", "imports", "contacts"]
NEED_SERVERS = {"pages", "mail", "due", "storm", "directory", "journal", "imports", "contacts"}


def main(arguments: list[str]) -> int:
    """Run the parts one after another and print the table; 1 if one of them failed, which does not stop the others.

    Each has a process of its own: settings name the servers, and are read once.
    """
    figures: list[Figure] = []
    failed = False
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as processes:
        for part in [name for name in PARTS if name in arguments] or PARTS:
            try:
                figures += processes.submit(measure, part, has_servers=part in NEED_SERVERS).result()
            except Exception:
                failed = True
                traceback.print_exc()
    print("\n" + as_markdown(figures))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
