"""Whether what is sent is the resource it says it is: a walk along the table of elements.

Checked: known elements, lists where lists belong, required elements, choices, formats, required bindings, the shape and
type of references, extensions with a value (ext-1), nothing empty. Whether a reference's target exists is for the
store to say: :func:`references` lists them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from workbench.sandbox.elements import PRIMITIVES, RESOURCES, Element, Shape, shapes
from workbench.sandbox.outcome import Issue, Refusal
from workbench.sandbox.primitives import wrong

MOST = 20
"""So many issues are told at once."""

_LOCAL = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(/_history/[A-Za-z0-9.-]{1,64})?", re.ASCII)
_ABSOLUTE = re.compile(r"(https?|urn):\S+")


def check(resource: Mapping[str, Any]) -> None:
    """Refuse a resource that is not what the table says.

    Args:
        resource: with a `resourceType` that the table knows.

    Raises:
        Refusal: 422, with an issue and an expression for each of the first `MOST` faults.
    """
    kind = resource["resourceType"]
    body = {name: value for name, value in resource.items() if name != "resourceType"}
    found = _object(shapes()[kind], body, kind)
    issues = [issue for issue, _ in zip(found, range(MOST), strict=False)]
    if issues:
        raise Refusal(422, *issues)


def references(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every literal reference in `value`, as (expression, reference), wherever it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference" and isinstance(inner, str):
                yield f"{path}.reference", inner
            elif isinstance(inner, dict | list):
                yield from references(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from references(inner, f"{path}[{place}]")


def local(reference: str) -> tuple[str, str] | None:
    """Type and id of a relative reference to a type held here; None for any other reference."""
    named = _LOCAL.fullmatch(reference)
    return (named[1], named[2]) if named and named[1] in RESOURCES else None


def _object(shape: Shape, value: object, path: str) -> Iterator[Issue]:
    if not isinstance(value, dict):
        yield Issue("structure", "must be an object", path)
        return
    if not value and "." in path:
        yield Issue("structure", "must not be empty", path)
    for name, inner in value.items():
        if name in shape.elements:
            yield from _element(shape.elements[name], inner, f"{path}.{name}", f"_{name}" in value)
        elif not _is_extended(shape, name, inner):
            yield Issue("structure", f"{name!r} is not an element of {path.rpartition('.')[2]}", f"{path}.{name}")
    yield from _missing(shape, value, path)
    yield from _choices(shape, value, path)


def _is_extended(shape: Shape, name: str, value: object) -> bool:
    element = shape.elements.get(name[1:]) if name.startswith("_") else None
    return element is not None and element.type in PRIMITIVES and isinstance(value, dict | list) and bool(value)


def _missing(shape: Shape, value: Mapping[str, object], path: str) -> Iterator[Issue]:
    for name, element in shape.elements.items():
        if element.required and name not in value and f"_{name}" not in value:
            yield Issue("required", f"{name!r} is required", f"{path}.{name}")


def _choices(shape: Shape, value: Mapping[str, object], path: str) -> Iterator[Issue]:
    for name, (options, required) in shape.choices.items():
        given = [option for option in options if option in value or f"_{option}" in value]
        if len(given) > 1:
            yield Issue("structure", f"only one {name}[x] may be there, not {' and '.join(sorted(given))}", path)
        if required and not given:
            yield Issue("required", f"{name}[x] is required", f"{path}.{name}")


def _element(element: Element, value: object, path: str, extended: bool) -> Iterator[Issue]:
    if not element.many:
        yield from _one(element, value, path)
    elif not isinstance(value, list):
        yield Issue("structure", "must be a list", path)
    elif not value:
        yield Issue("structure", "must not be an empty list", path)
    else:
        for place, inner in enumerate(value):
            if inner is not None or not extended:
                yield from _one(element, inner, f"{path}[{place}]")


def _one(element: Element, value: object, path: str) -> Iterator[Issue]:
    if element.type in PRIMITIVES:
        fault = wrong(element.type, value)
        if fault:
            yield Issue("value", fault, path)
        elif element.codes and value not in element.codes:
            allowed = ", ".join(sorted(element.codes))
            yield Issue("code-invalid", f"{value!r} is not one of the codes allowed here: {allowed}", path)
        return
    shape = shapes().get(element.type)
    if shape is not None:
        yield from _object(shape, value, path)
    elif not isinstance(value, dict) or not value:
        yield Issue("structure", "must be an object with something in it", path)
    if isinstance(value, dict):
        yield from _special(element, value, path)


def _special(element: Element, value: Mapping[str, object], path: str) -> Iterator[Issue]:
    if element.type == "Extension":
        has_value = any(name.lstrip("_").startswith("value") for name in value)
        if has_value == ("extension" in value):
            yield Issue("invariant", "ext-1: an extension has either a value or extensions", path)
    elif element.type == "Resource":
        yield from _contained(value, path)
    elif element.type == "Reference":
        yield from _reference(element, value, path)


def _contained(value: Mapping[str, object], path: str) -> Iterator[Issue]:
    kind = value.get("resourceType")
    if not isinstance(kind, str) or not isinstance(value.get("id"), str):
        yield Issue("structure", "a contained resource needs a resourceType and an id", path)
    elif kind in RESOURCES:
        yield from _object(shapes()[kind], {name: value[name] for name in value if name != "resourceType"}, path)


def _reference(element: Element, value: Mapping[str, object], path: str) -> Iterator[Issue]:
    if not value.keys() & {"reference", "identifier", "display", "extension"}:
        yield Issue("invariant", "a reference needs a reference, an identifier or a display", path)
    reference = value.get("reference")
    if not isinstance(reference, str) or reference.startswith("#"):
        return
    named = _LOCAL.fullmatch(reference)
    if named is None and not _ABSOLUTE.fullmatch(reference):
        yield Issue("value", f"{reference!r} is neither Type/id nor an absolute address", f"{path}.reference")
    elif named is not None and element.targets and named[1] not in element.targets:
        allowed = ", ".join(sorted(element.targets))
        yield Issue("value", f"{named[1]} cannot be referred to here; allowed: {allowed}", f"{path}.reference")
