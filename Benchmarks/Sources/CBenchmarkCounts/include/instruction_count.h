#ifndef INSTRUCTION_COUNT_H
#define INSTRUCTION_COUNT_H

/// Have callgrind count from here on, and no more. Without callgrind they do nothing.
void instruction_count_start(void);
void instruction_count_stop(void);

#endif
