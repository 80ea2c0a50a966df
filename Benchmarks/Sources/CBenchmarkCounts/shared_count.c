// Stands before the reference counting of Swift's runtime and counts who uses what. The runtime has variables with the
// functions for that, made for instruments like this one (stdlib/public/runtime/HeapObject.cpp).
#define _GNU_SOURCE
#include "shared_count.h"
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

extern void *(*_swift_retain)(void *object);
extern void *(*_swift_retain_n)(void *object, uint32_t n);
extern void (*_swift_release)(void *object);
extern void (*_swift_release_n)(void *object, uint32_t n);
extern unsigned char _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly;

// More objects than two thousand exchanges use. A thread that uses more counts no new ones, and says so by a full
// table.
enum { threads_max = 16, objects_max = 1 << 20 };

struct use {
    const void *object;
    const void *type;
    unsigned long count;
};

static struct use *tables[threads_max];
static atomic_uint threads;
static atomic_int is_counting;
static _Thread_local struct use *own;
static _Thread_local int is_left_out;

static void *(*retain)(void *);
static void *(*retain_n)(void *, uint32_t);
static void (*release)(void *);
static void (*release_n)(void *, uint32_t);

enum { segments_max = 256 };
static struct {
    uintptr_t start, end;
} segments[segments_max];
static unsigned segments_count;

static int note_segments(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size, (void)context;
    for (unsigned index = 0; index < info->dlpi_phnum && segments_count < segments_max; index++) {
        if (info->dlpi_phdr[index].p_type != PT_LOAD) continue;
        uintptr_t start = info->dlpi_addr + info->dlpi_phdr[index].p_vaddr;
        segments[segments_count].start = start;
        segments[segments_count++].end = start + info->dlpi_phdr[index].p_memsz;
    }
    return 0;
}

// What the runtime's own functions leave alone: what is no object (a small string, a literal, the case of an
// enumeration) and what lives for ever. It takes their highest bits off before it calls these functions, by which
// they could be told.
static int is_uncounted(const void *object) {
    uintptr_t address = (uintptr_t)object;
    // On this system memory is at 0x55, 0x56, 0x7e or 0x7f and five bytes more; small strings hardly ever look like
    // that.
    uintptr_t region = address >> 40;
    if (address & 15 || (region != 0x55 && region != 0x56 && region != 0x7e && region != 0x7f)) return 1;
    for (unsigned index = 0; index < segments_count; index++) {
        if (address >= segments[index].start && address < segments[index].end) return 1;
    }
    return 0;
}

static void count(const void *object) {
    if (!atomic_load_explicit(&is_counting, memory_order_relaxed) || is_left_out) return;
    if (!own) {
        unsigned index = atomic_fetch_add(&threads, 1);
        if (index >= threads_max) abort();
        own = tables[index] = calloc(objects_max, sizeof *own);
        if (!own) abort();
    }
    size_t place = ((uintptr_t)object >> 4) * 0x9E3779B97F4A7C15u >> 44;
    for (unsigned step = 0; step < 64; step++, place = (place + 1) & (objects_max - 1)) {
        if (own[place].object == object || !own[place].object) {
            own[place].object = object;
            // A class's metadata are what an object begins with.
            own[place].type = *(const void *const *)object;
            own[place].count++;
            return;
        }
    }
}

static void *counted_retain(void *object) {
    if (is_uncounted(object)) return object;
    count(object);
    return retain(object);
}
static void *counted_retain_n(void *object, uint32_t n) {
    if (is_uncounted(object)) return object;
    count(object);
    return retain_n(object, n);
}
static void counted_release(void *object) {
    if (is_uncounted(object)) return;
    count(object);
    release(object);
}
static void counted_release_n(void *object, uint32_t n) {
    if (is_uncounted(object)) return;
    count(object);
    release_n(object, n);
}

void shared_count_start(void) {
    if (!retain) {
        dl_iterate_phdr(note_segments, NULL);
        retain = _swift_retain, retain_n = _swift_retain_n, release = _swift_release, release_n = _swift_release_n;
        _swift_retain = counted_retain, _swift_retain_n = counted_retain_n;
        _swift_release = counted_release, _swift_release_n = counted_release_n;
        _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = 1;
    }
    atomic_store(&is_counting, 1);
}

void shared_count_stop(void) {
    if (!retain) return;
    atomic_store(&is_counting, 0);
    _swift_retain = retain, _swift_retain_n = retain_n, _swift_release = release, _swift_release_n = release_n;
    _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = 0;
}

void shared_count_leave_out_this_thread(void) { is_left_out = 1; }

static unsigned long uses(const struct use *table, const void *object) {
    size_t place = ((uintptr_t)object >> 4) * 0x9E3779B97F4A7C15u >> 44;
    for (unsigned step = 0; step < 64; step++, place = (place + 1) & (objects_max - 1)) {
        if (table[place].object == object) return table[place].count;
    }
    return 0;
}

static int by_count(const void *one, const void *other) {
    unsigned long a = ((const struct shared_object *)one)->count, b = ((const struct shared_object *)other)->count;
    return a < b ? 1 : a > b ? -1 : 0;
}

unsigned shared_count_objects(struct shared_object *objects, unsigned capacity, unsigned long least) {
    unsigned found = 0, known = atomic_load(&threads);
    for (unsigned index = 0; index < known; index++) {
        for (size_t place = 0; place < objects_max && found < capacity; place++) {
            struct use use = tables[index][place];
            if (use.count < least) continue;
            struct shared_object shared = {use.type, use.count, 1};
            int is_reported = 0;
            for (unsigned other = 0; other < known; other++) {
                unsigned long count = other == index ? 0 : uses(tables[other], use.object);
                if (count < least) continue;
                // The first of its threads reports it.
                if (other < index) is_reported = 1;
                shared.count += count;
                shared.threads++;
            }
            if (shared.threads > 1 && !is_reported) objects[found++] = shared;
        }
    }
    qsort(objects, found, sizeof *objects, by_count);
    return found;
}
