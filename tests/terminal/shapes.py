"""What a program tells its terminal, reduced to the shapes of its sequences.

Two runs that differ only in the text shown must give the same set of shapes; no list of bad sequences is needed.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

TOKEN: Final = re.compile(
    rb"\x1b\[(?P<private>[<=>?]?)(?P<parameters>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b\](?P<osc>[0-9A-Za-z]*)[^\x07\x1b]*(?P<osc_end>\x07|\x1b\\)"
    rb"|\x1b(?P<string>[P_^X])[^\x1b]*(?:\x1b(?!\\)[^\x1b]*)*\x1b\\"
    rb"|\x1b(?P<simple>[ -/]*[0-~])"
    rb"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
    rb"|(?P<high>\xc2[\x80-\x9f])"
    rb"|(?P<text>(?:[ -~]|\xc2[\xa0-\xbf]|[\xc3-\xdf][\x80-\xbf]"
    rb"|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+)",
    re.DOTALL,
)


def shapes(output: bytes) -> Counter[str]:
    """How often each shape of sequence stands in some output.

    A shape is `CSI` with private prefix, intermediates and final (and, for a mode that is set or reset, the
    mode's number), `OSC` with its number, `DCS`/`APC`/`PM`/`SOS`, `ESC` with its final, or a lone control:
    `C0 0A`, `C1 9B`. What is none of these, such as a sequence that nothing ends or bytes that are not UTF-8,
    is `stray` with its first byte. Text has no shape.
    """
    found: Counter[str] = Counter()
    tokens: Counter[bytes] = Counter()
    at = 0
    while at < len(output):
        token = TOKEN.match(output, at)
        if token is None:
            found[f"stray {output[at]:02X}"] += 1
            at += 1
            continue
        at = token.end()
        if token.lastgroup != "text":
            tokens[token.group()] += 1
    for each, count in tokens.items():  # a program says the same again and again
        token = TOKEN.fullmatch(each)
        assert token
        found[_shape(token)] += count
    return found


def _shape(token: re.Match[bytes]) -> str:
    if token["final"]:
        final = f"{token['private'].decode()}{token['between'].decode()}{token['final'].decode()}"
        setting = final in ("?h", "?l", "h", "l", " q", "t", "n", "c", "i")
        return f"CSI {final} {token['parameters'].decode()}" if setting else f"CSI {final}"
    if token["osc_end"]:
        return f"OSC {token['osc'].decode()}"
    if token["string"]:
        return {b"P": "DCS", b"_": "APC", b"^": "PM", b"X": "SOS"}[token["string"]]
    if token["simple"]:
        return f"ESC {token['simple'].decode()}"
    if token["control"]:
        return f"C0 {token['control'][0]:02X}"
    return f"C1 {token['high'][1]:02X}"
