/* SPDX-License-Identifier: ISC */
#include "base64_path.h"

#include "base64_block.h"

#if defined(__GNUC__) && defined(__x86_64__)
#define VECTORS &slu_base64_avx512, &slu_base64_avx2,
#elif defined(__GNUC__) && defined(__AARCH64EL__)
#define VECTORS &slu_base64_neon,
#else
#define VECTORS
#endif

static const slu_base64_path *const paths[] = { VECTORS & slu_base64_block };

#define PATHS (sizeof(paths) / sizeof(paths[0]))

const slu_base64_path *
slu_base64_path_at(size_t i)
{
	for (size_t k = 0; k < PATHS; k++)
		if (paths[k]->usable() && i-- == 0)
			return paths[k];
	return NULL;
}
