/* SPDX-License-Identifier: ISC */
#include "der.h"

#include <string.h>

#define LONG 0x80u /* of a length: its bytes follow, as many as this says */

/* The bytes of a tag and of its length; 0 where it is spelt otherwise. */
static size_t
read_head(const slu_der *from, size_t *len)
{
	size_t head = 2;

	*len = from->at[1];
	if (*len < LONG)
		return head;
	head += *len & ~LONG;
	if (head < 3 || head > 4 || from->left < head)
		return 0;
	*len = from->at[2];
	if (head == 4)
		*len = *len << 8 | from->at[3];
	return *len < (head == 4 ? 0x100 : LONG) ? 0 : head;
}

bool
slu_der_take(slu_der *from, unsigned char tag, slu_der *out)
{
	size_t head, len;

	if (from->left < 2 || from->at[0] != tag)
		return false;
	head = read_head(from, &len);
	if (head == 0 || len > from->left - head)
		return false;
	*out = (slu_der){ from->at + head, len };
	from->at += head + len;
	from->left -= head + len;
	return true;
}

bool
slu_der_take_u32(slu_der *from, unsigned long *out)
{
	slu_der n;

	if (!slu_der_take(from, SLU_DER_INTEGER, &n) || n.left == 0 ||
	    n.left > 4 || n.at[0] >= 0x80)
		return false;
	*out = 0;
	for (size_t i = 0; i < n.left; i++)
		*out = *out << 8 | n.at[i];
	return true;
}

bool
slu_der_is(const slu_der *d, const void *bytes, size_t len)
{
	return d->left == len && memcmp(d->at, bytes, len) == 0;
}
