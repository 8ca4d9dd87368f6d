/* SPDX-License-Identifier: ISC */
/* base64 is a code as text_code.h has it. */
#include "sluice/base64.h"
#include "text_code.h"

static slu_status
encode(slu_bio **top, size_t columns)
{
	return slu_base64_encode(
	    top, &(slu_base64_options){ .columns = columns });
}

static slu_status
decode(slu_bio **top)
{
	return slu_base64_decode(top, NULL);
}

static unsigned char
plain(unsigned char c)
{
	return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct text_code base64 = { encode, decode, plain };

	text_code_holds(&base64, data, size);
	return 0;
}
