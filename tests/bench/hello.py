"""The least a Textual program can be: what the workbench's start is held against."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """Says hello."""

    def compose(self) -> ComposeResult:
        yield Static("hello ready")


if __name__ == "__main__":
    Hello().run()
