#ifndef PRODUCT_GATEWAY_DIALECTS_H
#define PRODUCT_GATEWAY_DIALECTS_H

#include <stddef.h>

/// A file of the folder `dialects`, as it was when this was compiled. Lives as long as the process.
struct compiled_dialect {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// How many there are.
size_t compiled_dialect_count(void);

/// The one at `index`, in no particular order; an empty one where there is none.
struct compiled_dialect compiled_dialect_at(size_t index);

/// The JSON Schema of the documents.
struct compiled_dialect compiled_dialect_schema(void);

/// How many vendors have examples for a stand-in.
size_t compiled_sandbox_count(void);

/// The examples of one: a file `sandbox.json`.
struct compiled_dialect compiled_sandbox_at(size_t index);

/// How many vendors have examples for people.
size_t compiled_examples_count(void);

/// The examples of one: a file `examples.json`.
struct compiled_dialect compiled_examples_at(size_t index);

#endif
