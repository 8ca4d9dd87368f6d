/* SPDX-License-Identifier: ISC */
#include "near.h"

#include <string.h>

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * The restricted edit distance: rows[i % 3][j] is that of the first i
 * letters of a and the first j of b, and three rows are all it looks at.
 */
static size_t
slips(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][SLU_NEAR_MAX + 1], *row, *above, n;

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		row = rows[i % 3];
		above = rows[(i - 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			n = above[j - 1] + (a[i - 1] != b[j - 1]);
			n = least(n, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				n = least(n, rows[(i - 2) % 3][j - 2] + 1);
			row[j] = n;
		}
	}
	return rows[a_len % 3][b_len];
}

size_t
slu_near(const char *typed, const char *known)
{
	size_t typed_len = strlen(typed), known_len = strlen(known), n;

	if (typed_len > SLU_NEAR_MAX || known_len > SLU_NEAR_MAX)
		return SLU_NEAR_NONE;
	n = slips(typed, typed_len, known, known_len);
	return n <= 1 || n <= typed_len / 3 ? n : SLU_NEAR_NONE;
}
