#pragma once
/* mallopt(3) and malloc_trim(3), which Swift's module of glibc leaves out. */
#include <malloc.h>
