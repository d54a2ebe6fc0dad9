"""What JSON looks like that is a dataclass or a pydantic model in Python: a tree of examples with matchers."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import types
import typing
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pact import match
from pact.match import AbstractMatcher
from pact.match.matcher import GenericMatcher

from tallystick.consumer import matchers
from tallystick.errors import DeclarationError

__tracebackhide__ = True

MISSING = object()

SCALARS: Mapping[type, Callable[[str], AbstractMatcher[Any]]] = {
    str: matchers.string,
    bool: lambda _: matchers.boolean(),
    int: lambda _: matchers.integer(),
    float: lambda _: matchers.number(),
    UUID: lambda _: matchers.uuid(),
    dt.datetime: lambda _: matchers.datetime(),
    dt.date: lambda _: matchers.date(),
    dt.time: lambda _: matchers.time(),
    types.NoneType: lambda _: matchers.null(),
}
"""What the JSON of a field of this type and name looks like."""


class Field(NamedTuple):
    """One member of an object: its Python name, its name in JSON, its type, and whether it must be there."""

    name: str
    key: str
    annotation: Any
    required: bool
    example: Any = MISSING


def shape_of(value: Any, given: Mapping[str, Any] | None = None) -> Any:
    """Return the value with models and their instances in it as objects; `given` are fields of the value itself.

    Raises DeclarationError for a field whose type says too little and for one that the model does not have.
    """
    if isinstance(value, type) and _is_model(value):
        return _of_model(value, given or {}, ())
    if given:
        raise DeclarationError(f"{', '.join(given)}: only a dataclass or a pydantic model has fields to give")
    if _is_model(type(value)):
        return {field.key: shape_of(getattr(value, field.name)) for field in _fields(type(value))}
    if isinstance(value, Mapping):
        return {key: shape_of(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shape_of(item) for item in value]
    return _plain(value)


def values_like(value: Any, key: str = "key") -> AbstractMatcher[Any]:
    """Return the matcher of an object each of whose values is like this one."""
    item = value if isinstance(value, AbstractMatcher) else match.like(value)
    return GenericMatcher("values", {key: item})


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, UUID):
        return matchers.uuid(value)
    if isinstance(value, dt.datetime):
        return matchers.datetime(value)
    if isinstance(value, dt.date):
        return matchers.date(value)
    return value


def _is_model(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) or hasattr(kind, "__pydantic_fields__")


def _fields(model: Any) -> list[Field]:
    if hasattr(model, "__pydantic_fields__"):
        return [_of_pydantic(name, info) for name, info in model.__pydantic_fields__.items()]
    hints = typing.get_type_hints(model)
    return [
        Field(
            each.name,
            each.name,
            hints[each.name],
            each.default is each.default_factory is dataclasses.MISSING,
        )
        for each in dataclasses.fields(model)
    ]


def _of_pydantic(name: str, info: Any) -> Field:
    alias = info.validation_alias if isinstance(info.validation_alias, str) else info.alias
    example = info.examples[0] if info.examples else MISSING
    return Field(name, alias or name, info.annotation, info.is_required(), example)


def _of_model(model: Any, given: Mapping[str, Any], outer: tuple[Any, ...]) -> dict[str, Any]:
    if model in outer:
        raise DeclarationError(f"{model.__name__} holds itself: give an instance of it, which ends somewhere")
    fields = _fields(model)
    unknown = given.keys() - {field.name for field in fields}
    if unknown:
        raise DeclarationError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
    return {
        field.key: shape_of(given[field.name])
        if field.name in given
        else _of_field(model, field, (*outer, model))
        for field in fields
        if field.required or field.name in given
    }


def _of_field(model: Any, field: Field, outer: tuple[Any, ...]) -> Any:
    if field.example is not MISSING:
        return shape_of(field.example)
    found = _of_type(field.annotation, field.name, outer)
    if found is MISSING:
        raise DeclarationError(
            f"{model.__name__}.{field.name} is {field.annotation}, which says too little about its JSON: "
            f"give it, like({model.__name__}, {field.name}=…)"
        )
    return found


def _of_type(annotation: Any, name: str, outer: tuple[Any, ...]) -> Any:
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Annotated:
        return _of_type(arguments[0], name, outer)
    if origin is typing.Literal:
        return _of_choices(arguments)
    if origin in {typing.Union, types.UnionType}:
        return _of_union(arguments, name, outer)
    if isinstance(origin, type):
        return _of_container(origin, arguments, name, outer)
    return _of_class(annotation, name, outer) if isinstance(annotation, type) else MISSING


def _of_class(kind: type, name: str, outer: tuple[Any, ...]) -> Any:
    if _is_model(kind):
        return _of_model(kind, {}, outer)
    if issubclass(kind, enum.Enum):
        return _of_choices([member.value for member in kind])
    return SCALARS[kind](name) if kind in SCALARS else MISSING


def _of_choices(values: Collection[Any]) -> Any:
    if values and all(isinstance(value, str) for value in values):
        return matchers.one_of(*values)
    return next(iter(values)) if len(values) == 1 else MISSING


def _of_union(members: Collection[Any], name: str, outer: tuple[Any, ...]) -> Any:
    """Null, or one kind of single values, is the one choice that a contract can leave."""
    others = [member for member in members if member is not types.NoneType]
    found = _of_type(others[0], name, outer) if len(others) == 1 else MISSING
    return MISSING if isinstance(found, dict | list) or found is MISSING else matchers.null_or(found)


def _of_container(kind: type, arguments: Collection[Any], name: str, outer: tuple[Any, ...]) -> Any:
    members = [member for member in arguments if member is not Ellipsis]
    found = _of_type(members[-1], name, outer) if members else MISSING
    if found is MISSING:
        return MISSING
    if issubclass(kind, Mapping):
        return values_like(found)
    if issubclass(kind, Collection) and len(members) == 1:
        return GenericMatcher("type", [found], min=1)
    return MISSING
