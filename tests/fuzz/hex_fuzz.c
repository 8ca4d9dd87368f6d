/* SPDX-License-Identifier: ISC */
/* Hexadecimal digits are a code as text_code.h has it; case is free. */
#include <ctype.h>

#include "sluice/hex.h"
#include "text_code.h"

static slu_status
encode(slu_bio **top, size_t columns)
{
	return slu_hex_encode(top, &(slu_hex_options){ .columns = columns,
				       .upper = columns % 2 != 0 });
}

static slu_status
decode(slu_bio **top)
{
	return slu_hex_decode(top, NULL);
}

static unsigned char
plain(unsigned char c)
{
	return (unsigned char)tolower(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct text_code hex = { encode, decode, plain };

	text_code_holds(&hex, data, size);
	return 0;
}
