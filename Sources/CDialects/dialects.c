#include "dialects.h"

// Each document is compiled in as it stands in its file: there is no second copy that could differ from it.
// A new one is a line in each of the two lists below.
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

static const struct compiled_dialect all[] = {
    {"cor", cor, COUNT(cor)},
    {"elastic-path", elastic_path, COUNT(elastic_path)},
    {"softwareone", softwareone, COUNT(softwareone)},
    {"catalogue", catalogue, COUNT(catalogue)},
};

size_t compiled_dialect_count(void) { return COUNT(all); }

struct compiled_dialect compiled_dialect_at(size_t index) {
    struct compiled_dialect none = {"", all[0].bytes, 0};
    return index < COUNT(all) ? all[index] : none;
}
