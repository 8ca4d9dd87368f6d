/* SPDX-License-Identifier: ISC */
#include "bech32.h"

#include <stdint.h>
#include <string.h>

#include "sluice/secret.h"

#define CHECKSUM 6   /* characters */
#define LOWER 0x20u  /* the bit that tells lower from upper case */
#define NONE 0xffu   /* the value of what is none of the characters */
#define CARRY 0xfffu /* bits that wait for their byte or character: 12 */

static const char characters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* All ones where `a` and `b`, which are below 2^31, are the same, else 0. */
static unsigned
same(unsigned a, unsigned b)
{
	return 0u - (((a ^ b) - 1u) >> 31);
}

/* A step of the checksum: a code over GF(32), five bits at a time. */
static uint32_t
step(uint32_t sum, unsigned value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
		0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		sum ^= (0u - (top >> i & 1)) & generator[i];
	return sum;
}

/* A name is no secret, and may have characters in it that have no case. */
static unsigned
in_lower_case(char c)
{
	return (unsigned char)c | (c >= 'A' && c <= 'Z' ? LOWER : 0);
}

/* The checksum covers the name too, in lower case. */
static uint32_t
sum_of_name(const char *name)
{
	uint32_t sum = 1;

	for (const char *c = name; *c != '\0'; c++)
		sum = step(sum, in_lower_case(*c) >> 5);
	sum = step(sum, 0);
	for (const char *c = name; *c != '\0'; c++)
		sum = step(sum, (unsigned char)*c & 31);
	return sum;
}

/* A letter in the case that `name` is in; digits have none. */
static unsigned
in_case(const char *name, unsigned c)
{
	unsigned letter = c >> 6 & 1;

	return c & ~((LOWER & ~(unsigned)name[0]) * letter);
}

/* Every character is gone through, so that the time tells nothing. */
static char
character_of(unsigned value, const char *name)
{
	unsigned c = 0;

	for (unsigned i = 0; i < 32; i++)
		c |= same(i, value) & (unsigned char)characters[i];
	return (char)in_case(name, c);
}

static unsigned
value_of(char c, const char *name)
{
	unsigned value = NONE;

	for (unsigned i = 0; i < 32; i++)
		value ^= (value ^ i) &
			 same((unsigned char)c,
			     in_case(name, (unsigned char)characters[i]));
	return value;
}

static char *
put(char *out, const char *name, uint32_t *sum, unsigned value)
{
	*sum = step(*sum, value);
	*out = character_of(value, name);
	return out + 1;
}

void
slu_bech32_encode(
    char *out, const char *name, const unsigned char *data, size_t len)
{
	uint32_t sum = sum_of_name(name), end;
	unsigned bits = 0, n = 0;

	memcpy(out, name, strlen(name));
	out += strlen(name);
	*out++ = '1';
	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8 | data[i]) & CARRY;
		for (n += 8; n >= 5; n -= 5)
			out = put(out, name, &sum, bits >> (n - 5) & 31);
	}
	if (n > 0)
		out = put(out, name, &sum, bits << (5 - n) & 31);
	end = sum;
	for (int i = 0; i < CHECKSUM; i++)
		end = step(end, 0);
	end ^= 1;
	for (unsigned i = CHECKSUM; i > 0; i--)
		out = put(out, name, &sum, end >> 5 * (i - 1) & 31);
	*out = '\0';
}

const char *
slu_bech32_decode(unsigned char *out, size_t out_len, const char *name,
    const char *text, size_t len)
{
	size_t name_len = strlen(name), at = 0;
	uint32_t sum = sum_of_name(name);
	unsigned bits = 0, n = 0, faults = 0, value;

	memset(out, 0, out_len);
	if (len <= name_len || memcmp(text, name, name_len) != 0 ||
	    text[name_len] != '1')
		return "another kind of key";
	if (len != SLU_BECH32_CHARS(name_len, out_len))
		return "too short or too long";
	for (size_t i = name_len + 1; i < len; i++) {
		value = value_of(text[i], name);
		faults |= value & ~31u;
		sum = step(sum, value & 31);
		if (i >= len - CHECKSUM)
			continue;
		bits = (bits << 5 | (value & 31)) & CARRY;
		n += 5;
		if (n < 8)
			continue;
		n -= 8;
		out[at++] = (unsigned char)(bits >> n);
	}
	/* Bits behind the last byte could hide a second spelling of it. */
	faults |= bits & ((1u << n) - 1);
	if (sum == 1 && faults == 0)
		return NULL;
	slu_wipe(out, out_len);
	return faults ? "a character that does not belong there"
		      : "the checksum does not agree: mistyped?";
}
