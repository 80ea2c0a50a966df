#ifndef SHARED_COUNT_H
#define SHARED_COUNT_H

/// Counts retains and releases by object and by thread, from here on. Swift's runtime calls the counting functions
/// instead of its own until it is stopped, which makes it slower: nothing else is to be measured with it.
void shared_count_start(void);
void shared_count_stop(void);

/// The threads of the benchmark's own caller and vendor are no part of what is measured.
void shared_count_leave_out_this_thread(void);

/// An object that several threads have retained or released.
struct shared_object {
    /// The metadata of its class. The object itself may be gone by now.
    const void *type;
    /// Retains and releases by all threads together.
    unsigned long count;
    /// How many threads.
    unsigned threads;
};

/// Writes the objects that at least two threads have used at least `least` times each, the most used first; returns how
/// many there are, and at most `capacity`.
unsigned shared_count_objects(struct shared_object *objects, unsigned capacity, unsigned long least);

#endif
