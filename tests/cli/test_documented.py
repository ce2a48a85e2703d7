"""The page on configuration and the README say what the program does."""

import dataclasses
import re
from pathlib import Path

from client.conventions import Conventions
from workbench.config import Settings
from workbench.failure import Exit

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_on_the_page_is_the_one_the_program_prints() -> None:
    assert f"```toml\n{(ROOT / 'workbench/example.toml').read_text(encoding='utf-8')}```" in PAGE


def test_every_code_stands_on_the_page_with_its_value() -> None:
    for name, value in dataclasses.asdict(Conventions()).items():
        values = [value] if isinstance(value, str) else value
        if name != "threads":
            assert f"| `{name}` | {', '.join(f'`{each}`' for each in values)} |" in PAGE


def test_every_setting_and_exit_code_stands_on_the_page() -> None:
    for field in dataclasses.fields(Settings):
        assert f"`{field.name}`" in PAGE or f"`[{field.name}]`" in PAGE or f"`[[{field.name.rstrip('s')}]]`" in PAGE
    for code in Exit:
        assert f"\n| {code.value} | " in PAGE


def test_the_readme_has_two_commands_of_one_line_each_that_install_by_hash() -> None:
    for name, lock, ends in (
        ("demo", "requirements.lock", "workbench demo"),
        ("tests", "requirements-dev.lock", "-m pytest -n auto --dist worksteal"),
    ):
        found = re.findall(rf"<!-- {name} -->\n```\w*\n(.*)\n```\n", README)
        assert len(found) == 1
        assert f"--require-hashes -r {lock}" in found[0]
        assert found[0].endswith(ends)


def test_the_locks_name_no_host_and_every_release_has_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        releases = re.findall(r"^[a-z0-9-]+==.*\n(.*)", text, re.MULTILINE)
        assert releases
        assert all(after.startswith("    --hash=sha256:") for after in releases)
