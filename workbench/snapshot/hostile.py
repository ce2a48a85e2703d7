"""Texts that try to command the terminal, hide, reorder or break columns: what a hostile portal may hold."""

from typing import Final

MESSAGES: Final = (
    "\x1b[2J\x1b[H\x1b[31mINGEN ALLERGIER\x1b[0m",
    "\x1b]0;kritisk\x07\x1b]52;c;cm0gLXJmIH4K\x1b\\ Hei, kan dere ringe?",
    "[bold red]Haster[/] [@click=app.quit]trykk her[/] [/nope]",
    "Dosen er \u202e50 gm\u202c, ikke \u2066 5 mg\u2069.",
    "Usynlig:\u200b\u200b\u00ad\ufeff og \U000e0041\U000e0042 her.",
    "a" * 400,
    "Z\u0335\u0334\u0336\u0337\u0338\u0321\u0322\u0327\u0328algo e\u0301\u0302\u0303\u0304\u0305\u0306\u0307",
    "漢字かな交じり文 한국어 👩\u200d👧\u200d👦 🇳🇴 ❤\ufe0f عربى עברית",
    "Første linje\rSLETTET\x08\x08\x08\x08\x7f\u0085Ny linje\u2028og en til\u2029slutt",
    "javascript:alert(1) <script>alert('hei')</script> &amp; \x00",
)
TITLES: Final = (
    "\x1b[7mRe: timeavtale\x1b[0m",
    "[reverse]Fornye resept[/reverse]",
    "\u202eesaelp",
    "En svært lang tittel som ingen har bedt om, og som fortsetter og fortsetter " * 6,
    "漢" * 60,
    "\n\n\tLinjeskift\nog mer",
)
NAMES: Final = ("\x1b[41mOla\x1b[0m", "Kari[/bold]\u200b", "\u202eneslO", "N" * 120)
