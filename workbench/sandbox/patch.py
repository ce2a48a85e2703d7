"""JSON Patch (RFC 6902) on a resource."""

from collections.abc import Mapping
from typing import Any

import jsonpatch
import jsonpointer

from workbench.sandbox.outcome import refuse

MOST = 1000
"""Operations in one patch."""
MOST_COPIES = 10
"""`copy` operations in one patch: each may double the resource."""


def apply(resource: Mapping[str, Any], operations: object) -> dict[str, Any]:
    """The resource after a patch; the one given stays as it is.

    Args:
        resource: as it stands, with its meta.
        operations: the list of operations, as JSON.

    Raises:
        Refusal: 400, when it is no patch, a `test` fails, a path is not there, or the resource would become another.
    """
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        raise refuse(400, "structure", "a JSON Patch is a list of operations")
    if len(operations) > MOST or sum(one.get("op") == "copy" for one in operations) > MOST_COPIES:
        raise refuse(400, "too-long", f"a patch has at most {MOST} operations, of which {MOST_COPIES} copy")
    try:
        patched = jsonpatch.JsonPatch(operations).apply(dict(resource))
    except jsonpatch.JsonPatchTestFailed as error:
        raise refuse(400, "processing", f"a test in the patch failed: {error}") from error
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError, KeyError, ValueError) as error:
        raise refuse(400, "processing", f"the patch cannot be applied: {error}") from error
    same = isinstance(patched, dict) and all(patched.get(name) == resource[name] for name in ("resourceType", "id"))
    if not same:
        raise refuse(400, "invalid", "a patch cannot change resourceType or id")
    if not isinstance(patched.get("meta", {}), dict):
        raise refuse(400, "structure", "meta must be an object", f"{resource['resourceType']}.meta")
    return dict(patched)
