"""`_include` and `_revinclude`: what the matches refer to, and what refers to them."""

from collections.abc import Iterable, Sequence

from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.outcome import refuse
from workbench.sandbox.parameters import Parameter, parameters
from workbench.sandbox.schema import columns
from workbench.sandbox.store import Store


def included(kind: str, rids: Sequence[int], wanted: Iterable[str], store: Store) -> list[int]:
    """The versions of the resources that the matches name in the given parameters.

    Args:
        kind: the matches' type.
        rids: the matches.
        wanted: values of `_include`: `Task:focus`, or `Task:focus:Communication`.
        store: where they are.

    Raises:
        Refusal: 400, for what is not a reference parameter.
    """
    found: dict[int, None] = {}
    matches = set(rids)
    for text in wanted:
        source, parameter, only = _reference(text, "_include")
        if source != kind:
            continue
        names = _targets(kind, parameter, rids, store)
        for target, ids in _by_kind(names, only or parameter.only).items():
            marks = ",".join("?" * len(ids))
            rows = store.select(f'SELECT rid, seq FROM "{target}" WHERE id IN ({marks})', ids)  # noqa: S608
            found.update({seq: None for rid, seq in rows if rid not in matches})
    return list(found)


def referring(kind: str, rids: Sequence[int], wanted: Iterable[str], store: Store) -> list[int]:
    """The versions of the resources that name the matches in the given parameters.

    Args:
        kind: the matches' type.
        rids: the matches.
        wanted: values of `_revinclude`: `Task:focus`.
        store: where they are.

    Raises:
        Refusal: 400, for what is not a reference parameter.
    """
    found: dict[int, None] = {}
    matches = set(rids)
    marks = ",".join("?" * len(rids))
    for text in wanted:
        source, parameter, only = _reference(text, "_revinclude")
        if (only or parameter.only or kind) != kind:
            continue
        names = f"SELECT '{kind}/' || id FROM \"{kind}\" WHERE rid IN ({marks})"  # noqa: S608
        for stored in _stored(source, parameter):
            if stored.is_column:
                sql = f'SELECT rid, seq FROM "{source}" WHERE {columns(stored)[0]} IN ({names})'  # noqa: S608
            else:
                term = f"SELECT rid FROM term WHERE param = {stored.number} AND value IN ({names})"  # noqa: S608
                sql = f'SELECT rid, seq FROM "{source}" WHERE rid IN ({term})'  # noqa: S608
            found.update({seq: None for rid, seq in store.select(sql, tuple(rids)) if rid not in matches})
    return list(found)


def _reference(text: str, name: str) -> tuple[str, Parameter, str]:
    source, _, rest = text.partition(":")
    called, _, only = rest.partition(":")
    parameter = parameters().get(source, {}).get(called)
    if parameter is None or parameter.type != "reference" or parameter.kind == "canonicals":
        raise refuse(400, "not-found", f"{name}={text}: there is no such reference parameter")
    if only and only not in RESOURCES:
        raise refuse(400, "not-found", f"{name}={text}: there is no resource type {only!r}")
    return source, parameter, only


def _stored(kind: str, parameter: Parameter) -> list[Parameter]:
    return [parameters()[kind][name] for name in parameter.stands_for] or [parameter]


def _targets(kind: str, parameter: Parameter, rids: Sequence[int], store: Store) -> list[str]:
    marks = ",".join("?" * len(rids))
    names: list[str] = []
    for stored in _stored(kind, parameter):
        if stored.is_column:
            sql = f'SELECT {columns(stored)[0]} FROM "{kind}" WHERE rid IN ({marks})'  # noqa: S608
        else:
            sql = f"SELECT value FROM term WHERE param = {stored.number} AND rid IN ({marks})"  # noqa: S608
        names.extend(row[0] for row in store.select(sql, tuple(rids)))
    return names


def _by_kind(names: Iterable[str], only: str) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        target, _, id_ = name.partition("/")
        if target in RESOURCES and only in ("", target):
            found.setdefault(target, set()).add(id_)
    return {target: sorted(ids) for target, ids in found.items()}
