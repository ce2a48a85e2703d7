"""What GET [base]/metadata says: made from the tables the router, the index and the search read, so that it is true."""

from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.parameters import Parameter, parameters
from workbench.sandbox.rest import ROUTES
from workbench.sandbox.subscriptions import KIND, PLACE

PUBLISHED = "2026-01-01"
"""Date of the statement."""
WEBSOCKET = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"
"""Where one connects for Subscriptions (https://hl7.org/fhir/R4/extension-capabilitystatement-websocket.html)."""


def statement(base: str, *, live: bool = False) -> dict[str, object]:
    """The CapabilityStatement of the server at `base`.

    Args:
        base: its address as the client wrote it.
        live: whether it offers Subscriptions over WebSocket.
    """
    links = [f"{kind}:{one.name}" for kind in RESOURCES for one in parameters()[kind].values() if _is_link(one)]
    own = [_resource(kind, links) for kind in RESOURCES]
    told: dict[str, object] = {}
    if live:
        told["extension"] = [{"url": WEBSOCKET, "valueUri": f"ws{base.removeprefix('http')}/{PLACE}"}]
        own.append({"type": KIND, "interaction": [{"code": code} for code in ("read", "create", "delete")]})
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": PUBLISHED,
        "kind": "instance",
        "software": {"name": "Clinician dialogue workbench: sandbox portal"},
        "implementation": {"description": "Sandbox portal with synthetic data only", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "patchFormat": ["application/json-patch+json"],
        "rest": [
            {
                **told,
                "mode": "server",
                "security": {"description": "None: synthetic data, reachable from this machine only."},
                "resource": own,
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
                "searchParam": [{"name": "_id", "type": "token"}, {"name": "_lastUpdated", "type": "date"}],
            }
        ],
    }


def _resource(kind: str, links: list[str]) -> dict[str, object]:
    own = parameters()[kind].values()
    told: dict[str, object] = {
        "type": kind,
        "interaction": [{"code": code} for code in dict.fromkeys(route.code for route in ROUTES)],
        "versioning": "versioned",
        "readHistory": True,
        "updateCreate": False,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "referencePolicy": ["literal", "logical", "enforced", "local"],
        "searchParam": [{"name": one.name, "type": one.type} for one in own],
    }
    includes = [link for link in links if link.startswith(f"{kind}:")]
    return told | ({"searchInclude": includes} if includes else {}) | {"searchRevInclude": links}


def _is_link(parameter: Parameter) -> bool:
    return parameter.type == "reference" and parameter.kind != "canonicals"
