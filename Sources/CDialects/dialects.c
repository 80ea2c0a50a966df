#include "dialects.h"

// Each document is compiled in as it stands in its file: there is no second copy that could differ from it.
// A new one is a line in each of the lists below.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define COUNT(bytes) (sizeof(bytes) / sizeof(bytes[0]))

static const unsigned char cor[] = {
#embed "../../dialects/cor/dialect.json"
};

static const unsigned char elastic_path[] = {
#embed "../../dialects/elastic-path/dialect.json"
};

static const unsigned char softwareone[] = {
#embed "../../dialects/softwareone/dialect.json"
};

static const unsigned char catalogue[] = {
#embed "../../dialects/catalogue/dialect.json"
};

static const unsigned char stripe[] = {
#embed "../../dialects/stripe/dialect.json"
};

static const unsigned char bigcommerce[] = {
#embed "../../dialects/bigcommerce/dialect.json"
};

static const unsigned char shopify[] = {
#embed "../../dialects/shopify/dialect.json"
};

static const unsigned char commercetools[] = {
#embed "../../dialects/commercetools/dialect.json"
};

static const unsigned char woocommerce[] = {
#embed "../../dialects/woocommerce/dialect.json"
};

static const unsigned char adobe_commerce[] = {
#embed "../../dialects/adobe-commerce/dialect.json"
};

static const unsigned char akeneo[] = {
#embed "../../dialects/akeneo/dialect.json"
};

static const unsigned char salesforce[] = {
#embed "../../dialects/salesforce/dialect.json"
};

static const unsigned char contentful[] = {
#embed "../../dialects/contentful/dialect.json"
};

static const unsigned char schema[] = {
#embed "../../dialects/dialect.schema.json"
};

static const unsigned char stripe_sandbox[] = {
#embed "../../dialects/stripe/sandbox.json"
};

static const unsigned char bigcommerce_sandbox[] = {
#embed "../../dialects/bigcommerce/sandbox.json"
};

static const unsigned char shopify_sandbox[] = {
#embed "../../dialects/shopify/sandbox.json"
};

static const unsigned char commercetools_sandbox[] = {
#embed "../../dialects/commercetools/sandbox.json"
};

static const unsigned char woocommerce_sandbox[] = {
#embed "../../dialects/woocommerce/sandbox.json"
};

static const unsigned char adobe_commerce_sandbox[] = {
#embed "../../dialects/adobe-commerce/sandbox.json"
};

static const unsigned char akeneo_sandbox[] = {
#embed "../../dialects/akeneo/sandbox.json"
};

static const unsigned char salesforce_sandbox[] = {
#embed "../../dialects/salesforce/sandbox.json"
};

static const unsigned char contentful_sandbox[] = {
#embed "../../dialects/contentful/sandbox.json"
};

static const unsigned char cor_examples[] = {
#embed "../../dialects/cor/examples.json"
};

static const unsigned char elastic_path_examples[] = {
#embed "../../dialects/elastic-path/examples.json"
};

static const unsigned char softwareone_examples[] = {
#embed "../../dialects/softwareone/examples.json"
};

static const unsigned char catalogue_examples[] = {
#embed "../../dialects/catalogue/examples.json"
};

static const unsigned char stripe_examples[] = {
#embed "../../dialects/stripe/examples.json"
};

static const unsigned char bigcommerce_examples[] = {
#embed "../../dialects/bigcommerce/examples.json"
};

static const unsigned char shopify_examples[] = {
#embed "../../dialects/shopify/examples.json"
};

static const unsigned char commercetools_examples[] = {
#embed "../../dialects/commercetools/examples.json"
};

static const unsigned char woocommerce_examples[] = {
#embed "../../dialects/woocommerce/examples.json"
};

static const unsigned char adobe_commerce_examples[] = {
#embed "../../dialects/adobe-commerce/examples.json"
};

static const unsigned char akeneo_examples[] = {
#embed "../../dialects/akeneo/examples.json"
};

static const unsigned char salesforce_examples[] = {
#embed "../../dialects/salesforce/examples.json"
};

