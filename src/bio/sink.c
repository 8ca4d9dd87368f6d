/* SPDX-License-Identifier: ISC */
#include "sink.h"

slu_status
slu_sink_push(slu_bio **top, const slu_bio_ops *ops, void **state)
{
	if (*top != NULL)
		return slu_fail(SLU_ERR_USAGE,
		    "%s: the chain has its sink already", ops->name);
	*state = slu_bio_push(top, ops);
	return *state != NULL ? SLU_OK : SLU_ERR_MEMORY;
}
