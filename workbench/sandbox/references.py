"""References between resources: written relative when they are local, and never to what is not there."""

from collections.abc import Mapping
from typing import Any

from workbench.sandbox.outcome import Issue, Refusal
from workbench.sandbox.store import Store
from workbench.sandbox.validate import local, references


def made_local(value: Any, base: str, promised: Mapping[str, str]) -> Any:
    """A copy in which references and addresses below the base are relative, and promised ones are kept.

    Args:
        value: a resource, or part of one.
        base: the server's address as the client wrote it.
        promised: what a transaction's `fullUrl`s stand for: `urn:uuid:...` to `Type/id`.
    """
    if isinstance(value, list):
        return [made_local(inner, base, promised) for inner in value]
    if not isinstance(value, dict):
        return value
    made = {name: made_local(inner, base, promised) for name, inner in value.items()}
    for name in ("reference", "url"):
        written = made.get(name)
        if isinstance(written, str):
            relative = promised.get(written, written.removeprefix(base + "/"))
            made[name] = relative if local(relative) else written
    return made


def check_targets(
    store: Store, resource: Mapping[str, Any], before: Mapping[str, Any], promised: frozenset[str]
) -> None:
    """Refuse local references to what is not there, unless the version before had them too.

    Raises:
        Refusal: 422, naming each such reference.
    """
    old = {reference for _, reference in references(before, "")} if before else set()
    own = f"{resource['resourceType']}/{resource.get('id', '')}"
    contained = {f"#{one.get('id')}" for one in resource.get("contained", ())} | {"#"}
    issues = []
    for path, reference in references(resource, str(resource["resourceType"])):
        if reference in old or reference in promised or reference == own:
            continue
        target = local(reference)
        if reference.startswith("#"):
            there = reference in contained
        elif target is not None:
            version = store.read(*target)
            there = version is not None and not version.is_deleted
        else:
            there = not reference.startswith("urn:uuid:")
        if not there:
            issues.append(Issue("not-found", f"{reference!r} does not exist here", path))
    if issues:
        raise Refusal(422, *issues)
