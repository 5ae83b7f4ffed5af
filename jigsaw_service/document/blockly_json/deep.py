"""JSON of any depth: a stack of blocks is nested as deep as it is long."""

import json
import re
from json.decoder import JSONDecodeError
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()
_CLOSING = {"{": "}", "[": "]"}


def loads(text: str) -> Any:
    """The value; ValueError where there is none. Nothing here recurses."""
    try:
        return json.loads(text)
    except RecursionError:
        return _JsonReader(text).read()


class _JsonReader:
    """Values whose end has not been seen yet are on a stack."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[Any] = []
        self._keys: list[str] = []

    def read(self) -> Any:
        while True:
            value, is_open = self._value()
            if is_open:
                continue
            while self._open:
                if self._add(value):
                    break
                value = self._open.pop()
            else:
                if self._peek():
                    raise JSONDecodeError("Extra data", self._text, self._at)
                return value

    def _peek(self) -> str:
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            raise JSONDecodeError(f"Expecting {sign}", self._text, self._at)
        self._at += 1

    def _value(self) -> tuple[Any, bool]:
        """The next value; or an object or a list that goes on."""
        sign = self._peek()
        if sign not in _CLOSING or not sign:
            return self._scalar(), False
        self._at += 1
        value: Any = {} if sign == "{" else []
        if self._peek() == _CLOSING[sign]:
            self._at += 1
            return value, False
        self._open.append(value)
        self._key()
        return value, True

    def _scalar(self) -> Any:
        value, self._at = _DECODER.raw_decode(self._text, self._at)
        return value

    def _key(self) -> None:
        if isinstance(self._open[-1], dict):
            if self._peek() != '"':
                raise JSONDecodeError("Expecting a name", self._text, self._at)
            key = self._scalar()
            self._take(":")
            self._keys.append(key)

    def _add(self, value: Any) -> bool:
        """Put a value where it belongs; True if another follows there."""
        holder = self._open[-1]
        is_object = isinstance(holder, dict)
        if is_object:
            holder[self._keys.pop()] = value
        else:
            holder.append(value)
        if self._peek() == ",":
            self._at += 1
            self._key()
            return True
        self._take("}" if is_object else "]")
        return False
