// Stands before the C library's allocator and counts.
#include "allocation_count.h"
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);

static atomic_ulong allocations;
// The threads of the benchmark's own caller and vendor are no part of what is measured.
static _Thread_local int is_left_out;

unsigned long allocation_count(void) { return atomic_load_explicit(&allocations, memory_order_relaxed); }

void allocation_count_leave_out_this_thread(void) { is_left_out = 1; }

static void count(void) {
    if (!is_left_out) atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
    count();
    return __libc_realloc(pointer, size);
}
