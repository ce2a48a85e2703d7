"""What stands in no conversation while its portal lies elsewhere: there the same id is of another patient.

No conversation's id holds a space: one with a space in it is set aside, and tells where it is of.
"""


def thread_at(thread: str, before: str, now: str) -> str:
    """The conversation's id once its portal has moved; one that is of where it lies now stands in it again.

    Args:
        thread: Its id so far, set aside or not.
        before: Where the portal lay.
        now: Where it lies.
    """
    plain, _, aside = thread.partition(" ")
    if not aside:
        return f"{plain} {before}"
    return plain if aside == now else thread
