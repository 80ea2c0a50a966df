#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

/// Calls of malloc, calloc and realloc so far, of all threads but those left out.
unsigned long allocation_count(void);

/// Leaves the calling thread out from now on.
void allocation_count_leave_out_this_thread(void);

#endif
