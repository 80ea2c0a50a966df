#include "instruction_count.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>

void instruction_count_start(void) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
}

void instruction_count_stop(void) { CALLGRIND_STOP_INSTRUMENTATION; }
#else
void instruction_count_start(void) {}
void instruction_count_stop(void) {}
#endif
