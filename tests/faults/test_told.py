"""What testers are told of faults is what there is, from the command line as well."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.cli.running import one_sentence, workbench
from tests.interop import servers
from workbench.sandbox.faults.kinds import table
from workbench.sandbox.faults.spelling import manual

PAGE = (Path(__file__).parents[2] / "docs/testers.md").read_text(encoding="utf-8")


def test_the_page_for_testers_holds_every_kind() -> None:
    inside = PAGE.partition("<!-- faults -->\n")[2].partition("<!-- /faults -->")[0]
    assert inside == table(), "run: python -m tests.faults --table"


def test_the_command_line_tells_of_all_and_refuses_in_one_sentence() -> None:
    assert workbench("portal", "--fault", "list").stdout == manual()
    wrong = workbench("portal", "--fault", "los-reply")
    assert wrong.returncode == 2
    assert "did you mean “lost-reply”?" in one_sentence(wrong)


def test_a_portal_that_is_told_to_fails_until_it_is_told_otherwise() -> None:
    options = ("--port", "0", "--conversations", "1", "--fault", "500@search-Task*2", "--fault", "404@metadata")
    with servers.python("workbench", "portal", *options) as base, httpx.Client(trust_env=False, verify=False) as plain:
        assert [plain.get(f"{base}/Task").status_code for _ in range(3)] == [500, 500, 200]
        assert plain.get(f"{base}/metadata").status_code == 404
        plain.delete(base.replace("/fhir", "/faults"))
        assert plain.get(f"{base}/metadata").status_code == 200
    with (
        servers.python("workbench.sandbox.run", *options[:4]) as base,
        httpx.Client(trust_env=False, verify=False) as plain,
    ):
        assert plain.get(base.replace("/fhir", "/faults")).status_code == 404
