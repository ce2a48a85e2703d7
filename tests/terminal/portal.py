"""The sandbox portal as a process of its own, and what it holds, asked over plain HTTP."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urlencode

from tests.terminal.harness import ROOT

Resource = dict[str, Any]
READY: Final = "READY "
PATIENCE: Final = 30.0


class Asked:
    """A portal that somebody runs, asked over plain HTTP."""

    def __init__(self, base: str) -> None:
        self.base = base

    def read(self, path: str) -> Resource:
        """What stands under a path, or a whole address of the portal's own."""
        return self._ask("GET", path)

    def create(self, resource: Resource) -> str:
        """Gives the portal a resource; its reference."""
        kept = self._ask("POST", resource["resourceType"], resource)
        return f"{kept['resourceType']}/{kept['id']}"

    def fill(self, resources: Iterable[Resource]) -> dict[str, str]:
        """Gives the portal resources that refer to each other by ids of their own, what is referred to first.

        Returns:
            The portal's reference for each of theirs, as the portal gives ids of its own.
        """
        given: dict[str, str] = {}
        for resource in resources:
            name = f"{resource['resourceType']}/{resource['id']}"
            text = json.dumps({key: value for key, value in resource.items() if key != "id"})
            for theirs, ours in given.items():
                text = text.replace(f'"{theirs}"', f'"{ours}"')
            given[name] = self.create(json.loads(text))
        return given

    def search(self, kind: str, **parameters: str) -> Iterator[Resource]:
        """Every match, page after page."""
        address: str | None = f"{kind}?{urlencode(parameters, quote_via=quote)}"
        while address:
            bundle = self.read(address)
            yield from (entry["resource"] for entry in bundle.get("entry", ()))
            address = next((link["url"] for link in bundle.get("link", ()) if link["relation"] == "next"), None)

    def _ask(self, method: str, path: str, resource: Resource | None = None) -> Resource:
        address = path if path.startswith("http") else f"{self.base}/{path}"
        data = None if resource is None else json.dumps(resource).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/fhir+json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                told: Resource = json.load(answer)
                return told
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from error


class Portal(Asked):
    """A portal that can be stopped and started again on the same address with what it held."""

    def __init__(self, data: Path, *, conversations: int = 0, now: str = "", seed: int = 1) -> None:
        """Starts it and waits until it listens.

        Args:
            data: Folder for what it holds, and for what it complains of.
            conversations: How many it is filled with the first time.
            now: Its clock, when that is to stand still.
            seed: What it is filled from.
        """
        data.mkdir(parents=True, exist_ok=True)
        self._data = data
        self._options = [f"--conversations={conversations}", f"--seed={seed}", f"--data={data}"]
        self._options += [f"--now={now}"] if now else []
        super().__init__("")
        self._process: subprocess.Popen[str] | None = None
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts it, on the address it had before."""
        port = self.base.rpartition(":")[2].partition("/")[0] or "0"
        with (self._data / "errors.log").open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workbench", "portal", f"--port={port}", *self._options],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
            )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(READY):
                self.base = line.removeprefix(READY).strip()
                return
        raise AssertionError(f"the portal did not start: {(self._data / 'errors.log').read_text()}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ends it; what it holds stays on disk."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None
