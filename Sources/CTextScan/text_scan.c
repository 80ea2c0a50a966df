#include "text_scan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
// Every processor with the one has the other; a virtual machine may hide either.
#define HAS_AVX2() (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
#endif

// Into functions for other processors, too.
#define INLINE static inline __attribute__((always_inline))

/// The value of a hexadecimal digit; 0xFF for every other byte.
INLINE uint8_t digit(uint8_t byte) {
    uint8_t decimal = (uint8_t)(byte - '0');
    if (decimal < 10) return decimal;
    uint8_t letter = (uint8_t)((byte | 0x20) - 'a');
    return letter < 6 ? (uint8_t)(letter + 10) : 0xFF;
}

/// The length of an escape, by the byte behind its backslash; 0 for what is none.
static const uint8_t escape_lengths[256] = {
    ['"'] = 2, ['\\'] = 2, ['/'] = 2, ['b'] = 2, ['f'] = 2, ['n'] = 2, ['r'] = 2, ['t'] = 2, ['u'] = 6,
};

/// Whether an escape `\uXXXX` is one scalar value by itself.
INLINE bool is_scalar_value(const uint8_t *escape) {
    uint8_t first = digit(escape[2]), second = digit(escape[3]), third = digit(escape[4]), fourth = digit(escape[5]);
    if ((first | second | third | fourth) > 15) return false;
    // Halves of surrogate pairs are D800 to DFFF.
    return first != 13 || second < 8;
}

/// How many bytes are looked at together.
#define WINDOW 64

/// `text_scan_string`, by what tells which of 64 bytes are special.
#define SCAN_STRING(special_of)                                                                                        \
    size_t index = start;                                                                                              \
    bool escapes = false;                                                                                              \
    /* An escape may reach six bytes behind the window. */                                                             \
    while (index + WINDOW + 6 <= count) {                                                                              \
        uint64_t special = special_of(bytes + index);                                                                  \
        size_t next = index + WINDOW;                                                                                  \
        while (special != 0) {                                                                                         \
            size_t place = index + (size_t)__builtin_ctzll(special);                                                   \
            if (bytes[place] != '\\') return (text_scan_stop){place, escapes};                                         \
            size_t length = escape_lengths[bytes[place + 1]];                                                          \
            if (length != 2 && (length == 0 || !is_scalar_value(bytes + place)))                                       \
                return (text_scan_stop){place, escapes};                                                               \
            escapes = true;                                                                                            \
            size_t behind = place + length - index;                                                                    \
            if (behind >= WINDOW) {                                                                                    \
                next = index + behind;                                                                                 \
                break;                                                                                                 \
            }                                                                                                          \
            special &= ~(uint64_t)0 << behind;                                                                         \
        }                                                                                                              \
        index = next;                                                                                                  \
    }                                                                                                                  \
    return (text_scan_stop){index, escapes};

INLINE uint64_t special_64(const uint8_t *bytes) {
    return (uint64_t)text_scan_special(bytes) | (uint64_t)text_scan_special(bytes + 16) << 16 |
           (uint64_t)text_scan_special(bytes + 32) << 32 | (uint64_t)text_scan_special(bytes + 48) << 48;
}

#if !defined(__aarch64__)
static bool is_ascii(const uint8_t *bytes, size_t count) {
    uint64_t bits = 0;
    size_t index = 0;
    for (; index + 8 <= count; index += 8) {
        uint64_t word;
        memcpy(&word, bytes + index, 8);
        bits |= word;
    }
    for (; index < count; index++) bits |= bytes[index];
    return (bits & 0x8080808080808080) == 0;
}
#endif

#if defined(__x86_64__) || defined(__aarch64__)
// Validating UTF-8 by three tables: John Keiser and Daniel Lemire, "Validating UTF-8 In Less Than One Instruction Per
// Byte" (2021). Two bytes next to each other are looked up by three of their four halves; each table says of which
// errors the half may be a part, and what all three agree on is one.