static const unsigned char contentful_examples[] = {
#embed "../../dialects/contentful/examples.json"
};

static const struct compiled_dialect all[] = {
    {"cor", cor, COUNT(cor)},
    {"elastic-path", elastic_path, COUNT(elastic_path)},
    {"softwareone", softwareone, COUNT(softwareone)},
    {"catalogue", catalogue, COUNT(catalogue)},
    {"stripe", stripe, COUNT(stripe)},
    {"bigcommerce", bigcommerce, COUNT(bigcommerce)},
    {"shopify", shopify, COUNT(shopify)},
    {"commercetools", commercetools, COUNT(commercetools)},
    {"woocommerce", woocommerce, COUNT(woocommerce)},
    {"adobe-commerce", adobe_commerce, COUNT(adobe_commerce)},
    {"akeneo", akeneo, COUNT(akeneo)},
    {"salesforce", salesforce, COUNT(salesforce)},
    {"contentful", contentful, COUNT(contentful)},
};

size_t compiled_dialect_count(void) { return COUNT(all); }

struct compiled_dialect compiled_dialect_at(size_t index) {
    struct compiled_dialect none = {"", all[0].bytes, 0};
    return index < COUNT(all) ? all[index] : none;
}

struct compiled_dialect compiled_dialect_schema(void) {
    struct compiled_dialect document = {"schema", schema, COUNT(schema)};
    return document;
}

// What stand-ins answer for a vendor: the examples of its pages.
static const struct compiled_dialect sandboxes[] = {
    {"stripe", stripe_sandbox, COUNT(stripe_sandbox)},
    {"bigcommerce", bigcommerce_sandbox, COUNT(bigcommerce_sandbox)},
    {"shopify", shopify_sandbox, COUNT(shopify_sandbox)},
    {"commercetools", commercetools_sandbox, COUNT(commercetools_sandbox)},
    {"woocommerce", woocommerce_sandbox, COUNT(woocommerce_sandbox)},
    {"adobe-commerce", adobe_commerce_sandbox, COUNT(adobe_commerce_sandbox)},
    {"akeneo", akeneo_sandbox, COUNT(akeneo_sandbox)},
    {"salesforce", salesforce_sandbox, COUNT(salesforce_sandbox)},
    {"contentful", contentful_sandbox, COUNT(contentful_sandbox)},
};

size_t compiled_sandbox_count(void) { return COUNT(sandboxes); }

struct compiled_dialect compiled_sandbox_at(size_t index) {
    struct compiled_dialect none = {"", sandboxes[0].bytes, 0};
    return index < COUNT(sandboxes) ? sandboxes[index] : none;
}

// What vendors answer, for people to try a dialect with.
static const struct compiled_dialect examples[] = {
    {"cor", cor_examples, COUNT(cor_examples)},
    {"elastic-path", elastic_path_examples, COUNT(elastic_path_examples)},
    {"softwareone", softwareone_examples, COUNT(softwareone_examples)},
    {"catalogue", catalogue_examples, COUNT(catalogue_examples)},
    {"stripe", stripe_examples, COUNT(stripe_examples)},
    {"bigcommerce", bigcommerce_examples, COUNT(bigcommerce_examples)},
    {"shopify", shopify_examples, COUNT(shopify_examples)},
    {"commercetools", commercetools_examples, COUNT(commercetools_examples)},
    {"woocommerce", woocommerce_examples, COUNT(woocommerce_examples)},
    {"adobe-commerce", adobe_commerce_examples, COUNT(adobe_commerce_examples)},
    {"akeneo", akeneo_examples, COUNT(akeneo_examples)},
    {"salesforce", salesforce_examples, COUNT(salesforce_examples)},
    {"contentful", contentful_examples, COUNT(contentful_examples)},
};

size_t compiled_examples_count(void) { return COUNT(examples); }

struct compiled_dialect compiled_examples_at(size_t index) {
    struct compiled_dialect none = {"", examples[0].bytes, 0};
    return index < COUNT(examples) ? examples[index] : none;
}
