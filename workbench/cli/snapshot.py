"""`workbench snapshot`: the tester's pictures of named scenes."""

from __future__ import annotations

from argparse import Namespace


def run(options: Namespace) -> int:
    """Hands over to the snapshot mode."""
    from workbench.snapshot import command

    match options.what:
        case "take":
            return command.take(options.scenes, options.names, options.out, options.formats)
        case "compare":
            return command.compare(options.scenes, options.kept, options.out)
        case "record":
            return command.record(options.scenes, options.name, options.like, options.lang or "")
        case _:
            return command.show_list(options.scenes)