enum {
    TOO_SHORT = 1 << 0,   // a lead or ASCII behind a lead
    TOO_LONG = 1 << 1,    // a continuation behind ASCII
    OVERLONG_3 = 1 << 2,  // E0, and less than A0
    TOO_LARGE = 1 << 3,   // F4, and more than 8F; F5 and above
    SURROGATE = 1 << 4,   // ED, and more than 9F
    OVERLONG_2 = 1 << 5,  // C0 and C1
    TOO_LARGE_1000 = 1 << 6,
    OVERLONG_4 = 1 << 6,  // F0, and less than 90
    TWO_CONTINUATIONS = 1 << 7,
    // What the low half of the first byte says nothing of.
    ANY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS,
};

static const uint8_t by_high_half_of_first[16] = {
    // 0xxx: ASCII
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    // 10xx: continuations
    TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
    // 1100, 1101, 1110, 1111: leads
    TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
};

static const uint8_t by_low_half_of_first[16] = {
    ANY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
    ANY | OVERLONG_2,
    ANY,
    ANY,
    ANY | TOO_LARGE,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
    ANY | TOO_LARGE | TOO_LARGE_1000,
    ANY | TOO_LARGE | TOO_LARGE_1000,
};

static const uint8_t by_high_half_of_second[16] = {
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    // 80 to 8F, 90 to 9F, A0 to AF, B0 to BF
    TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
    TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
};

/// The largest bytes with which a block may end: what is larger begins what the block does not end.
static const uint8_t largest_at_the_end[32] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0xF0 - 1, 0xE0 - 1, 0xC0 - 1,
};
#endif

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi")))

AVX2 INLINE __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

AVX2 INLINE uint32_t special_32_avx2(const uint8_t *bytes) {
    __m256i block = load(bytes);
    // As in `text_scan_special`.
    __m256i turned = _mm256_xor_si256(block, _mm256_set1_epi8(0x02));
    __m256i quotes_and_controls = _mm256_cmpeq_epi8(_mm256_min_epu8(turned, _mm256_set1_epi8(0x20)), turned);
    __m256i backslashes = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\\'));
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(quotes_and_controls, backslashes));
}

AVX2 INLINE uint64_t special_64_avx2(const uint8_t *bytes) {
    return (uint64_t)special_32_avx2(bytes) | (uint64_t)special_32_avx2(bytes + 32) << 32;
}

AVX2 static text_scan_stop scan_string_avx2(const uint8_t *bytes, size_t start, size_t count) {
    SCAN_STRING(special_64_avx2)
}

AVX2 INLINE __m256i look_up(const uint8_t *table, __m256i halves) {
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table)), halves);
}

