#pragma once

// The number of allocations that this process has made.
unsigned long allocation_count(void);
