#ifndef TEXT_SCAN_H
#define TEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Looks at many bytes of a text at once, with instructions that Swift does not offer. Only tells what is plain and
// sure: everything else, and every error, is left to GatewayJSON's parser, which can do without any of this.
//
// Nothing here reads a byte outside of those that it is given, keeps a pointer, or allocates.

/// Whether `count` bytes are valid UTF-8 (RFC 3629), as far as that can be told quickly.
///
/// True is certain. False says that they are not valid, or that this processor would take as long as anybody else to
/// find out: an x86-64 without AVX2, or any that is neither that nor an ARM of 64 bits, knows ASCII only to be valid.
bool text_scan_is_utf8(const uint8_t *bytes, size_t count);

/// Where `text_scan_string` has stopped.
typedef struct {
    size_t place;
    /// Whether it has gone over an escape.
    bool has_escapes;
} text_scan_stop;

/// Goes on in a JSON string of valid UTF-8, from `start` on over all that is plain and over escapes of one scalar
/// value.
///
/// Stops at the closing quote, and at everything that has to be looked at more closely: a control character, an escape
/// that is wrong or half of a surrogate pair, or fewer than 70 bytes before the end of the text. Where nothing can be
/// gone over it stops at `start`.
text_scan_stop text_scan_string(const uint8_t *bytes, size_t start, size_t count);

/// One bit for each of the 16 bytes, the first the lowest: whether it is a quote, a backslash or a control character.
static inline uint32_t text_scan_special(const uint8_t *block) {
#if defined(__SSE2__)
    __m128i bytes = _mm_loadu_si128((const __m128i *)block);
    // Turning one bit around swaps the quote with the space: it comes to stand right behind the control characters.
    __m128i turned = _mm_xor_si128(bytes, _mm_set1_epi8(0x02));
    __m128i quotes_and_controls = _mm_cmpeq_epi8(_mm_min_epu8(turned, _mm_set1_epi8(0x20)), turned);
    __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(quotes_and_controls, backslashes));
#elif defined(__aarch64__)
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bytes = vld1q_u8(block);
    uint8x16_t quotes_and_controls = vcleq_u8(veorq_u8(bytes, vdupq_n_u8(0x02)), vdupq_n_u8(0x20));
    uint8x16_t special = vorrq_u8(quotes_and_controls, vceqq_u8(bytes, vdupq_n_u8('\\')));
    uint8x16_t bits = vandq_u8(special, vld1q_u8(weights));
    return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
#else
    uint32_t bits = 0;
    for (int index = 0; index < 16; index++) {
        uint8_t byte = block[index];
        bits |= (uint32_t)(byte < 0x20 || byte == '"' || byte == '\\') << index;
    }
    return bits;
#endif
}

/// 16 bytes as two words, of which the lowest byte is the first.
typedef struct {
    uint64_t first;
    uint64_t second;
} text_scan_words;

/// The first `count` of 16 bytes that can be read, and zeros for the others. `count` is at most 16.
static inline text_scan_words text_scan_first(const uint8_t *block, size_t count) {
    static const uint8_t kept[32] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    };
    text_scan_words bytes, mask;
    __builtin_memcpy(&bytes, block, 16);
    __builtin_memcpy(&mask, kept + 16 - count, 16);
    bytes.first &= mask.first;
    bytes.second &= mask.second;
    return bytes;
}

/// Fewer than 16 bytes, and zeros for the others.
static inline text_scan_words text_scan_short(const uint8_t *bytes, size_t count) {
    text_scan_words words = {0, 0};
    if (count >= 8) {
        __builtin_memcpy(&words.first, bytes, 8);
        if (count > 8) {
            __builtin_memcpy(&words.second, bytes + count - 8, 8);
            words.second >>= 8 * (16 - count);
        }
    } else if (count >= 4) {
        uint32_t low, high;
        __builtin_memcpy(&low, bytes, 4);
        __builtin_memcpy(&high, bytes + count - 4, 4);
        words.first = (uint64_t)low | (uint64_t)high << 8 * (count - 4);
    } else if (count > 0) {
        words.first = (uint64_t)bytes[0] | (uint64_t)bytes[count / 2] << 8 * (count / 2) |
                      (uint64_t)bytes[count - 1] << 8 * (count - 1);
    }
    return words;
}

/// The offset of the first quote, backslash or control character from `start` on; `count` where there is none.
static inline size_t text_scan_end_of_plain(const uint8_t *bytes, size_t start, size_t count) {
    size_t index = start;
    for (; index + 16 <= count; index += 16) {
        uint32_t special = text_scan_special(bytes + index);
        if (special != 0) return index + (size_t)__builtin_ctz(special);
    }
    if (index >= count) return count;
    // The rest; where there are 16 bytes, once more together with some that are known to be plain.
    uint32_t special;
    if (count >= 16) {
        special = text_scan_special(bytes + count - 16) >> (index + 16 - count);
    } else {
        text_scan_words rest = text_scan_short(bytes + index, count - index);
        special = text_scan_special((const uint8_t *)&rest) & (((uint32_t)1 << (count - index)) - 1);
    }
    return special != 0 ? index + (size_t)__builtin_ctz(special) : count;
}

#endif
