"""Says where answers differ from an OpenAPI document: {"document", "answers": [{"method", "path", "status", "headers",
"body"}]} on standard input, one line for each difference on standard output.

Stricter than the document, which lets answers get further members: here every member must be described.
"""

import copy
import json
import sys

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

# What says nothing of its own, so that OpenAPI leaves it out.
UNDESCRIBED_FIELDS = {"content-type", "content-length", "date"}
# Whose content is somebody else's.
OPEN = {"VendorContent", "VendorDocument"}


def closed(document):
    """The same with no member allowed that is not described."""
    document = copy.deepcopy(document)
    for name, schema in document["components"]["schemas"].items():
        if name not in OPEN:
            close(schema)
    return document


def close(schema):
    if isinstance(schema, list):
        for each in schema:
            close(each)
    elif isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for name, each in schema.items():
            if name != "examples":
                close(each)


class Document:
    def __init__(self, document):
        self.document = document
        self.registry = Registry().with_resource(
            "urn:document", Resource.from_contents(document, default_specification=DRAFT202012))

    def resolved(self, value):
        while "$ref" in value:
            target = self.document
            for token in value["$ref"].removeprefix("#/").split("/"):
                target = target[token]
            value = target
        return value

    def mistakes(self, schema, value):
        """In words, each with the place of the value."""
        schema = json.loads(json.dumps(schema).replace('"#/', '"urn:document#/'))
        validator = Draft202012Validator(schema, registry=self.registry)
        for error in validator.iter_errors(value):
            # Where one of several should fit, what is wrong with each says more than the whole value.
            causes = [f"{cause.json_path}: {cause.message}" for cause in error.context or []]
            yield f"{error.json_path}: {'; '.join(causes) or error.message}"

    def operation(self, method, path):
        for template, item in self.document["paths"].items():
            parts, wanted = path.split("?")[0].split("/"), template.split("/")
            if len(parts) == len(wanted) and all(
                    part == want or want.startswith("{") for part, want in zip(parts, wanted)):
                return item.get(method.lower())
        return None

    def differences(self, answer):
        operation = self.operation(answer["method"], answer["path"])
        if operation is None:
            yield "no such operation"
            return
        response = operation["responses"].get(str(answer["status"]))
        if response is None:
            yield f"status {answer['status']} is not described"
            return
        response = self.resolved(response)
        described = {name: self.resolved(field) for name, field in response.get("headers", {}).items()}
        for name in sorted(set(answer["headers"]) - set(described) - UNDESCRIBED_FIELDS):
            yield f"the field {name} is not described"
        for name, field in described.items():
            if name not in answer["headers"]:
                if field.get("required"):
                    yield f"the field {name} is missing"
                continue
            value = answer["headers"][name]
            yield from self.mistakes(
                field["schema"], int(value) if field["schema"]["type"] == "integer" else value)
        content = response.get("content", {})
        media_type = answer["headers"].get("content-type")
        if media_type is None and not content:
            return
        if media_type not in content:
            yield f"{media_type} is not among {sorted(content)}"
            return
        yield from self.mistakes(content[media_type]["schema"], json.loads(answer["body"]))

    def examples(self):
        """Each example with the schema that it stands beside."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                places = [operation.get("requestBody", {}), *map(self.resolved, operation["responses"].values())]
                for place in places:
                    for media in place.get("content", {}).values():
                        for name, example in media.get("examples", {}).items():
                            yield f"{method} {path} {name}", media["schema"], self.resolved(example)["value"]


def main():
    given = json.load(sys.stdin)
    document = Document(closed(given["document"]))
    for answer in given["answers"]:
        for difference in document.differences(answer):
            print(f"{answer['method']} {answer['path']} {answer['status']}: {difference}")
    for name, schema, value in document.examples():
        for mistake in document.mistakes(schema, value):
            print(f"the example {name}: {mistake}")


main()
