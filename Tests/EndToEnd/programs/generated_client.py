"""Uses the client that openapi-python-client has made of the OpenAPI document (the package `gateway_client`) against a
running gateway whose vendors are the stand-ins: BASE-URL AUTHORITY. Ends with 0 when everything was as it should be."""

import ssl
import sys

from gateway_client import Client
from gateway_client.api.documents import get_problem
from gateway_client.api.products import create_product, update_product, update_product_by_put
from gateway_client.api.targets import get_target, list_targets
from gateway_client.models import (
    Answer, DryRun, Outcome, Problem, ProblemOrigin, ProductKind, ProductStatus, ProductUpdate, ProductUpdateIds,
    ProductUpdateTranslations, ProductUpdateTranslationsEntry, Results)
from gateway_client.types import UNSET

COR = "EXT-PROD-12345"
EP = "60afe403-a191-455e-b771-c510c928a308"

base, authority = sys.argv[1:]
client = Client(base_url=base, verify_ssl=ssl.create_default_context(cafile=authority), raise_on_unexpected_status=True)

# An update.
answer = update_product.sync(COR, client=client, body=ProductUpdate(name="Generated"), target="cor")
assert isinstance(answer, Answer), answer
assert (answer.target, answer.id, answer.product.name, answer.vendor.status) == ("cor", COR, "Generated", 200)
assert answer.warnings == []

# The same by PUT, lenient, without the product, with a name for the request.
detailed = update_product_by_put.sync_detailed(
    COR, client=client, body=ProductUpdate(name="x", sku="S-1"), target="cor",
    prefer="handling=lenient, return=minimal", x_request_id="generated-1")
assert detailed.headers["x-request-id"] == detailed.parsed.request_id == "generated-1"
assert detailed.headers["preference-applied"] == "handling=lenient, return=minimal"
assert detailed.parsed.product is UNSET
assert [(warning.pointer, warning.code) for warning in detailed.parsed.warnings] == [("/sku", "unsupported_field")]

# Words of the canonical product, maps, and what clears.
translations = ProductUpdateTranslations()
translations["de-DE"] = ProductUpdateTranslationsEntry(name="Reihe")
answer = update_product.sync(
    EP, client=client, target="elastic-path",
    body=ProductUpdate(status=ProductStatus.LIVE, translations=translations))
assert isinstance(answer, Answer), answer
assert answer.product.status is ProductStatus.LIVE
assert answer.product.translations["de-DE"] == {"name": "Reihe"}
refused = update_product.sync(EP, client=client, target="elastic-path", body=ProductUpdate(name=None))
assert isinstance(refused, Problem) and [error.code for error in refused.errors] == ["cannot_clear"], refused

# A dry run.
dry = update_product.sync(COR, client=client, body=ProductUpdate(name="x"), target="cor", dry_run=True)
assert isinstance(dry, DryRun), dry
assert (dry.method, dry.headers["authorization"], dry.body["name"]) == ("PUT", "Bearer ***", "x")

# A creation.
detailed = create_product.sync_detailed(
    client=client, target="elastic-path", body=ProductUpdate(name="Generated", kind=ProductKind.DIGITAL))
created = detailed.parsed
assert isinstance(created, Answer), detailed
assert created.id and (detailed.status_code, created.vendor.status) == (201, 201)
assert detailed.headers["location"] == f"/v1/products/{created.id}?target=elastic-path"
dry = create_product.sync(
    client=client, target="elastic-path", body=ProductUpdate(name="x", kind=ProductKind.DIGITAL), dry_run=True)
assert isinstance(dry, DryRun) and dry.method == "POST", dry
again = update_product.sync(created.id, client=client, target="elastic-path", body=ProductUpdate(name="Renamed"))
assert isinstance(again, Answer) and again.product.name == "Renamed", again

# Several targets, one of which cannot take it.
ids = ProductUpdateIds()
ids["elastic-path"] = "nobody"
results = update_product.sync(
    COR, client=client, target="cor,elastic-path", body=ProductUpdate(name="Everywhere", ids=ids))
assert isinstance(results, Results), results
first, second = results.results
assert isinstance(first, Answer) and (first.status, first.product.name) == (200, "Everywhere"), first
assert isinstance(second, Problem) and (second.status, second.code) == (404, "product_not_found"), second
detailed = update_product.sync_detailed(
    "nobody", client=client, target="cor,elastic-path", body=ProductUpdate(name="x"))
assert detailed.status_code == 404 and isinstance(detailed.parsed, Results), detailed
assert [each.code for each in detailed.parsed.results] == ["product_not_found"] * 2
dry = update_product.sync(
    COR, client=client, target="cor,softwareone", body=ProductUpdate(name="x"), dry_run=True)
assert [type(each) for each in dry.results] == [DryRun, DryRun], dry

# Problems of the gateway and of a vendor, and what they lead to.
problem = update_product.sync(COR, client=client, body=ProductUpdate(name="x"), target="nobody")
assert isinstance(problem, Problem), problem
assert (problem.code, problem.origin, problem.outcome) == ("unknown_target", ProblemOrigin.GATEWAY, Outcome.NOT_SENT)
page = get_problem.sync(problem.code, client=client)
assert (page.code, page.status) == ("unknown_target", 404), page
problem = update_product.sync(EP, client=client, body=ProductUpdate(sku="TAKEN-SKU"), target="elastic-path")
assert (problem.code, problem.origin, problem.retryable) == ("validation_failed", ProblemOrigin.VENDOR, False), problem
assert (problem.errors[0].pointer, problem.errors[0].code, problem.vendor.status) == ("/sku", "not_unique", 422)
detailed = update_product.sync_detailed(
    f"{COR}~429-retry-after", client=client, body=ProductUpdate(name="x"), target="cor")
assert (detailed.parsed.retryable, detailed.headers["retry-after"]) == (True, "1"), detailed

# What there is to read.
targets = list_targets.sync(client=client)
assert targets.default_target == "cor"
assert {target.name for target in targets.targets} == {"cor", "elastic-path", "softwareone", "catalogue"}
catalogue = get_target.sync("catalogue", client=client)
assert catalogue.operations.update.reads_first and catalogue.fields[0].pointer == "/name", catalogue
