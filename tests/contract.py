"""Holds answers against the API document: what is not as documented is an error of one of the two."""

import copy
import gzip
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "build/apitools"))  # install_apitools in scripts/common.sh

import jsonschema_rs  # noqa: E402

WITHOUT_BODY = {101, 202, 204, 304}


def _closed(schema):
    """The schema, with objects that may have nothing but what is described."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema and "type" in schema:
        made["additionalProperties"] = False
    return made


def _reasons(error):
    """What is wrong at the bottom of it: of an anyOf what the alternative lacks that fits best."""
    alternatives = getattr(error.kind, "context", None)
    if not alternatives:
        return [f"at {'/'.join(map(str, error.instance_path))}: {error.message[-300:]}"]
    best = min(alternatives, key=lambda each: (len(each), -max((len(e.instance_path) for e in each), default=0)))
    return [reason for each in best for reason in _reasons(each)]


class Contract:
    def __init__(self, document: dict):
        self.document = document
        self.operations = []  # (method, pattern, regular expression, operation)
        for path, methods in document["paths"].items():
            pattern = re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part)
                                         for part in re.split(r"(\{[^}]*\})", path)))
            for method, operation in methods.items():
                self.operations.append((method.upper(), path, pattern, operation))
        # Fixed names before parameters, as the server looks for them.
        self.operations.sort(key=lambda each: (each[1].count("{"), each[1]))
        self._schemas = _closed(copy.deepcopy(document["components"]["schemas"]))
        self._validators = {}
        self.seen = set()  # (operation id, status) of the answers that were checked

    def operation(self, method: str, target: str):
        path = target.split("?")[0]
        method = "GET" if method == "HEAD" else method
        for candidate, _, pattern, operation in self.operations:
            if candidate == method and pattern.fullmatch(path):
                return operation
        return None

    def _validator(self, key, schema):
        if key not in self._validators:
            whole = {"$ref": "#/$defs/it", "$defs": {"it": _closed(copy.deepcopy(schema))}}
            text = json.dumps({**whole, "components": {"schemas": self._schemas}})
            self._validators[key] = jsonschema_rs.Draft202012Validator(json.loads(text), validate_formats=True)
        return self._validators[key]

    def problems(self, method: str, target: str, status: int, headers: dict, body: bytes):
        """What is not as documented, as sentences; none of a path that is not described. `headers` in lower case."""
        operation = self.operation(method, target)
        if operation is None:
            return []
        what = f"{method} {target[:200]} -> {status}"
        documented = operation["responses"].get(str(status))
        if documented is None:
            return [f"{what}: this status is not documented: {body[:300]!r}"]
        found = []
        for name in documented.get("headers", {}):
            always = name in ("ETag", "Location", "Retry-After", "WWW-Authenticate", "X-Request-Id", "Content-Range")
            if always and name.lower() not in headers and not (status == 304 and name != "ETag"):
                found.append(f"{what}: the header {name} is missing")
        self.seen.add((operation["operationId"], status))
        content = documented.get("content")
        if method == "HEAD" or status in (101, 204, 304) or (not content and not body):
            return found
        if not content:
            return found + [f"{what}: a body is not documented"]
        media_type = headers.get("content-type", "").split(";")[0]
        if media_type not in content and "*/*" not in content:
            return found + [f"{what}: the content type {media_type} is not documented"]
        if not media_type.endswith("json") or media_type not in content or "schema" not in content[media_type]:
            return found
        key = (operation["operationId"], status, media_type)
        validator = self._validator(key, content[media_type]["schema"])
        coding = headers.get("content-encoding", "identity")
        if coding == "gzip":
            body = gzip.decompress(body)
        elif coding != "identity":
            return found
        value = json.loads(body)
        for error in list(validator.iter_errors(value))[:3]:
            found += [f"{what}: {reason}" for reason in _reasons(error)[:5]]
        if media_type == "application/problem+json" and f"`{value['code']}`" not in documented["description"]:
            found.append(f"{what}: the code {value['code']} is not documented: {value['detail'][:200]}")
        return found
