"""The CapabilityStatement: valid, and true."""

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.sandbox.conftest import PATCH, Portal, refused
from workbench.sandbox.elements import RESOURCES


@pytest.fixture(scope="module")
def statement(portal: Portal) -> dict[str, Any]:
    answer = portal.ask("GET", "metadata")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_it_is_valid_and_of_this_server(statement: dict[str, Any], portal: Portal) -> None:
    get_fhir_model_class("CapabilityStatement").model_validate(statement)
    assert statement["fhirVersion"].startswith("4.0")
    assert statement["implementation"]["url"] == portal.base
    assert [one["type"] for one in statement["rest"][0]["resource"]] == list(RESOURCES)


def test_every_search_parameter_and_include_is_answered(statement: dict[str, Any], portal: Portal) -> None:
    values = {"date": "2026", "token": "a|b", "reference": "x", "string": "x", "uri": "urn:x"}
    queries: list[str] = []
    for one in statement["rest"][0]["resource"]:
        kind = one["type"]
        queries += [f"{kind}?{own['name']}={values[own['type']]}" for own in one["searchParam"]]
        for word, name in (("searchInclude", "_include"), ("searchRevInclude", "_revinclude")):
            queries += [f"{kind}?{name}={include}" for include in one.get(word, [])]
        refused(portal.ask("GET", f"{kind}?not-in-the-statement=x"), 400)
    portal.all_found(queries)


def test_every_interaction_is_there_on_every_type(statement: dict[str, Any], portal: Portal) -> None:
    for one in statement["rest"][0]["resource"]:
        kind = one["type"]
        asked: dict[str, tuple[str, str, Any, int]] = {
            "read": ("GET", f"{kind}/x", None, 404),
            "vread": ("GET", f"{kind}/x/_history/1", None, 404),
            "update": ("PUT", f"{kind}/x", {"resourceType": kind, "id": "x"}, 404),
            "patch": ("PATCH", f"{kind}/x", [], 404),
            "delete": ("DELETE", f"{kind}/x", None, 404),
            "history-instance": ("GET", f"{kind}/x/_history", None, 404),
            "history-type": ("GET", f"{kind}/_history?_count=1", None, 200),
            "create": ("POST", kind, {"resourceType": kind, "nonsense": 1}, 422),
            "search-type": ("GET", kind, None, 200),
        }
        assert {told["code"] for told in one["interaction"]} == set(asked)
        for method, path, body, status in asked.values():
            answer = portal.ask(method, path, body, PATCH if method == "PATCH" else "application/fhir+json")
            assert answer.status_code == status, (method, path, answer.text)


def test_what_it_denies_is_refused(statement: dict[str, Any], portal: Portal) -> None:
    for one in statement["rest"][0]["resource"]:
        assert (one["updateCreate"], one["conditionalUpdate"]) == (False, False)
        assert one["conditionalDelete"] == "not-supported"
        refused(portal.ask("PUT", f"{one['type']}?_id=x", {"resourceType": one["type"]}), 405)
        refused(portal.ask("DELETE", f"{one['type']}?_id=x"), 405)
