"""Run as `wkhtmltopdf`: see tools/bin."""

import resource
import sys

from .arguments import parse


def main(arguments: list[str]) -> int:
    """Exit with 1 if something of a page is missing, with 2 if there is no PDF.

    Odoo logs a warning for the first and shows the second to the user.
    """
    job = parse(arguments)
    # Odoo limits its own address space; Chromium and Node reserve far more.
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))

    # Imported late: `--version` must be quick.
    from playwright.sync_api import Error

    from .assembly import assemble
    from .chromium import ChromiumMissing
    from .renderer import Renderer

    try:
        with Renderer(job) as renderer:
            assemble(job, renderer).write(job.output)
    except (Error, ChromiumMissing) as error:
        print(f"Development PDF renderer failed: {error}", file=sys.stderr)
        return 2
    for fault in dict.fromkeys(renderer.faults):
        print(fault, file=sys.stderr)
    return 1 if renderer.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
