"""The house stands as it was drawn: who may import whom, how large a file may be, what no file may hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("workbench", "client", "screens", "widgets")
OURS = [
    path
    for room in (*ROOMS, "tests")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "node_modules" not in path.parts
]
HEAVY = {"textual", "rich", "httpx", "pydantic", "sqlcipher3", "starlette", "uvicorn", "keyring", "babel"}
HEAVY |= {"websockets", "holidays", "dateutil"}
LIMIT = 500
"""Lines of a file."""

ENTRANCES = [
    ("workbench.__main__", HEAVY),
    ("workbench.cli.parser", HEAVY),
    ("workbench.config", HEAVY),
    ("workbench.commands", HEAVY),
    ("workbench.public_holidays", HEAVY),
    ("workbench.session", {"textual", "rich", "httpx", "pydantic", "starlette", "uvicorn", "keyring", "websockets"}),
    ("client.portal", {"websockets"}),
    *[
        (".".join(path.relative_to(ROOT).with_suffix("").parts), HEAVY)
        for path in (ROOT / "workbench/dialogue").rglob("[a-z]*.py")
    ],
    ("workbench.flag_rules", HEAVY),
    *[(f"widgets.{path.stem}", HEAVY - {"textual", "rich"}) for path in (ROOT / "widgets").glob("[a-z]*.py")],
    *[(f"screens.{path.stem}", HEAVY - {"textual", "rich"}) for path in (ROOT / "screens").glob("[a-z]*.py")],
    *[(f"client.{path.stem}", {"textual", "sqlcipher3", "starlette"}) for path in (ROOT / "client").glob("[a-z]*.py")],
]


def loaded_by(*modules: str) -> set[str]:
    """Top-level modules, and ours in full, that a fresh Python holds after importing some modules."""
    code = f"import sys\n{chr(10).join(f'import {each}' for each in modules)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    names = done.stdout.split()
    return {name.partition(".")[0] for name in names} | set(names)


def entrances_by_burden() -> list[tuple[tuple[str, ...], frozenset[str]]]:
    """The entrances that must not load the same things, together: one process each instead of one a module."""
    grouped: dict[frozenset[str], list[str]] = {}
    for module, forbidden in ENTRANCES:
        grouped.setdefault(frozenset(forbidden), []).append(module)
    return [(tuple(modules), forbidden) for forbidden, modules in grouped.items()]


@pytest.mark.parametrize(("modules", "forbidden"), entrances_by_burden(), ids=lambda value: sorted(value)[0])
def test_importing_an_entrance_loads_nothing_it_can_do_without(
    modules: tuple[str, ...], forbidden: frozenset[str]
) -> None:
    assert not loaded_by(*modules) & forbidden


def test_the_start_does_not_load_the_red_flag_rules() -> None:
    """They are wanted when the first message is read, on the thread that syncs."""
    assert not {name for name in loaded_by("workbench.compose") if name.startswith("workbench.dialogue.flags")}


def test_a_portal_is_spoken_to_without_loading_the_client_library_s_command_line() -> None:
    code = "from workbench.compose import portal_at\nfrom workbench.config import PortalSettings\n"
    code += "portal_at(PortalSettings('p', 'http://localhost/fhir'))\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"httpx"} == {"httpx", "click", "pygments"} & set(done.stdout.split())


def test_what_is_on_screen_does_not_load_what_lies_behind_the_session() -> None:
    on_screen = [module for module, _ in ENTRANCES if module.startswith(("widgets.", "screens."))]
    behind = {"client", "workbench.store", "workbench.sync", "workbench.sandbox", "workbench.session", "workbench.app"}
    assert not loaded_by(*on_screen) & behind


def test_the_rules_of_the_dialogue_import_only_python_and_each_other() -> None:
    for path in (ROOT / "workbench/dialogue").rglob("*.py"):
        for name in imported(path):
            assert name.startswith("workbench.dialogue") or name.partition(".")[0] in sys.stdlib_module_names, (
                f"{path.name} imports {name}"
            )


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_no_file_is_too_large_to_read() -> None:
    large = {str(path): n for path in OURS if (n := path.read_bytes().count(b"\n")) > LIMIT}
    assert not large


def test_every_file_says_what_it_is_for_and_a_folder_s_own_file_does_nothing_else() -> None:
    for path in OURS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{path} has no docstring"
        assert path.name != "__init__.py" or len(tree.body) == 1, f"{path} holds more than its docstring"


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_package_index_or_a_place_on_somebody_s_machine() -> None:
    hosts = "|".join(["pypi" + r"\.", "files.python" + "hosted", "registry." + "npmjs"])
    unwanted = re.compile(rf"{hosts}|/(?:home|Users)/\w|/(?:work|root)/\w".encode())
    for path in tracked():
        if path.suffix not in (".png", ".jpg", ".pdf"):
            found = unwanted.search(path.read_bytes())
            assert not found, f"{path} holds {found[0]!r}"
