"""What was said in conversations: messages, staff's notes and what they wrote on the Task, as they are searched."""

from __future__ import annotations


def said_in(conversations: str) -> str:
    """A SELECT of all texts that stand in some conversations: what was retracted or is a draft is not said.

    Args:
        conversations: A SELECT of their numbers; it is asked three times.

    Returns:
        The columns `thread` (the conversation's number), `text`, `sent` and `id`, without an order.
    """
    return f"""
        SELECT post.thread, post.text, post.sent, post.id FROM post
        WHERE post.thread IN ({conversations}) AND post.state NOT IN ('retracted', 'draft')
        UNION ALL
        SELECT side.home, post.text, post.sent, post.id FROM thread AS side JOIN post ON post.thread = side.id
        WHERE side.home IN ({conversations}) AND post.state NOT IN ('retracted', 'draft')
        UNION ALL
        SELECT thread, text, at, id FROM remark WHERE thread IN ({conversations})"""  # noqa: S608