/// What is wrong with 32 bytes, before which others stand; 0 in every byte where nothing is.
AVX2 INLINE __m256i wrong(__m256i block, __m256i before) {
    const __m256i low_half = _mm256_set1_epi8(0x0F);
    __m256i joined = _mm256_permute2x128_si256(before, block, 0x21);
    __m256i first = _mm256_alignr_epi8(block, joined, 15);
    __m256i special = _mm256_and_si256(
        _mm256_and_si256(
            look_up(by_high_half_of_first, _mm256_and_si256(_mm256_srli_epi16(first, 4), low_half)),
            look_up(by_low_half_of_first, _mm256_and_si256(first, low_half))),
        look_up(by_high_half_of_second, _mm256_and_si256(_mm256_srli_epi16(block, 4), low_half)));
    // Behind E0 and above, the byte two further is a continuation; behind F0 and above, the one three further.
    __m256i second_before = _mm256_alignr_epi8(block, joined, 14);
    __m256i third_before = _mm256_alignr_epi8(block, joined, 13);
    __m256i must_continue = _mm256_and_si256(
        _mm256_or_si256(
            _mm256_subs_epu8(second_before, _mm256_set1_epi8(0xE0 - 0x80)),
            _mm256_subs_epu8(third_before, _mm256_set1_epi8(0xF0 - 0x80))),
        _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(must_continue, special);
}

AVX2 static bool is_utf8_wide(const uint8_t *bytes, size_t count) {
    const __m256i largest = load(largest_at_the_end);
    __m256i error = _mm256_setzero_si256(), before = error, open = error;
    size_t index = 0;
    for (; index + 64 <= count; index += 64) {
        __m256i first = load(bytes + index), second = load(bytes + index + 32);
        if (_mm256_movemask_epi8(_mm256_or_si256(first, second)) == 0) {
            error = _mm256_or_si256(error, open);
            open = _mm256_setzero_si256();
        } else {
            error = _mm256_or_si256(error, _mm256_or_si256(wrong(first, before), wrong(second, first)));
            open = _mm256_subs_epu8(second, largest);
        }
        before = second;
    }
    if (index < count) {
        // What the text leaves open is followed by a zero here, and is wrong already.
        uint8_t rest[64] = {0};
        memcpy(rest, bytes + index, count - index);
        __m256i first = load(rest), second = load(rest + 32);
        error = _mm256_or_si256(error, _mm256_or_si256(wrong(first, before), wrong(second, first)));
    } else {
        error = _mm256_or_si256(error, open);
    }
    return _mm256_testz_si256(error, error) != 0;
}
#elif defined(__aarch64__)
INLINE uint8x16_t look_up(const uint8_t *table, uint8x16_t halves) { return vqtbl1q_u8(vld1q_u8(table), halves); }

/// What is wrong with 16 bytes, before which others stand; 0 in every byte where nothing is. As for x86-64.
INLINE uint8x16_t wrong(uint8x16_t block, uint8x16_t before) {
    uint8x16_t first = vextq_u8(before, block, 15);
    uint8x16_t special = vandq_u8(
        vandq_u8(
            look_up(by_high_half_of_first, vshrq_n_u8(first, 4)),
            look_up(by_low_half_of_first, vandq_u8(first, vdupq_n_u8(0x0F)))),
        look_up(by_high_half_of_second, vshrq_n_u8(block, 4)));
    uint8x16_t must_continue = vorrq_u8(
        vqsubq_u8(vextq_u8(before, block, 14), vdupq_n_u8(0xE0 - 0x80)),
        vqsubq_u8(vextq_u8(before, block, 13), vdupq_n_u8(0xF0 - 0x80)));
    return veorq_u8(vandq_u8(must_continue, vdupq_n_u8(0x80)), special);
}

static bool is_utf8_wide(const uint8_t *bytes, size_t count) {
    const uint8x16_t largest = vld1q_u8(largest_at_the_end + 16);
    uint8x16_t error = vdupq_n_u8(0), before = error, open = error;
    size_t index = 0;
    while (index < count) {
        uint8_t rest[64] = {0};
        const uint8_t *blocks = bytes + index;
        if (count - index < 64) {
            // What the text leaves open is followed by a zero here, and is wrong already.
            memcpy(rest, bytes + index, count - index);
            blocks = rest;
        }
        uint8x16_t block[4] = {vld1q_u8(blocks), vld1q_u8(blocks + 16), vld1q_u8(blocks + 32), vld1q_u8(blocks + 48)};
        uint8x16_t all = vorrq_u8(vorrq_u8(block[0], block[1]), vorrq_u8(block[2], block[3]));
        if (vmaxvq_u8(all) < 0x80) {
            error = vorrq_u8(error, open);
            open = vdupq_n_u8(0);
        } else {
            error = vorrq_u8(error, vorrq_u8(wrong(block[0], before), wrong(block[1], block[0])));
            error = vorrq_u8(error, vorrq_u8(wrong(block[2], block[1]), wrong(block[3], block[2])));
            open = vqsubq_u8(block[3], largest);
        }
        before = block[3];
        index += 64;
    }
    return vmaxvq_u8(vorrq_u8(error, open)) == 0;
}
#endif

bool text_scan_is_utf8(const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
    if (HAS_AVX2()) return is_utf8_wide(bytes, count);
#endif
#if defined(__aarch64__)
    return is_utf8_wide(bytes, count);
#else
    return is_ascii(bytes, count);
#endif
}

text_scan_stop text_scan_string(const uint8_t *bytes, size_t start, size_t count) {
#if defined(__x86_64__)
    if (HAS_AVX2()) return scan_string_avx2(bytes, start, count);
#endif
    SCAN_STRING(special_64)
}
