"""The looks: dark, light and high contrast."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="fjord",
    primary="#6cb2d6",
    secondary="#8fb8a8",
    accent="#7fd6c2",
    warning="#e5b567",
    error="#f08080",
    success="#8fcf8f",
    foreground="#e6e9ec",
    background="#11161b",
    surface="#161c22",
    panel="#202932",
    dark=True,
    variables={"border-blurred": "#4a5a68"},
)
LIGHT: Final = Theme(
    name="dagslys",
    primary="#1d5f8a",
    secondary="#3f6b5c",
    accent="#0b6e63",
    warning="#8a5a00",
    error="#b3261e",
    success="#2e6b2e",
    foreground="#1b1f23",
    background="#f4f5f6",
    surface="#ffffff",
    panel="#e6eaee",
    dark=False,
    variables={"border-blurred": "#a9b3bc"},
)
CONTRAST: Final = Theme(
    name="kontrast",
    primary="#ffffff",
    secondary="#ffff00",
    accent="#00ffff",
    warning="#ffff00",
    error="#ff9999",
    success="#99ff99",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={"text-muted": "#dddddd", "border": "#ffffff", "border-blurred": "#aaaaaa"},
)
LOOKS: Final = (DARK, LIGHT, CONTRAST)
"""In the order in which one key goes through them."""
