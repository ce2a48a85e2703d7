"""The differences as one page that a person can look at: nothing in it is fetched, and nothing in it runs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from typing import Final

from workbench.dialogue.clean import visible
from workbench.language import N_, _, current
from workbench.snapshot.differences import Difference, What, changed_lines, worth_telling

WORDS: Final = {
    What.TEXT: N_("other words"),
    What.LOOKS: N_("other looks, the same words"),
    What.NEW: N_("new: nothing is kept of it"),
    What.MISSING: N_("kept, but no scene any more"),
    What.SAME: N_("no difference"),
}
STYLE: Final = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem; color: #1b1f23; background: #f4f5f6; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
figure { margin: 0; min-width: 0; } figcaption { font-weight: 600; padding: .2rem 0; }
img { width: 100%; height: auto; border: 1px solid #c5ccd3; border-radius: 6px; }
pre { font: 12px/1.35 ui-monospace, monospace; overflow-x: auto; padding: .5rem; }
pre { background: #fff; border: 1px solid #c5ccd3; }
.changed { background: #ffe8a3; outline: 1px solid #b27b00; }
.what { color: #8a5a00; } summary { cursor: pointer; padding: .4rem 0; }
"""


POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a browser may do with the page: show what is in it."""


def page(found: tuple[Difference, ...]) -> str:
    """The page, in the language that is on.

    Args:
        found: All scenes; those without a difference are only counted.
    """
    told = tuple(worth_telling(found))
    count = _("{changed} of {all} scenes differ").format(changed=len(told), all=len(found))
    body = "\n".join(part for each in told for part in _section(each)) or f"<p>{escape(_(WORDS[What.SAME]))}</p>"
    title = escape(_("Pictures compared"))
    links = "\n".join(f'<li><a href="#{_name(each)}">{_name(each)}</a></li>' for each in told)
    return (
        f'<!doctype html>\n<html lang="{current()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{escape(count)}</p>\n"
        f"<ul>\n{links}\n</ul>\n{body}\n</body>\n</html>\n"
    )


def _section(each: Difference) -> Iterator[str]:
    name = _name(each)
    what = escape(_(WORDS[each.what]))
    yield f'<section id="{name}">\n<h2>{name} <small class="what">{what}</small></h2>'
    yield '<div class="pair">'
    yield _picture(_("Kept"), each.before.get("svg", ""))
    yield _picture(_("New"), each.after.get("svg", ""))
    yield "</div>"
    if each.before.get("txt", "") != each.after.get("txt", ""):
        marks = changed_lines(each.before.get("txt", ""), each.after.get("txt", ""))
        yield f'<details open><summary>{escape(_("Characters, changed lines marked"))}</summary>\n<div class="pair">'
        yield _characters(each.before.get("txt", ""), marks)
        yield _characters(each.after.get("txt", ""), marks)
        yield "</div></details>"
    yield "</section>"


def _name(each: Difference) -> str:
    """A scene's name, which may be that of any file in a folder."""
    return escape(visible(each.name, one_line=True))


def _picture(words: str, svg: str) -> str:
    """An SVG as a picture, which can neither run nor fetch anything and whose names touch no other's."""
    shown = f"<p>{escape(_('nothing'))}</p>"
    if svg:
        shown = f'<img alt="{escape(words)}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
    return f"<figure><figcaption>{escape(words)}</figcaption>{shown}</figure>"


def _characters(text: str, marks: tuple[bool, ...]) -> str:
    lines = [escape(visible(line)) for line in text.splitlines()]
    shown = [f'<span class="changed">{line}</span>' if mark else line for line, mark in zip(lines, marks, strict=False)]
    return f"<pre>{chr(10).join(shown)}</pre>"
